"""The datasets that Knockout knows: what each must be, and where it can be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data_loaders.arrays import Arrays, check_form, content_hash
from data_loaders.errors import DataError
from data_loaders.sources.bundled import BundledDigits
from data_loaders.sources.http_mirror import HttpMirror
from data_loaders.sources.keras_npz import KerasNpz
from data_loaders.sources.local_mirror import LocalMirror
from data_loaders.sources.openml import OpenML
from data_loaders.sources.source import Source


@dataclass(frozen=True)
class DatasetSpec:
    """What a dataset must be, whichever source delivers it.

    Parameters
    ----------
    name : str
        The name in params.yaml, tables and folders.
    content_hash : str
        SHA-256 that its decoded arrays must have; see `data_loaders.arrays.content_hash`.
    class_names : tuple of str
        One name per class.
    sources : tuple of Source
        Where it can be had, in the order in which they are tried.
    """

    name: str
    content_hash: str
    class_names: tuple[str, ...]
    sources: tuple[Source, ...]

    def check(self, arrays: Arrays) -> None:
        """Refuse arrays that are not this dataset.

        Raises
        ------
        DataError
            If form or content hash differ.
        """
        check_form(arrays, where=self.name, n_classes=len(self.class_names))
        actual = content_hash(arrays)
        if actual != self.content_hash:
            raise DataError(
                f"{self.name} must have content hash {self.content_hash}; got {actual}."
            )


_DIGITS = tuple(str(i) for i in range(10))
_CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
_MNIST_FILES = {
    "images": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "labels": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "test_images": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "test_labels": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
_FASHION_FILES = {
    "images": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "labels": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "test_images": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "test_labels": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

REGISTRY: Mapping[str, DatasetSpec] = {
    spec.name: spec
    for spec in (
        DatasetSpec(
            "digits",
            "91b82400d0d87fa6d660f6ef3f75811805bd5a80be41eece273f94291279a6fa",
            _DIGITS,
            (BundledDigits(),),
        ),
        DatasetSpec(
            "mnist",
            "b436ff421590a4608d8941e1fd4c413bdbcac5cde29119d86f523b5f91442f07",
            _DIGITS,
            (
                LocalMirror(),
                # The page at yann.lecun.com that older tutorials name does not answer any more.
                HttpMirror("https://ossci-datasets.s3.amazonaws.com/mnist/", _MNIST_FILES),
                HttpMirror("https://storage.googleapis.com/cvdf-datasets/mnist/", _MNIST_FILES),
                OpenML("mnist_784"),
                KerasNpz(_KERAS + "mnist.npz"),
            ),
        ),
        DatasetSpec(
            "fashion_mnist",
            "af9a86a28d3ab780d48f2f75861bde84a104304467ecaba4c0881f0c7e31e548",
            _CLOTHES,
            (
                LocalMirror(),
                HttpMirror(
                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", _FASHION_FILES
                ),
                OpenML("Fashion-MNIST"),
                # Keras keeps MNIST as one npz, but Fashion-MNIST as the four IDX files.
                HttpMirror(_KERAS, _FASHION_FILES),
            ),
        ),
    )
}
