"""Write records as MLflow runs: as rows of its SQLite schema, or through its client.

Through the client, which any server and database takes, one run takes nearly sixty statements in
nine transactions, 30 ms of a processor; its rows take a thirtieth of that. The rows are those that
the client would write (a test compares what a reader gets), and only for the schema that is known.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pipeline.tracking.records.record import DatasetUse, Record
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.database import opened

if TYPE_CHECKING:
    from mlflow import MlflowClient

_PER_CALL = 1000  # entities; MLflow refuses calls of more
_CONTEXT = ("mlflow.data.context", "training")
# The columns that are written, table by table.
_INSERT = {
    "runs": (
        "run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, "
        "end_time, source_version, lifecycle_stage, artifact_uri, experiment_id"
    ),
    "tags": "key, value, run_uuid",
    "params": "key, value, run_uuid",
    "metrics": "key, value, timestamp, step, is_nan, run_uuid",
    "latest_metrics": "key, value, timestamp, step, is_nan, run_uuid",
    "datasets": "dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source",
    "inputs": "input_uuid, source_type, source_id, destination_type, destination_id, step",
    "input_tags": "input_uuid, name, value",
}
_Row = tuple[str | int | float, ...]


def call_client(
    client: MlflowClient, experiment_id: str, record: Record, origin: Mapping[str, str]
) -> str:
    """Create the run of a record, with further tags on where it came from; return its id.

    The run stays RUNNING until everything else is written, so one that was cut short can be
    told from a whole one.
    """
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param

    tags = {**record.all_tags, **origin}
    run_id = str(client.create_run(experiment_id, record.start, tags, record.name).info.run_id)
    params = [Param(name, value) for name, value in record.params.items()]
    metrics = [Metric(*point) for point in record.metrics]
    first = _PER_CALL - len(params)
    client.log_batch(run_id, metrics[:first], params)
    for start in range(first, len(metrics), _PER_CALL):
        client.log_batch(run_id, metrics[start : start + _PER_CALL])
    if record.dataset is not None:
        dataset = Dataset(*record.dataset.described)
        client.log_inputs(run_id, [DatasetInput(dataset, [InputTag(*_CONTEXT)])])
    for name, text in record.artifacts().items() if record.artifacts else ():
        client.log_text(run_id, text, name)
    client.set_terminated(run_id, record.status, record.end)
    return run_id


def write_rows(
    database: Path, experiment_id: str, records: Sequence[Record], origin: Mapping[str, str]
) -> list[str]:
    """Create the runs of these records, all or none, with further tags; return their ids.

    Files follow the rows: a run whose folder is missing was cut short, and a sync finds it.
    """
    experiment, ids = int(experiment_id), [_new_id() for _ in records]
    with closing(opened(database, "rw")) as connection:
        # Safe against a process that dies; what a power cut may take, a sync writes again.
        connection.execute("pragma synchronous=normal")
        connection.execute("pragma foreign_keys=on")
        # The index of metrics is read and written all over: 32 MB of its pages stay in memory.
        connection.execute("pragma cache_size=-32000")
        with connection:
            connection.execute("begin immediate")
            query = "select artifact_location from experiments where experiment_id = ?"
            ((location,),) = connection.execute(query, (experiment,))
            addresses = [f"{location}/{run_id}/artifacts" for run_id in ids]
            uses = {record.dataset for record in records}
            datasets = {use: _dataset(connection, experiment, use) if use else "" for use in uses}
            written = [
                _rows(run_id, record, origin, (address, experiment), datasets[record.dataset])
                for run_id, address, record in zip(ids, addresses, records, strict=True)
            ]
            for table in written[0]:
                # The same row of each run after the other: indexes begin with the key, so that a
                # batch touches their pages once, and a run's rows keep their order, in which the
                # UI shows them.
                side_by_side = zip_longest(*(rows[table] for rows in written))
                ordered = (row for each in side_by_side for row in sorted(filter(None, each)))
                _insert(connection, table, ordered)
    for address, record in zip(addresses, records, strict=True):
        if record.artifacts and (folder := local_folder(address)) is not None:
            _write_folder(folder, record.artifacts())
    return ids


def _rows(
    run_id: str, record: Record, origin: Mapping[str, str], place: _Row, dataset: str
) -> dict[str, list[_Row]]:
    """Return the rows of one record, table by table, the run's own first.

    Takes the run's artifacts and experiment as `place`, and the id of its dataset or nothing.
    """
    tags = {**record.all_tags, **origin, "mlflow.runName": record.name}
    # Each different point once; NaN is kept as 0 with a flag, as MLflow does.
    points = dict.fromkeys(
        (key, 0.0 if math.isnan(value) else value, timestamp, step, math.isnan(value), run_id)
        for key, value, timestamp, step in record.metrics
    )
    # Of a metric's points the latest step counts, then the latest time, then the largest value.
    latest = {point[0]: point for point in points}
    latest |= {point[0]: point for point in sorted(points, key=lambda p: (p[3], p[2], p[1]))}
    use, of_run = _new_id(), ("DATASET", dataset, "RUN", run_id, 0)
    return {
        "runs": [
            (run_id, record.name, "UNKNOWN", "", "", "unknown", record.status, record.start,
             record.end, "", "active", *place)
        ],
        "tags": [(key, value, run_id) for key, value in tags.items()],
        "params": [(key, value, run_id) for key, value in record.params.items()],
        "metrics": list(points),
        "latest_metrics": list(latest.values()),
        "inputs": [(use, *of_run)] if dataset else [],
        "input_tags": [(use, *_CONTEXT)] if dataset else [],
    }  # fmt: skip


def _new_id() -> str:
    """Return an id of 32 hex digits that begins with the time: new ones lie together in indexes."""
    return f"{time.time_ns() // 1_000_000:012x}{uuid4().hex[12:]}"


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[_Row]) -> None:
    marks = ", ".join("?" * (_INSERT[table].count(",") + 1))
    connection.executemany(f"insert into {table} ({_INSERT[table]}) values ({marks})", rows)


def _dataset(connection: sqlite3.Connection, experiment: int, use: DatasetUse) -> str:
    """Return the id of a dataset in an experiment, which has it once."""
    row = (experiment, *use.described)
    query = "select dataset_uuid from datasets where experiment_id = ? and name = ? and digest = ?"
    for (known,) in connection.execute(query, row[:3]):
        return str(known)
    identifier = _new_id()
    _insert(connection, "datasets", [(identifier, *row)])
    return identifier


def _write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make `folder` hold these files; it appears whole, so a missing one tells of a cut."""
    begun = folder.with_name(f"{folder.name}.new")
    begun.mkdir(parents=True)
    for name, text in files.items():
        (begun / name).write_text(text, encoding="utf-8")
    begun.replace(folder)
