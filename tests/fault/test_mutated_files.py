"""Files of every kind with flipped, cut, repeated bytes: refused in one line, or whole.

`make fault` tries `KNOCKOUT_MUTATIONS` of each of fifteen kinds: 45,000 unless it is set.
"""

import shutil
from pathlib import Path

import pytest

from tests.fault import data_files, mlflow_database, own_files
from tests.mutations import MANY, Kind

FEW = 40
KINDS = data_files.KINDS | own_files.KINDS


@pytest.fixture
def database(template_database: Path, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """MLflow's database; one that is unusable is made anew, which takes seconds, by a copy."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    monkeypatch.setattr(
        "pipeline.tracking.store.database._build_schema",
        lambda target, root: shutil.copy(template_database, target),
    )
    return mlflow_database.kind(template_database)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_refused_in_one_line_or_is_whole(kind: str) -> None:
    KINDS[kind].is_refused_in_one_line_or_whole(FEW)


def test_a_mutated_database_is_made_anew_or_costs_one_line(database: Kind) -> None:
    database.is_refused_in_one_line_or_whole(FEW // 4)


@pytest.mark.fault
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_mutated_files(kind: str) -> None:
    KINDS[kind].is_refused_in_one_line_or_whole(MANY)


@pytest.mark.fault
@pytest.mark.timeout(7200)
def test_thousands_of_mutated_databases(database: Kind) -> None:
    database.is_refused_in_one_line_or_whole(MANY)
