"""What MLflow is to hold, before anything is written.

Read in this order: `record` (the form of all), `names`, `metrics`, `run_record`, `cell_record`,
`study_record`, and `ready_view`, what a reader of the UI meets.
"""
