"""Save and load networks: weights in the safetensors format, architecture as JSON inside.

The format is a little-endian uint64 with the header's length, the header in JSON (dtype, shape
and byte range of each array, and free text under ``__metadata__``), then the bytes. Reading it
executes nothing. Source: https://github.com/huggingface/safetensors, section Format.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from nn.activations import ACTIVATIONS
from nn.layers import LAYERS, Layer
from nn.network import Network

_DTYPES: dict[str, np.dtype] = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8")}
_KEY = "knockout.architecture"
_KINDS: dict[str, type[Layer]] = {**LAYERS, **ACTIVATIONS}


class DamagedFileError(ValueError):
    """The file is not a network saved by this library, or not whole any more."""


def save(network: Network, path: str | Path) -> None:
    """Write `network` to `path`, replacing a file of that name only when all is written."""
    arrays = network.named_arrays()
    code = {dtype: name for name, dtype in _DTYPES.items()}[network.dtype.newbyteorder("<")]
    header: dict[str, Any] = {"__metadata__": {_KEY: json.dumps(architecture(network))}}
    end = 0
    for name, value in arrays.items():
        start, end = end, end + value.nbytes
        header[name] = {"dtype": code, "shape": list(value.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    content = [np.ascontiguousarray(v, _DTYPES[code]).tobytes() for v in arrays.values()]
    _replace(Path(path), b"".join([len(text).to_bytes(8, "little"), text, *content]))


def load(path: str | Path) -> Network:
    """Return the network saved at `path`.

    Raises
    ------
    DamagedFileError
        If the file was not written by ``save`` or is cut, altered or inconsistent.
    """
    path = Path(path)
    try:
        header, content = _split(path.read_bytes())
        network = build(json.loads(header.pop("__metadata__")[_KEY]))
        own = network.named_arrays()
        if set(own) != set(header):
            raise ValueError(f"its arrays are {sorted(header)}, not {sorted(own)}")
        end = 0
        for name, entry in header.items():
            start, stop = entry["data_offsets"]
            value = np.frombuffer(content[start:stop], _DTYPES[entry["dtype"]])
            if start != end or list(own[name].shape) != entry["shape"]:
                raise ValueError(f"{name} is misplaced or has shape {entry['shape']}")
            own[name][...] = value.reshape(own[name].shape)
            end = stop
        if end != len(content):
            raise ValueError(f"it holds {len(content)} bytes of weights, not {end}")
    except (ValueError, KeyError, TypeError, AttributeError, MemoryError) as error:
        raise DamagedFileError(
            f"{path} — must be a network saved by nn.save — {type(error).__name__}: {error}. "
            "Save it again."
        ) from error
    return network


def architecture(network: Network) -> dict[str, Any]:
    """Return what is needed to build an equal network, as JSON types."""
    names = {kind: name for name, kind in _KINDS.items()}
    return {
        "n_inputs": network.n_inputs,
        "batch_size": network.batch_size,
        "dtype": network.dtype.name,
        "layers": [{"kind": names[type(layer)], **layer.options()} for layer in network.layers],
    }


def build(description: dict[str, Any]) -> Network:
    """Return a network with the given architecture and placeholder weights, for inference."""
    layers = [
        _KINDS[entry["kind"]](**{k: v for k, v in entry.items() if k != "kind"})
        for entry in description["layers"]
    ]
    rng = np.random.default_rng(0)
    return Network(
        layers,
        n_inputs=description["n_inputs"],
        batch_size=description["batch_size"],
        rng=rng,
        dropout_rng=rng,
        dtype=description["dtype"],
    )


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
