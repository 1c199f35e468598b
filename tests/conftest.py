"""What all workers of a test session share: each is made once, by the first that asks for it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.small_disk import SmallDisk, mounted


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a folder of the whole session, which a function fills once, whoever comes first."""
    base = tmp_path_factory.getbasetemp()
    # A worker of xdist has a folder of its own inside the session's.
    session = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name: str, fill: Callable[[Path], None]) -> Path:
        done = session / name
        with FileLock(session / f"{name}.lock"):
            if not done.exists():
                begun = session / f"{name}.begun"
                begun.mkdir()
                fill(begun)
                begun.rename(done)
        return done

    return folder


@pytest.fixture(scope="session", autouse=True)
def untracked() -> Iterator[None]:
    """Let studies train without MLflow, whose import and database take seconds each time.

    What is tested of tracking removes the variable.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", "untracked")
        # A developer's own store has no part in a test.
        patch.delenv("KNOCKOUT_STORE", raising=False)
        yield


@pytest.fixture
def tracked(template_database: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return what gives a project's folder a tracking store of its own."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI")

    def give(folder: Path) -> None:
        shutil.copy(template_database, folder / "mlflow.db")

    return give


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 24 MB at `tmp_path / "disk"`."""
    with mounted(tmp_path / "disk", 24) as disk:
        yield disk


@pytest.fixture(scope="session")
def template_database(shared) -> Path:
    """An MLflow database with its schema: building one takes seconds, copying it does not."""
    from pipeline.tracking.store.database import ensure

    def build(folder: Path) -> None:
        ensure(folder / "mlflow.db", str(folder / "mlartifacts"))

    return shared("mlflow", build) / "mlflow.db"
