"""Is everything in order: store, MLflow, data, DVC, environment.

Read in this order: `finding`, `store_checks`, `mlflow_checks`, `doctor` with the other checks.
"""
