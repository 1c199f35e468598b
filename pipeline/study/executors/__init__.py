"""Executors: where runs are executed. Same run, same bytes, whichever executes it."""
