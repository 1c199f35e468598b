"""Is everything in order: store, MLflow, data cache, DVC, environment."""
