"""Write one record as one MLflow run through the client: to any server and database."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracking.records.record import DatasetUse, Record
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.artifacts import write_files, write_folder
from pipeline.tracking.store.connection import Connection

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

_METRICS_PER_CALL = 900  # MLflow refuses calls of more than 1,000 entities


def write_record(connection: Connection, experiment_id: str, record: Record) -> str:
    """Create the run of a record and return its id.

    The run stays RUNNING until everything else is written, so one that was cut short can be
    told from a whole one.
    """
    from mlflow.entities import Metric, Param

    client = connection.client
    run = client.create_run(
        experiment_id, start_time=record.start, tags=record.all_tags, run_name=record.name
    )
    run_id = str(run.info.run_id)
    params = [Param(name, value) for name, value in record.params.items()]
    metrics = [Metric(p.key, p.value, p.timestamp, p.step) for p in record.metrics]
    client.log_batch(run_id, metrics=metrics[:_METRICS_PER_CALL], params=params)
    for first in range(_METRICS_PER_CALL, len(metrics), _METRICS_PER_CALL):
        client.log_batch(run_id, metrics=metrics[first : first + _METRICS_PER_CALL])
    if record.dataset is not None:
        client.log_inputs(run_id, [_dataset_input(record.dataset)])
    if files := record.artifacts():
        folder = local_folder(str(run.info.artifact_uri))
        if folder is not None:
            write_folder(folder, files)
        else:
            with tempfile.TemporaryDirectory() as name:
                write_files(Path(name), files)
                client.log_artifacts(run_id, name)
    client.set_terminated(run_id, record.status, record.end)
    return run_id


def _dataset_input(use: DatasetUse) -> DatasetInput:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    dataset = Dataset(
        name=use.name, digest=use.digest, source_type=use.source_type, source=use.source
    )
    return DatasetInput(dataset, [InputTag(*use.context)])
