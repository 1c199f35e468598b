"""The datasets that Knockout knows, and the arrays that each must decode to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data_loaders.errors import DataError

IDX_FILES = {
    "images": "train-images-idx3-ubyte.gz",
    "labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}
_DIGITS = tuple(str(i) for i in range(10))
_CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """Decoded images and labels.

    Parameters
    ----------
    images, test_images : ndarray of uint8, shape (n, height, width)
        Raw pixels. `test_images` is None when the dataset has no canonical test part.
    labels, test_labels : ndarray of uint8, shape (n,)
        Classes from 0.
    class_names : tuple of str
        One name per class.
    content_hash : str
        SHA-256 over the decoded arrays.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray | None
    test_labels: np.ndarray | None
    class_names: tuple[str, ...]
    content_hash: str

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)


@dataclass(frozen=True)
class Known:
    """What a dataset must be, whichever source delivers it."""

    content_hash: str
    class_names: tuple[str, ...]
    file_hashes: Mapping[str, str]
    urls: tuple[str, ...] = ()
    openml: str = ""
    keras_url: str = ""


REGISTRY: Mapping[str, Known] = {
    "digits": Known("91b82400d0d87fa6d660f6ef3f75811805bd5a80be41eece273f94291279a6fa", _DIGITS, {}),
    # The page at yann.lecun.com that older tutorials name does not answer any more.
    "mnist": Known(
        "b436ff421590a4608d8941e1fd4c413bdbcac5cde29119d86f523b5f91442f07",
        _DIGITS,
        {
            "images": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "labels": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "test_images": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "test_labels": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        },
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        "mnist_784",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    ),
    "fashion_mnist": Known(
        "af9a86a28d3ab780d48f2f75861bde84a104304467ecaba4c0881f0c7e31e548",
        _CLOTHES,
        {
            "images": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "labels": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "test_images": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "test_labels": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        ),
        "Fashion-MNIST",
    ),
}

Arrays = dict[str, np.ndarray]


def content_hash(arrays: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 over names, dtypes, shapes and values of decoded arrays."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.data)
    return digest.hexdigest()


def check_arrays(name: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Refuse arrays that are not the named dataset.

    Raises
    ------
    DataError
        If a shape, a dtype, a label or the content hash differs.
    """
    known = REGISTRY[name]
    for part in ("", "test_"):
        if f"{part}images" not in arrays:
            continue
        images, labels = arrays[f"{part}images"], arrays[f"{part}labels"]
        if images.ndim != 3 or labels.shape != images.shape[:1]:
            raise DataError(
                f"{name} must have one label per image; got {images.shape} and {labels.shape}."
            )
        if labels.size and labels.max() >= len(known.class_names):
            raise DataError(
                f"{name} labels must lie in 0…{len(known.class_names) - 1}; got {labels.max()}."
            )
    actual = content_hash(arrays)
    if actual != known.content_hash:
        raise DataError(f"{name} must have content hash {known.content_hash}; got {actual}.")
