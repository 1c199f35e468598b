"""MLflow tracking: a mirror of the run store that can always be rebuilt from it.

Read in this order: `records` (what MLflow is to hold of a run, a cell, a study), `store` (the
database or server, and how records get there), `registry` (the champion as a model), then
`synced_study` (all of it), `live` (runs as they finish) and `ui`.
"""
