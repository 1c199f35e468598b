import pytest
import requests

from data_loaders.errors import DataError, SourceError
from data_loaders.sources.reasons import plain_reason

RESOLVE = (
    "HTTPSConnectionPool: Max retries exceeded (Caused by NameResolutionError: Failed to resolve)"
)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.ConnectionError(RESOLVE), "host name not found"),
        (requests.ReadTimeout("Read timed out. (read timeout=4)"), "no answer in time"),
        (ConnectionRefusedError(111, "Connection refused"), "connection refused"),
        (OSError(101, "Network is unreachable"), "network unreachable"),
        (ValueError("x must hold\n  bytes"), "x must hold bytes"),
        (DataError("x must hold\n  bytes"), r"x must hold\n bytes"),
        (SourceError("not set"), "not set"),
        (ValueError(), "ValueError"),
    ],
)
def test_an_error_is_said_in_one_plain_line(error, reason):
    assert plain_reason(error) == reason


def test_a_status_is_named_and_a_long_text_is_cut():
    response = requests.Response()
    response.status_code = 503
    assert plain_reason(requests.HTTPError("x", response=response)) == "answered with status 503"
    assert len(plain_reason(ValueError("y" * 1000))) == 300
