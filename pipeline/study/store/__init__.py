"""What is kept: the run store, what its source was, and the tables of it."""
