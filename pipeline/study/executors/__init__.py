"""Where runs are executed: same run, same bytes, whichever executes it.

Read in this order: `task` (one run), `executor` (this machine's), `dask_cluster`.
"""
