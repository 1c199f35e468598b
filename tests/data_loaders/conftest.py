"""Small datasets, and web servers that behave well and badly."""

import gzip
import os
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from data_loaders.arrays import Arrays, content_hash
from data_loaders.known import KnownDataset
from data_loaders.readers.idx import IDX_FILES

_MIRROR = os.environ.get("KNOCKOUT_DATA_MIRROR")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, mirror or cache of the machine reaches a test."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("KNOCKOUT_DATA_MIRROR", raising=False)
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def real_mirror(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the real MNIST and Fashion-MNIST files."""
    if not _MIRROR:
        pytest.skip("KNOCKOUT_DATA_MIRROR is not set")
    folder = Path(_MIRROR).resolve()
    monkeypatch.setenv("KNOCKOUT_DATA_MIRROR", str(folder))
    return folder


@pytest.fixture
def tiny() -> Arrays:
    """Sixty training and twenty test images of three classes."""
    rng = np.random.default_rng(5)
    return {
        "images": rng.integers(0, 256, (60, 6, 5), np.uint8),
        "labels": (np.arange(60) % 3).astype(np.uint8),
        "test_images": rng.integers(0, 256, (20, 6, 5), np.uint8),
        "test_labels": (np.arange(20) % 3).astype(np.uint8),
    }


@pytest.fixture
def describe(tiny: Arrays) -> Callable[..., KnownDataset]:
    """Make the spec of the tiny dataset, with the sources given."""
    return lambda *sources: KnownDataset("tiny", content_hash(tiny), ("a", "b", "c"), sources)


@pytest.fixture
def encode() -> Callable[[np.ndarray], bytes]:
    """Encode an array as a plain IDX file."""

    def encoded(array: np.ndarray) -> bytes:
        sizes = np.array(array.shape, ">u4").tobytes()
        return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()

    return encoded


@pytest.fixture
def files(tiny: Arrays, encode: Callable[[np.ndarray], bytes]) -> dict[str, bytes]:
    """The four canonical files of the tiny dataset."""
    return {file: gzip.compress(encode(tiny[part])) for part, file in IDX_FILES.items()}


class _Handler(BaseHTTPRequestHandler):
    """Serves the server's files; `None` hangs, a pair (bytes, n) breaks off after n bytes."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.server.asked.append(path)  # type: ignore[attr-defined]
        content = self.server.files.get(path, b"")  # type: ignore[attr-defined]
        if content is None:
            self.server.released.wait(60)  # type: ignore[attr-defined]
            return
        if content == b"":
            self.send_error(404)
            return
        content, sent = content if isinstance(content, tuple) else (content, len(content))
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def serve() -> Iterator[Callable[[dict], tuple[str, list[str]]]]:
    """Start a web server with the files given; returns its address and what it was asked for."""
    servers = []

    def start(content: dict) -> tuple[str, list[str]]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        server.files, server.asked = content, []  # type: ignore[attr-defined]
        server.released = threading.Event()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/", server.asked  # type: ignore[attr-defined]

    yield start
    for server in servers:
        server.released.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.fixture
def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}/"
