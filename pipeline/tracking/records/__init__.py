"""What MLflow is to hold, before anything is written.

Read in this order: `names`, `record` (the form of all), `run_record`, `cell_record`,
`study_record`, and `ready_view`, what a reader of the UI meets.
"""
