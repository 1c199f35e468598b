"""Is everything in order: store, MLflow, data, DVC, environment.

Read in this order: `finding`, the checks (`environment_checks`, `mlflow_checks`,
`store_checks`), `doctor`.
"""
