import io

import numpy as np
import pytest

from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load
from data_loaders.sources.keras_npz import KerasNpz
from data_loaders.sources.openml import OpenML


def test_keras_npz_gives_the_same_content(describe, serve, tiny):
    stream = io.BytesIO()
    np.savez(
        stream, x_train=tiny["images"], y_train=tiny["labels"],
        x_test=tiny["test_images"], y_test=tiny["test_labels"],
    )  # fmt: skip
    address, _ = serve({"tiny.npz": stream.getvalue()})
    data = load(describe(KerasNpz(address + "tiny.npz")))
    np.testing.assert_array_equal(data.x_test, tiny["test_images"])


def test_an_npz_with_pickled_objects_is_not_opened(describe, serve):
    stream = io.BytesIO()
    np.savez(stream, x_train=np.array([{}], object))
    address, _ = serve({"tiny.npz": stream.getvalue()})
    with pytest.raises(DatasetUnavailableError, match="allow_pickle=False"):
        load(describe(KerasNpz(address + "tiny.npz")))


@pytest.fixture
def square(tiny):
    """The tiny dataset with square images, as OpenML's tables need them, and its spec."""
    for part in ("images", "test_images"):
        tiny[part] = np.ascontiguousarray(tiny[part][:, :5])
    return tiny


def answer_with(monkeypatch, arrays, *, order=slice(None)):
    """Let OpenML answer with a table of floats and labels that are strings."""
    images = np.concatenate([arrays["images"], arrays["test_images"]])[order]
    labels = np.concatenate([arrays["labels"], arrays["test_labels"]])[order]

    # Imported here: scikit-learn takes seconds, which every collection of the tests would pay.
    from sklearn.utils import Bunch

    def answer(name, **options):
        assert (name, options["version"], options["n_retries"]) == ("tiny_784", 1, 0)
        data = images.reshape(len(images), -1).astype(float)
        return Bunch(data=data, target=labels.astype(str).astype(object))

    monkeypatch.setattr("sklearn.datasets.fetch_openml", answer)


def test_openml_gives_the_same_content(describe, square, serve, monkeypatch):
    answer_with(monkeypatch, square)
    data = load(describe(OpenML("tiny_784", n_train=60, contact=serve({})[0])))
    np.testing.assert_array_equal(data.x, square["images"])
    np.testing.assert_array_equal(data.y_test, square["test_labels"])


def test_openml_rows_in_another_order_are_refused(describe, square, serve, monkeypatch):
    answer_with(monkeypatch, square, order=slice(None, None, -1))
    with pytest.raises(DatasetUnavailableError, match="must have content hash"):
        load(describe(OpenML("tiny_784", n_train=60, contact=serve({})[0])))
