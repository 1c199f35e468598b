"""The run store: whole results or none."""

from pathlib import Path

import numpy as np
import pytest

from experiments.run.outputs import compact
from experiments.run.result import RunResult
from pipeline.study.store.run_store import RunStore
from tests.small_disk import SmallDisk


@pytest.fixture
def result() -> RunResult:
    labels = np.arange(20, dtype=np.uint8) % 10
    return RunResult(
        run_key="ab" + "0" * 30,
        status="ok",
        reason="",
        identity={"recipe": {"hidden": [3]}, "replicate": 1},
        metrics={"test_accuracy": 0.95, "best_epoch": float("nan")},
        history={"epoch": [1, 2], "val_loss": [0.5, 0.25]},
        labels=labels,
        outputs=compact(np.eye(10)[labels[::-1]] * 0.91 + 0.009),
        test_index=np.arange(20),
    )


def test_what_is_put_is_got(tmp_path: Path, result: RunResult) -> None:
    store = RunStore(tmp_path)
    store.put(result)
    got = store.get(result.run_key)
    assert got is not None
    assert result.run_key in store
    assert got.history == result.history
    assert got.metrics["test_accuracy"] == 0.95
    assert np.isnan(got.metrics["best_epoch"])
    np.testing.assert_array_equal(got.correct, result.correct)
    np.testing.assert_array_equal(got.test_index, result.test_index)


def test_a_run_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert RunStore(tmp_path).get("0" * 32) is None


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "foreign", "renamed"])
def test_a_damaged_run_is_deleted_and_not_believed(
    tmp_path: Path, result: RunResult, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = RunStore(tmp_path)
    store.put(result)
    path, key = store.path(result.run_key), result.run_key
    content = path.read_bytes()
    if damage == "renamed":
        key = "cd" + "0" * 30
        path = store.path(key)
        path.parent.mkdir()
    changed = {
        "cut": content[:-10],
        "flip": content[:200] + bytes([content[200] ^ 1]) + content[201:],
        "empty": b"",
        "foreign": b"hello\nworld",
        "renamed": content,
    }
    path.write_bytes(changed[damage])
    assert store.get(key) is None
    assert not path.exists()
    assert f"{path} was damaged, and deleted" in capsys.readouterr().err


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    from pipeline import atomic

    path = tmp_path / "file.txt"
    atomic.write_text(path, "old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        atomic.write_with(path, fail)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_a_full_disk_is_named_and_leaves_nothing_half_written(small_disk: SmallDisk) -> None:
    from pipeline import atomic

    path = small_disk.folder / "file"
    atomic.write_bytes(path, b"x" * 1000)
    small_disk.leave(32_768)
    with pytest.raises(OSError, match=r"free some room and run again.*file'$"):
        atomic.write_bytes(path, b"y" * 100_000)
    assert path.read_bytes() == b"x" * 1000
    assert {p.name for p in small_disk.folder.iterdir()} == {"file", "ballast"}
    atomic.write_bytes(path, b"z" * 2000)


def test_a_file_in_a_cache_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    """DVC may hard-link outs to its read-only cache."""
    from pipeline import atomic

    cached, out = tmp_path / "cached", tmp_path / "out"
    cached.write_text("cached")
    cached.chmod(0o444)
    out.hardlink_to(cached)
    atomic.write_text(out, "new")
    assert (cached.read_text(), out.read_text()) == ("cached", "new")
