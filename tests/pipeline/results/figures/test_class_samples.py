"""The sheet of a few examples per class."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from pipeline.results.figures.class_samples import class_samples
from pipeline.results.figures.first_layer_weights import first_layer_weights
from pipeline.results.figures.most_confused import Confused, most_confused
from pipeline.results.figures.sample_images import sample_images


@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_each_row_holds_the_first_images_of_its_class(channels: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).integers(0, 256, (12, 4, 5, *channels), np.uint8)
    labels = np.arange(12) % 3
    axes = class_samples(
        Figure().subplots(), images, labels, class_names="abc", title="t", per_class=2
    )
    sheet = np.asarray(axes.images[0].get_array()) * (255 if channels else 1)
    assert sheet.shape == (3 * 5 - 1, 2 * 6 - 1, *channels)
    for row in range(3):
        for column, index in enumerate((row, row + 3)):
            y, x = row * 5, column * 6
            np.testing.assert_allclose(sheet[y : y + 4, x : x + 5], images[index])
    assert [text.get_text() for text in axes.texts][:3] == ["a", "b", "c"]


def test_classes_beyond_the_sheet_are_counted() -> None:
    images, labels = np.ones((30, 2, 2), np.uint8), np.arange(30)
    axes = class_samples(
        Figure().subplots(), images, labels, class_names=[str(i) for i in range(30)], title="t"
    )
    words = " ".join(text.get_text() for text in axes.texts)
    assert "10 more classes" in words


def test_the_other_sheets_of_images_take_colours_too() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3)).astype(np.uint8)
    confused = [Confused(index=i, label=0, guess=1, errors=1, runs=2) for i in range(3)]
    sheets = [
        most_confused(
            Figure().subplots(), dict(enumerate(colours)), confused,
            dataset="t", cell="c", class_names="ab",
        ),
        sample_images(Figure().subplots(), colours, colours, dataset="t", augmentation="none"),
    ]  # fmt: skip
    for axes in sheets:
        drawn = np.asarray(axes.images[0].get_array())
        np.testing.assert_allclose(drawn[:4, :5], colours[0] / 255)
    weights = np.tile(np.arange(20.0)[:, None, None] + 1, (1, 3, 2)).reshape(60, 2)
    axes = first_layer_weights(Figure().subplots(), weights, (4, 5), dataset="t", cell="c")
    drawn = np.asarray(axes.images[0].get_array())
    np.testing.assert_allclose(drawn[:4, :5], (np.arange(20.0) + 1).reshape(4, 5) / 20)
