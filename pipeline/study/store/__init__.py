"""What is kept of runs.

Read in this order: `run_store` (one file per run), `stored_runs` (what each run is, and its result,
when asked), `run_tables` (the plan joined with the store), `table_file` (how a table is written).
"""
