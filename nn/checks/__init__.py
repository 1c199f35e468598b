"""The contract of each kind of component."""
