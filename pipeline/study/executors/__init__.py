"""Executors: where runs are executed. Same run, same bytes, whichever executes it.

Read in this order: `executor` (what each of them is), `machine` (how many at a time, one BLAS
thread each), `task` (one run), `processes`, `dask_task` and `dask_cluster`.
"""
