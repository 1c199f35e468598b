"""What is kept of runs.

Read in this order: `run_store` (one file per run), `run_index` (what each run is, without reading
it), `sources` (what its source was), `store_lock` (one study at a time), `run_tables` (the plan
joined with the store), `table_file` (how a table is written), `stored_answers` (what the runs
answered), `stored_results` (one run after the other).
"""
