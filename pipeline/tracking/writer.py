"""Write one record as one MLflow run."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracking.connection import Connection
from pipeline.tracking.record import DIGEST_TAG, KEY_TAG, DatasetUse, Record

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

_METRICS_PER_CALL = 1000  # MLflow refuses larger batches


def write(connection: Connection, experiment_id: str, record: Record) -> str:
    """Create the run of a record and return its id.

    The run stays RUNNING until everything else is written, so one that was cut short can be
    told from a whole one.
    """
    from mlflow.entities import Metric, Param

    client = connection.client
    tags = {**record.tags, **record.provenance, KEY_TAG: record.key, DIGEST_TAG: record.digest}
    run = client.create_run(experiment_id, start_time=record.start, tags=tags, run_name=record.name)
    run_id = str(run.info.run_id)
    params = [Param(name, value) for name, value in record.params.items()]
    metrics = [Metric(p.key, p.value, p.timestamp, p.step) for p in record.metrics]
    client.log_batch(run_id, metrics=metrics[:_METRICS_PER_CALL], params=params)
    for first in range(_METRICS_PER_CALL, len(metrics), _METRICS_PER_CALL):
        client.log_batch(run_id, metrics=metrics[first : first + _METRICS_PER_CALL])
    if record.dataset is not None:
        client.log_inputs(run_id, [_dataset_input(record.dataset)])
    _write_artifacts(connection, run_id, record)
    client.set_terminated(run_id, record.status, record.end)
    return run_id


def _dataset_input(use: DatasetUse) -> DatasetInput:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    source = json.dumps({"name": use.name, "content_hash": use.content_hash})
    dataset = Dataset(
        name=use.name,
        digest=use.content_hash.rpartition(":")[2][:12],
        source_type="knockout",
        source=source,
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _write_artifacts(connection: Connection, run_id: str, record: Record) -> None:
    files = record.artifacts()
    if not files:
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        connection.client.log_artifacts(run_id, folder)
