"""MLflow tracking: a mirror of the run store that can always be rebuilt from it."""

from pipeline.tracking.connection import Connection, connect
from pipeline.tracking.live import LiveTracking
from pipeline.tracking.mirror import SyncReport
from pipeline.tracking.study_sync import remove_other_datasets, sync

__all__ = [
    "Connection",
    "LiveTracking",
    "SyncReport",
    "connect",
    "remove_other_datasets",
    "sync",
]
