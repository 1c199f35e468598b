import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from data_loaders import cache
from data_loaders.arrays import content_hash


@pytest.fixture
def stored(tmp_path, tiny):
    """A cache with the tiny dataset in it: (folder, hash, entry)."""
    expected = content_hash(tiny)
    cache.write(tmp_path, "tiny", expected, tiny)
    return tmp_path, expected, cache.entry(tmp_path, "tiny", expected)


def test_what_was_written_is_mapped_read_only(stored, tiny):
    arrays = cache.read(stored[0], "tiny", stored[1])
    assert content_hash(arrays) == content_hash(tiny)
    assert isinstance(arrays["images"].base, np.memmap)
    assert not arrays["images"].flags.writeable
    assert cache.verify(stored[0], "tiny", stored[1]) == "good"


def test_an_empty_cache_holds_nothing(tmp_path):
    assert cache.read(tmp_path, "tiny", "0" * 64) is None
    assert cache.verify(tmp_path, "tiny", "0" * 64) == "absent"


def cut(entry):
    content = (entry / "images.npy").read_bytes()
    (entry / "images.npy").write_bytes(content[:-1])


def change_shape(entry):
    np.save(entry / "labels.npy", np.zeros((60, 1), np.uint8))


def forge_manifest(entry):
    manifest = json.loads((entry / "manifest.json").read_text())
    (entry / "manifest.json").write_text(json.dumps({**manifest, "content_hash": "0"}))


DAMAGES = {
    "cut": cut,
    "another shape": change_shape,
    "forged": forge_manifest,
    "empty file": lambda entry: (entry / "images.npy").write_bytes(b""),
    "missing file": lambda entry: (entry / "test_labels.npy").unlink(),
    "missing manifest": lambda entry: (entry / "manifest.json").unlink(),
    "half a manifest": lambda entry: (entry / "manifest.json").write_text('{"arrays": {'),
    "a list": lambda entry: (entry / "manifest.json").write_text("[]"),
    "no arrays": lambda entry: (entry / "manifest.json").write_text(
        json.dumps({"content_hash": entry.name, "arrays": {}})
    ),
    "objects": lambda entry: np.save(
        entry / "images.npy", np.array([{}], object), allow_pickle=True
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_deleted_and_can_be_written_anew(stored, tiny, damage):
    root, expected, entry = stored
    DAMAGES[damage](entry)
    assert cache.read(root, "tiny", expected) is None
    assert list(entry.parent.iterdir()) == []
    cache.write(root, "tiny", expected, tiny)
    assert cache.verify(root, "tiny", expected) == "good"


def test_a_changed_value_is_found_by_verify_and_deleted(stored):
    root, expected, entry = stored
    content = bytearray((entry / "images.npy").read_bytes())
    content[-1] ^= 1
    (entry / "images.npy").write_bytes(content)
    assert cache.read(root, "tiny", expected) is not None
    assert cache.verify(root, "tiny", expected) == "damaged"
    assert cache.verify(root, "tiny", expected) == "absent"


def test_a_cache_without_room_keeps_nothing_half_and_the_data_in_memory(tiny, small_disk):
    small_disk.leave(4096)
    with pytest.warns(RuntimeWarning, match="No space left.*held in memory now"):
        kept = cache.keep(small_disk.folder, "tiny", content_hash(tiny), tiny)
    assert content_hash(kept) == content_hash(tiny)
    assert [p.name for p in small_disk.folder.rglob("*") if p.is_file()] == ["ballast"]
    small_disk.clear()
    cache.keep(small_disk.folder, "tiny", content_hash(tiny), tiny)
    assert cache.verify(small_disk.folder, "tiny", content_hash(tiny)) == "good"


def test_leftovers_of_killed_processes_are_swept_when_old(stored, tiny):
    root, _, entry = stored
    old, fresh = entry.parent / ".new-old", entry.parent / ".new-fresh"
    for folder in (old, fresh):
        folder.mkdir()
    os.utime(old, (0, 0))
    cache.write(root, "tiny", "f" * 64, tiny)
    assert not old.exists()
    assert fresh.exists()


def test_readers_writers_and_deleters_never_see_half_an_entry(tmp_path, tiny):
    expected = content_hash(tiny)
    seen, faults = [], []

    def work(number):
        try:
            for _ in range(15):
                if number == 0:
                    cache.discard(cache.entry(tmp_path, "tiny", expected))
                else:
                    cache.write(tmp_path, "tiny", expected, tiny)
                arrays = cache.read(tmp_path, "tiny", expected)
                seen.append(arrays is None or content_hash(arrays) == expected)
        except FileNotFoundError as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 60
    assert all(seen)
    assert faults == []


PROCESS = """
import sys
from pathlib import Path
from data_loaders.load import load
from data_loaders.known import KnownDataset
from data_loaders.sources.local_mirror import LocalMirror

spec = KnownDataset("tiny", sys.argv[1], ("a", "b", "c"), (LocalMirror(),))
print(load(spec).x.sum())
"""


def test_several_processes_fill_one_cache_at_once(tmp_path, tiny, files):
    (tmp_path / "tiny").mkdir()
    for name, content in files.items():
        (tmp_path / "tiny" / name).write_bytes(content)
    expected = content_hash(tiny)
    environment = {
        **os.environ,
        "KNOCKOUT_DATA_MIRROR": str(tmp_path),
        "PYTHONPATH": str(Path(cache.__file__).parent.parent),
    }
    command = [sys.executable, "-c", PROCESS, expected]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {process.communicate(timeout=60)[0].strip() for process in running}
    assert answers == {str(tiny["images"].sum())}
    entry = cache.entry(cache.cache_folder(), "tiny", expected)
    assert list(entry.parent.iterdir()) == [entry]


def test_the_cache_is_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("KNOCKOUT_CACHE", "~/elsewhere")
    assert cache.cache_folder() == Path.home() / "elsewhere"
    monkeypatch.delenv("KNOCKOUT_CACHE")
    assert cache.cache_folder().name == "knockout"
