"""Write one record as one MLflow run through the client: to any server and database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.tracking.records.record import DATASET_CONTEXT, SOURCE_TYPE, Record

if TYPE_CHECKING:
    from mlflow import MlflowClient

_METRICS_PER_CALL = 900  # MLflow refuses calls of more than 1,000 entities


def write_record(
    client: MlflowClient, experiment_id: str, record: Record, origin: Mapping[str, str]
) -> str:
    """Create the run of a record, with further tags on where it came from; return its id.

    The run stays RUNNING until everything else is written, so one that was cut short can be
    told from a whole one.
    """
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param

    tags = {**record.all_tags, **origin}
    run = client.create_run(experiment_id, record.start, tags, record.name)
    run_id = str(run.info.run_id)
    client.log_batch(run_id, params=[Param(name, value) for name, value in record.params.items()])
    metrics = [Metric(p.key, p.value, p.timestamp, p.step) for p in record.metrics]
    for first in range(0, len(metrics), _METRICS_PER_CALL):
        client.log_batch(run_id, metrics=metrics[first : first + _METRICS_PER_CALL])
    if (use := record.dataset) is not None:
        dataset = Dataset(use.name, use.digest, SOURCE_TYPE, use.source)
        client.log_inputs(run_id, [DatasetInput(dataset, [InputTag(*DATASET_CONTEXT)])])
    if record.artifacts:
        for name, text in record.artifacts().items():
            client.log_text(run_id, text, name)
    client.set_terminated(run_id, record.status, record.end)
    return run_id
