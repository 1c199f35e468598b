"""The tracking database or server: opened, read, and made to hold exactly the given records.

Read in this order: `address`, `database`, `written_runs`, `connection`, `experiments` (with the
runs that are there).
"""
