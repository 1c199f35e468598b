"""Write records as MLflow runs: as rows where the database is known, else through the client."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.tracking.records.record import Record
from pipeline.tracking.store import client_calls, database_rows
from pipeline.tracking.store.connection import Connection


def write(connection: Connection, experiment_id: str, records: Sequence[Record]) -> list[str]:
    """Create the runs of these records, in their order, and return their ids."""
    if connection.rows is not None:
        return database_rows.write_records(connection.rows, experiment_id, records)
    return [client_calls.write_record(connection, experiment_id, record) for record in records]
