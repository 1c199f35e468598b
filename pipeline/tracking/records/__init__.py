"""What MLflow is to hold, before anything is written.

Read in this order: `record` (the form of all), `names` and `links`, `metrics`, `run_record`,
`cell_record`, `study_record`; `provenance` says where a run was logged from.
"""
