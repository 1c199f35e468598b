import gzip
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from data_loaders import cache
from data_loaders.arrays import content_hash
from data_loaders.errors import DatasetUnavailableError
from data_loaders.fetch import fetch
from data_loaders.load import load
from data_loaders.readers.idx import IDX_FILES
from data_loaders.registry import REGISTRY
from data_loaders.sources.contact import CONTACT_S
from data_loaders.sources.http_mirror import HttpMirror
from data_loaders.sources.keras_npz import KerasNpz
from data_loaders.sources.local_mirror import LocalMirror
from data_loaders.sources.watch import TOTAL_SILENCE_S, Watch

IMAGES = IDX_FILES["images"]


def reasons(spec, **options):
    with pytest.raises(DatasetUnavailableError) as info:
        fetch(spec.name, spec.sources, spec.check, **options)
    return [reason.split(": ", 1)[1] for reason in info.value.reasons]


def test_a_good_mirror_delivers(describe, serve, files, tiny):
    address, asked = serve(files)
    data = load(describe(LocalMirror(), HttpMirror(address)))
    np.testing.assert_array_equal(data.x, tiny["images"])
    assert sorted(asked) == sorted(IDX_FILES.values())


def another(files):
    """Images of the right form and wrong content."""
    plain = bytearray(gzip.decompress(files[IMAGES]))
    plain[-1] ^= 1
    return gzip.compress(plain)


BAD = {
    "absent": (lambda files: b"", "answered with status 404"),
    "broken off": (lambda files: (files[IMAGES], 500), "broke off in the middle"),
    "cut": (lambda files: files[IMAGES][:-20], "whole gzip file"),
    "a web page": (lambda files: b"<html>log in first</html>", "two zero bytes"),
    "other content": (another, "must have content hash"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_download_is_never_used_nor_kept_and_the_next_source_is_tried(
    describe, serve, files, tiny, fault, monkeypatch, tmp_path
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "working"))
    (tmp_path / "working").mkdir()
    spoil, reason = BAD[fault]
    bad, _ = serve({**files, IMAGES: spoil(files)})
    assert reason in reasons(describe(HttpMirror(bad)))[0]
    assert not cache.cache_folder().exists()
    good, _ = serve(files)
    data = load(describe(HttpMirror(bad), HttpMirror(good)))
    arrays = (data.x, data.y, data.x_test, data.y_test)
    assert content_hash(dict(zip(IDX_FILES, arrays, strict=True))) == content_hash(tiny)
    assert list((tmp_path / "working").iterdir()) == []


def test_a_download_without_room_is_told_as_such_and_kept_nowhere(
    describe, serve, files, small_disk, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk.folder))
    address, _ = serve(files)
    small_disk.leave(4096)
    (reason,) = reasons(describe(HttpMirror(address)))
    assert reason == f"no room left in {small_disk.folder} to download to"
    assert [path.name for path in small_disk.folder.iterdir()] == ["ballast"]
    small_disk.clear()
    assert load(describe(HttpMirror(address))).n_classes == 3


def test_a_file_with_another_hash_stops_the_download_at_once(describe, serve, files):
    address, asked = serve(files)
    source = HttpMirror(address, {"images": "0" * 64})
    assert "does not match the known hash: expected 0000" in reasons(describe(source))[0]
    assert asked == [IMAGES]


def test_a_damaged_local_mirror_leads_to_the_next_source(
    describe, serve, files, tiny, tmp_path, monkeypatch
):
    (tmp_path / "tiny").mkdir()
    for name, content in files.items():
        (tmp_path / "tiny" / name).write_bytes(content[:-3])
    monkeypatch.setenv("KNOCKOUT_DATA_MIRROR", str(tmp_path))
    assert "train-images-idx3-ubyte.gz must be a whole gzip" in reasons(describe(LocalMirror()))[0]
    data = load(describe(LocalMirror(), HttpMirror(serve(files)[0])))
    np.testing.assert_array_equal(data.y, tiny["labels"])


def test_a_closed_port_is_told_at_once(describe, closed_port):
    started = time.monotonic()
    assert (
        reasons(describe(HttpMirror(closed_port), KerasNpz(closed_port)))
        == ["connection refused"] * 2
    )
    assert time.monotonic() - started < 10


def test_servers_that_never_answer_are_waited_for_together(describe, silent_server, serve, files):
    started = time.monotonic()
    good, _ = serve(files)
    load(describe(HttpMirror(silent_server), KerasNpz(silent_server + "x.npz"), HttpMirror(good)))
    assert time.monotonic() - started < 12


def test_servers_that_fall_silent_after_the_first_answer_share_one_bound(describe, serve, files):
    started = time.monotonic()
    sources = [HttpMirror(serve({**files, IMAGES: None})[0]) for _ in range(4)]
    said = reasons(describe(*sources), watch=Watch(silence_s=1.0, total_s=2.0))
    assert 1.9 < time.monotonic() - started < 12
    assert said[:2] == ["no answer for 1 s"] * 2
    assert [reason.startswith("not tried") for reason in said] == [False, False, True, True]


def test_all_waiting_together_stays_below_15_s():
    assert CONTACT_S + TOTAL_SILENCE_S <= 12


PROCESS = """
import threading, time
import requests
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load

started = time.monotonic()
for name in ("mnist", "fashion_mnist"):
    try:
        load(name)
    except DatasetUnavailableError as error:
        print("\\n".join(error.reasons))
print(time.monotonic() - started)
print(all(thread.daemon for thread in threading.enumerate() if thread.name != "MainThread"))
"""


@pytest.mark.parametrize("kind", ["silent_server", "closed_port"])
def test_without_a_network_both_public_datasets_are_given_up_within_15_s(kind, request):
    # Every public address is behind a proxy that refuses, or accepts and never answers.
    proxy = request.getfixturevalue(kind)
    root = str(Path(cache.__file__).parent.parent)
    environment = {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], env=environment, capture_output=True, text=True, check=True
    )
    *said, seconds, only_daemons = done.stdout.splitlines()
    assert float(seconds) < 15
    assert only_daemons == "True", "a thread that hangs would hold up the end of the process"
    assert len(said) == sum(len(REGISTRY[name].sources) for name in ("mnist", "fashion_mnist"))
    assert [line for line in said if "KNOCKOUT_DATA_MIRROR: not set" in line] == [said[0], said[5]]
    told = ("no answer", "refused", "proxy")
    assert all(any(t in line for t in told) for line in said if "not set" not in line)
