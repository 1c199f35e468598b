"""What the machine does while a study trains: MLflow's own monitor, in a run of its own.

Two workers share the machine, so that load and memory belong to no single run; and the run
store does not hold them, so that they stand apart from what a sync rebuilds.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pipeline.tracking.records.names import MACHINE, experiment
from pipeline.tracking.records.record import NOTE_TAG, PROJECT_TAG
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import ensure_experiment

_SAMPLE_SECONDS = 5


def wanted() -> bool:
    """Return whether MLflow's switch for system metrics is on."""
    return os.environ.get("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "").lower() in ("true", "1")


@contextmanager
def machine_run(connection: Connection, study: str) -> Iterator[None]:
    """Sample processor, memory, disk and network for a `with` block, where that is wanted."""
    if not wanted():
        yield
        return
    from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

    logging.getLogger("mlflow.system_metrics").setLevel(logging.WARNING)
    client = connection.client
    note = f"Machine: load and memory while study {study} trained, one run per training."
    identifier = ensure_experiment(connection, experiment(study, MACHINE), {NOTE_TAG: note})
    name = f"train {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    # Whose it is: only that project can tell a monitor at work from one that was killed.
    tags = {"study": study, PROJECT_TAG: str(connection.project)}
    run_id = client.create_run(identifier, run_name=name, tags=tags).info.run_id
    monitor = SystemMetricsMonitor(
        run_id, sampling_interval=_SAMPLE_SECONDS, tracking_uri=connection.uri
    )
    monitor.start()
    try:
        yield
    finally:
        monitor.finish()
        client.set_terminated(run_id)
