"""Save and load networks: weights in the safetensors format, architecture as JSON inside.

The format is a little-endian uint64 with the header's length, the header in JSON (dtype, shape
and byte range of each array, and free text under ``__metadata__``), then the bytes. Reading it
executes nothing: a layer that is not the library's is only named, by import path, and its class
must be handed to ``load``. The format knows no checksum, so that one stands among the free text:
a changed bit anywhere is refused. Source: https://github.com/huggingface/safetensors, section
Format.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from nn.activations import ACTIVATIONS
from nn.layers import LAYERS, Layer
from nn.network import Network

_DTYPES: dict[str, np.dtype] = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8")}
_KEY = "knockout.architecture"
_CHECKSUM = "knockout.sha256"
# What a file can raise whose checksum is right and whose content is not a network.
_DAMAGE = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError)
_KINDS: dict[str, type[Layer]] = {**LAYERS, **ACTIVATIONS}


class DamagedFileError(ValueError):
    """The file is not a network saved by this library, or not whole any more."""


def save(network: Network, path: str | Path) -> None:
    """Write `network` to `path`, replacing a file of that name only when all is written."""
    arrays = network.named_arrays()
    code = {dtype: name for name, dtype in _DTYPES.items()}[network.dtype.newbyteorder("<")]
    text = json.dumps(architecture(network))
    metadata = {_KEY: text, _CHECKSUM: _checksum(text, arrays)}
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, value in arrays.items():
        start, end = end, end + value.nbytes
        header[name] = {"dtype": code, "shape": list(value.shape), "data_offsets": [start, end]}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    content = [np.ascontiguousarray(v, _DTYPES[code]).tobytes() for v in arrays.values()]
    _replace(Path(path), b"".join([len(head).to_bytes(8, "little"), head, *content]))


def load(path: str | Path, *, layers: Iterable[type[Layer]] = ()) -> Network:
    """Return the network saved at `path`.

    Parameters
    ----------
    path : path-like
    layers : iterable of Layer classes
        Those of your own that the network may hold; nothing else is imported or run.

    Raises
    ------
    DamagedFileError
        If the file was not written by ``save`` or is cut, altered or inconsistent.
    """
    path = Path(path)
    try:
        header, content = _split(path.read_bytes())
        metadata = header.pop("__metadata__")
        arrays = _arrays(header, content)
        # Before a layer is built: damaged options could ask for anything.
        if metadata[_CHECKSUM] != _checksum(metadata[_KEY], arrays):
            raise ValueError("its content does not have the checksum that it was saved with")
        network = build(json.loads(metadata[_KEY]), layers=layers)
        own = network.named_arrays()
        shapes = {name: value.shape for name, value in own.items()}
        if {name: value.shape for name, value in arrays.items()} != shapes:
            raise ValueError(f"its arrays are {sorted(arrays)}, not {sorted(own)}")
        for name, value in arrays.items():
            own[name][...] = value
    except _DAMAGE as error:
        raise DamagedFileError(
            f"{path} — must be a network saved by nn.save — {type(error).__name__}: {error}. "
            "Save it again."
        ) from error
    return network


def architecture(network: Network) -> dict[str, Any]:
    """Return what is needed to build an equal network, as JSON types."""
    return {
        "n_inputs": network.n_inputs,
        "batch_size": network.batch_size,
        "dtype": network.dtype.name,
        "layers": [{"kind": _name(type(layer)), **layer.options()} for layer in network.layers],
    }


def build(description: dict[str, Any], *, layers: Iterable[type[Layer]] = ()) -> Network:
    """Return a network with the given architecture and placeholder weights, for inference.

    Raises
    ------
    ValueError
        If it has a layer that is neither the library's nor among `layers`.
    """
    kinds = {_name(kind): kind for kind in (*_KINDS.values(), *layers)}
    rng = np.random.default_rng(0)
    return Network(
        [_layer(kinds, **entry) for entry in description["layers"]],
        n_inputs=description["n_inputs"],
        batch_size=description["batch_size"],
        rng=rng,
        dropout_rng=rng,
        dtype=description["dtype"],
    )


def _layer(kinds: Mapping[str, type[Layer]], kind: str, **options: Any) -> Layer:
    if kind not in kinds:
        raise ValueError(f"layer {kind!r} is not the library's: hand its class to nn.load")
    return kinds[kind](**options)


def _name(kind: type[Layer]) -> str:
    """Return a layer's name in the library, or else its import path."""
    names = {own: name for name, own in _KINDS.items()}
    return names.get(kind, f"{kind.__module__}:{kind.__qualname__}")


def _checksum(text: str, arrays: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 of the architecture and of every array's name, type, shape and bytes."""
    digest = sha256(text.encode())
    for name, value in sorted(arrays.items()):
        digest.update(f"|{name} {value.dtype.name} {value.shape}|".encode())
        digest.update(np.ascontiguousarray(value, value.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return header and weights of a safetensors file."""
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 + size or size == 0:
        raise ValueError(f"the header should have {size} bytes, the file has {len(data)}")
    header = json.loads(data[8 : 8 + size])
    for name, entry in header.items():
        if name != "__metadata__":
            start, stop = entry["data_offsets"]
            if stop - start != math.prod(entry["shape"]) * _DTYPES[entry["dtype"]].itemsize:
                raise ValueError(f"{name} has {stop - start} bytes for shape {entry['shape']}")
    return header, data[8 + size :]


def _arrays(header: Mapping[str, Any], content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays, which follow each other without a gap."""
    arrays, end = {}, 0
    for name, entry in header.items():
        start, stop = entry["data_offsets"]
        if start != end:
            raise ValueError(f"{name} is misplaced")
        value = np.frombuffer(content[start:stop], _DTYPES[entry["dtype"]])
        arrays[name] = value.reshape(entry["shape"])
        end = stop
    if end != len(content):
        raise ValueError(f"it holds {len(content)} bytes of weights, not {end}")
    return arrays


def _replace(path: Path, content: bytes) -> None:
    """Write to a temporary file in the same folder, flush, rename."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
