"""MLflow tracking: a mirror of the run store that can always be rebuilt from it."""

from pipeline.tracking.champion import Registered, register_champion
from pipeline.tracking.connection import Connection, connect
from pipeline.tracking.live import LiveTracking
from pipeline.tracking.mirror import SyncReport
from pipeline.tracking.server import serve_ui
from pipeline.tracking.study_sync import clear_leftovers, remove_other_datasets, sync, sync_champion

__all__ = [
    "Connection",
    "LiveTracking",
    "Registered",
    "SyncReport",
    "clear_leftovers",
    "connect",
    "register_champion",
    "remove_other_datasets",
    "serve_ui",
    "sync",
    "sync_champion",
]
