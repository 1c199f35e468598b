"""Why a source failed, in a few words: network libraries nest their errors several deep."""

from __future__ import annotations

import errno
import tempfile

from data_loaders.errors import DataError, SourceError, one_line

# The first one found in the error's text is the reason.
_PLAIN = (
    ("timed out", "no answer in time"),
    ("proxy", "cannot be reached through the proxy"),
    ("name or service", "host name not found"),
    ("name resolution", "host name not found"),
    ("nodename nor servname", "host name not found"),
    ("failed to resolve", "host name not found"),
    ("refused", "connection refused"),
    ("unreachable", "network unreachable"),
    ("incompleteread", "broke off in the middle of the file"),
    ("reset by peer", "broke off the connection"),
    ("max retries", "cannot be reached"),
)


def plain_reason(error: BaseException) -> str:
    """Return one line for an error that a source raised.

    Examples
    --------
    >>> plain_reason(OSError("[Errno 111] Connection refused"))
    'connection refused'
    """
    text = one_line(error)
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        # The system names neither the file nor its disk.
        return f"no room left in {tempfile.gettempdir()} to download to"
    if not isinstance(error, DataError | SourceError):
        status = getattr(getattr(error, "response", None), "status_code", None)
        status = status or getattr(error, "code", None)
        if isinstance(status, int):
            return f"answered with status {status}"
        for mark, plain in _PLAIN:
            if mark in text.lower():
                return plain
    return text
