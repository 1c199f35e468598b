import threading
import time

import pytest

from data_loaders.errors import SourceError
from data_loaders.sources.watch import Watch


def test_the_value_and_the_error_of_a_source_come_through(tmp_path):
    assert Watch().run(lambda: 7, tmp_path) == 7
    with pytest.raises(ZeroDivisionError):
        Watch().run(lambda: 1 // 0, tmp_path)


def test_a_slow_download_is_not_cut_while_it_moves(tmp_path):
    def trickle():
        with (tmp_path / "file").open("wb", buffering=0) as file:
            for _ in range(8):
                time.sleep(0.2)
                file.write(b"x")
        return "done"

    assert Watch(silence_s=1.0, total_s=1.0).run(trickle, tmp_path) == "done"


def test_computing_after_the_last_byte_is_a_sign_of_life(tmp_path):
    def parse():
        end = time.monotonic() + 1.3
        while time.monotonic() < end:
            sum(range(1000))
        return "parsed"

    assert Watch(silence_s=1.0, total_s=1.0).run(parse, tmp_path) == "parsed"


def test_silence_is_counted_over_all_sources_together(tmp_path):
    never = threading.Event()
    watch = Watch(silence_s=0.3, total_s=0.5)
    started = time.monotonic()
    for reason in ("no answer", "no answer", "not tried", "not tried"):
        with pytest.raises(SourceError, match=reason):
            watch.run(never.wait, tmp_path)
    assert time.monotonic() - started < 5
    never.set()


def test_a_trickle_without_end_is_given_up(tmp_path):
    stop = threading.Event()

    def trickle():
        with (tmp_path / "file").open("wb", buffering=0) as file:
            while not stop.wait(0.05):
                file.write(b"x")

    with pytest.raises(SourceError, match=r"not done after 0.5 s"):
        Watch(silence_s=3.0, limit_s=0.5).run(trickle, tmp_path)
    stop.set()
