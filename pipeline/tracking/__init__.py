"""MLflow tracking: a mirror of the run store that can always be rebuilt from it.

Read in this order: `records` (what MLflow is to hold of a run, a cell, a study), `store` (the
database or server, and how records get there), `views` (what a reader meets), `registry` (the
champion as a model), then `synced_study` (all of it), `live` (runs as they finish),
`machine_metrics` and `ui`.
"""

from pipeline.tracking.live import LiveTracking
from pipeline.tracking.registry.register import Registered
from pipeline.tracking.store.connection import Connection, connect, is_queued_copy
from pipeline.tracking.store.synced_experiment import SyncReport
from pipeline.tracking.synced_study import (
    clear_leftovers,
    remove_other_datasets,
    sync,
    sync_champion,
    sync_study,
)
from pipeline.tracking.ui import serve_ui

__all__ = [
    "Connection",
    "LiveTracking",
    "Registered",
    "SyncReport",
    "clear_leftovers",
    "connect",
    "is_queued_copy",
    "remove_other_datasets",
    "serve_ui",
    "sync",
    "sync_champion",
    "sync_study",
]
