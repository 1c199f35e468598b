"""The datasets that Knockout knows: what each must be, and where it comes from."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import partial

from data_loaders.errors import MIRROR_VARIABLE
from data_loaders.known import KnownDataset
from data_loaders.readers.emnist import EMNIST_FILES, read_emnist
from data_loaders.readers.qmnist import QMNIST_FILES, read_qmnist
from data_loaders.readers.usps import USPS_FILES, read_usps
from data_loaders.sources.bundled import BundledDigits
from data_loaders.sources.http_mirror import HttpMirror
from data_loaders.sources.keras_npz import KerasNpz
from data_loaders.sources.local_mirror import LocalMirror
from data_loaders.sources.openml import OpenML

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
# Published in TensorFlow Datasets (url_checksums/kmnist.txt, emnist.txt, qmnist.txt).
_KMNIST_FILES = {
    "images": "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
    "labels": "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
    "test_images": "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
    "test_labels": "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
}
_EMNIST_FILES = {"archive": "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"}
_QMNIST_FILES = {
    "images": "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d",
    "labels": "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
    "test_images": "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375",
    "test_labels": "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
}
# Published in torchvision (datasets/usps.py); no SHA-256 is known to be published.
_USPS_FILES = {
    "train": "md5:ec16c51db3855ca6c91edd34d0e9b197",
    "test": "md5:8ea070ee2aca1ac39742fdd1ef5ed118",
}
_BY_FILES = "verified by the published hashes of its files; none of its decoded arrays is published"
# Of the 62 characters, small letters that look like their capitals are one class with them.
_MERGED = string.digits + string.ascii_uppercase + "abdefghnqrt"
_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

REGISTRY: Mapping[str, KnownDataset] = {
    spec.name: spec
    for spec in (
        KnownDataset(
            "digits",
            "91b82400d0d87fa6d660f6ef3f75811805bd5a80be41eece273f94291279a6fa",
            _DIGITS,
            (BundledDigits(),),
        ),
        KnownDataset(
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
        KnownDataset(
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
        KnownDataset(
            "kmnist",
            "",
            ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
            (
                LocalMirror(file_hashes=_KMNIST_FILES),
                HttpMirror("http://codh.rois.ac.jp/kmnist/dataset/kmnist/", _KMNIST_FILES),
            ),
            _BY_FILES,
        ),
        *(
            KnownDataset(
                f"emnist_{subset}",
                "",
                tuple(classes),
                tuple(
                    make(_EMNIST_FILES, EMNIST_FILES, partial(read_emnist, subset=subset))
                    for make in (
                        partial(LocalMirror, MIRROR_VARIABLE),
                        partial(HttpMirror, "https://biometrics.nist.gov/cs_links/EMNIST/"),
                        partial(HttpMirror, "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"),
                    )
                ),
                _BY_FILES,
            )
            for subset, classes in (("letters", string.ascii_lowercase), ("balanced", _MERGED))
        ),
        KnownDataset(
            "qmnist",
            "",
            _DIGITS,
            (
                LocalMirror(MIRROR_VARIABLE, _QMNIST_FILES, QMNIST_FILES, read_qmnist),
                HttpMirror(
                    "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
                    _QMNIST_FILES,
                    QMNIST_FILES,
                    read_qmnist,
                ),
            ),
            _BY_FILES,
        ),
        KnownDataset(
            "usps",
            "",
            _DIGITS,
            (
                LocalMirror(MIRROR_VARIABLE, _USPS_FILES, USPS_FILES, read_usps),
                HttpMirror(
                    "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/",
                    _USPS_FILES,
                    USPS_FILES,
                    read_usps,
                ),
            ),
            _BY_FILES + "; they are MD5, which notices damage but no forgery",
        ),
    )
}


def of_content(content_hash: str) -> KnownDataset | None:
    """Return the built-in dataset whose published content hash this is."""
    found = (known for known in REGISTRY.values() if known.content_hash == content_hash)
    return next(found, None) if content_hash else None
