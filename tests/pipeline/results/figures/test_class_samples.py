"""The sheet of a few examples per class, and the other sheets in colour."""

import numpy as np
import pytest

from experiments.analysis.confusions import Confused
from pipeline.results.figures.augmented_pairs import sample_images
from pipeline.results.figures.class_samples import class_samples
from pipeline.results.figures.first_layer_weights import first_layer_weights
from pipeline.results.figures.most_confused import most_confused
from pipeline.results.figures.style import new_figure


@pytest.fixture
def axes():
    return new_figure(3.0).add_subplot()


@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_each_row_holds_the_first_images_of_its_class(axes, channels: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).integers(0, 256, (12, 4, 5, *channels), np.uint8)
    class_samples(axes, images, np.arange(12) % 3, class_names="abc", per_class=2)
    sheet = np.asarray(axes.images[0].get_array()) * (255 if channels else 1)
    assert sheet.shape == (3 * 5 - 1, 2 * 6 - 1, *channels)
    for row in range(3):
        for column, index in enumerate((row, row + 3)):
            y, x = row * 5, column * 6
            np.testing.assert_allclose(sheet[y : y + 4, x : x + 5], images[index])
    assert [text.get_text() for text in axes.texts][:3] == ["a", "b", "c"]


def test_classes_beyond_the_sheet_are_counted(axes) -> None:
    images, labels = np.ones((30, 2, 2), np.uint8), np.arange(30)
    caption = class_samples(axes, images, labels, class_names=[str(i) for i in range(30)])
    assert "10 more classes" in caption


COLOURS = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3)).astype(np.uint8)


def test_hard_images_are_shown_in_colour(axes) -> None:
    confused = [Confused(index=i, label=0, guess=1, errors=1, runs=2) for i in range(3)]
    most_confused(axes, dict(enumerate(COLOURS)), confused, class_names="ab", n_runs=2)
    np.testing.assert_allclose(axes.images[0].get_array()[:4, :5], COLOURS[0] / 255)


def test_samples_are_shown_in_colour_and_their_change_without(axes) -> None:
    sample_images(axes, COLOURS, COLOURS, augmentation="none")
    pictures, change = axes.images
    np.testing.assert_allclose(pictures.get_array()[:4, :5], COLOURS[0] / 255)
    assert change.get_array().ndim == 2


def test_the_weights_of_a_pixels_colours_are_averaged(axes) -> None:
    weights = np.tile(np.arange(20.0)[:, None, None] + 1, (1, 3, 2)).reshape(60, 2)
    first_layer_weights(axes, weights, (4, 5), cell="c")
    drawn = np.asarray(axes.images[0].get_array())
    np.testing.assert_allclose(drawn[:4, :5], (np.arange(20.0) + 1).reshape(4, 5) / 20)
