"""One run: its recipe, its identity, its execution and its result."""
