import time

from data_loaders.sources.contact import Knocks


def test_an_answer_of_any_kind_is_an_answer(serve):
    address, _ = serve({})
    assert Knocks([address + "no/such/file"], wait_s=5).failure(address + "other") is None


def test_a_closed_port_says_so(closed_port):
    assert Knocks([closed_port], wait_s=5).failure(closed_port) == "connection refused"


def test_one_wait_tells_for_all_silent_servers(silent_server, serve):
    good, _ = serve({})
    started = time.monotonic()
    knocks = Knocks([silent_server, silent_server + "x", good], wait_s=1.5)
    assert knocks.failure(good) is None
    assert time.monotonic() - started < 1.5
    assert knocks.failure(silent_server) is not None
    assert knocks.failure(silent_server + "x").startswith("no answer")
    assert time.monotonic() - started < 4
