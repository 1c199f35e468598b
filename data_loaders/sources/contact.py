"""Knock at all web sources at once: without a network, one wait tells for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from data_loaders.sources.reasons import plain_reason

CONTACT_S = 4.0


def _server(address: str) -> str:
    return urlsplit(address).netloc


class Knocks:
    """One request for headers per server, all sent at construction, in daemon threads.

    A look-up of a host name cannot be interrupted and may take 10 s and more; a daemon thread
    can be left to it, and does not hold up the end of the process.

    Parameters
    ----------
    addresses : iterable of str
        Web addresses; each server is asked once.
    wait_s : float
        How long all of them together are waited for, counted from now.
    """

    def __init__(self, addresses: Iterable[str], *, wait_s: float = CONTACT_S) -> None:
        import requests

        self._requests = requests
        self._wait_s, self._deadline = wait_s, time.monotonic() + wait_s
        self._failures: dict[str, str] = {}
        self._threads: dict[str, threading.Thread] = {}
        for address in addresses:
            if _server(address) not in self._threads:
                thread = threading.Thread(target=self._knock, args=(address,), daemon=True)
                self._threads[_server(address)] = thread
                thread.start()

    def _knock(self, address: str) -> None:
        try:
            # Any status is an answer; whether the file is there shows when it is fetched.
            self._requests.head(address, timeout=self._wait_s).close()
        except Exception as error:
            self._failures[_server(address)] = plain_reason(error)

    def failure(self, address: str) -> str | None:
        """Return why a server does not answer, or None when it does; waits at most to the end."""
        server = _server(address)
        self._threads[server].join(max(0.0, self._deadline - time.monotonic()))
        if self._threads[server].is_alive():
            return f"no answer within {self._wait_s:g} s"
        return self._failures.get(server)
