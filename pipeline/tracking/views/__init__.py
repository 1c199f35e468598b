"""What a reader meets in MLflow's UI: `ready_view` (columns and order), `charts`."""
