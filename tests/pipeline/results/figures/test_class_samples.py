"""The sheet of a few examples per class."""

import numpy as np
import pytest

from pipeline.results.figures.sheets import class_samples
from pipeline.results.figures.style import new_figure


@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_each_row_holds_the_first_images_of_its_class(channels: tuple[int, ...]) -> None:
    figure = new_figure()
    images = np.random.default_rng(0).integers(0, 256, (12, 4, 5, *channels), np.uint8)
    class_samples(figure, images, np.arange(12) % 3, class_names="abc", per_class=2)
    (axes,) = figure.axes
    sheet = np.asarray(axes.images[0].get_array()) * (255 if channels else 1)
    assert sheet.shape == (3 * 5 - 1, 2 * 6 - 1, *channels)
    for row in range(3):
        for column, index in enumerate((row, row + 3)):
            y, x = row * 5, column * 6
            np.testing.assert_allclose(sheet[y : y + 4, x : x + 5], images[index])
    assert [text.get_text() for text in axes.texts][:3] == ["a", "b", "c"]


def test_classes_beyond_the_sheet_are_counted() -> None:
    images, labels = np.ones((30, 2, 2), np.uint8), np.arange(30)
    names = [str(i) for i in range(30)]
    caption = class_samples(new_figure(), images, labels, class_names=names)
    assert "10 more classes" in caption
