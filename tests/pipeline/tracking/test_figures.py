"""The small figures are well-formed SVG that shows the numbers."""

import re
from xml.etree import ElementTree

import numpy as np

from pipeline.tracking.figures import confusion_matrix, learning_curves

SVG = "{http://www.w3.org/2000/svg}"


def texts(document):
    return [
        "".join(node.itertext()) for node in ElementTree.fromstring(document).iter(f"{SVG}text")
    ]


def test_confusion_matrix_counts_each_pair_of_classes():
    labels = np.array([0, 0, 1, 2, 2, 2], np.uint8)
    predictions = np.array([0, 1, 1, 2, 2, 0], np.uint8)
    cells = texts(confusion_matrix(labels, predictions, "t"))[3:]
    assert sorted(cells) == sorted(["0", "0", "1", "1", "2", "2", *"1111", "2"])


def test_curves_leave_out_what_is_not_finite_and_stay_inside_the_panel():
    history = {
        "epoch": [1, 2, 3],
        "train_loss": [2.0, 1.0, float("inf")],
        "val_loss": [2.5, float("nan"), 1.5],
        "train_accuracy": [0.5, 0.6, 0.7],
        "val_accuracy": [0.5, 0.5, 0.5],
    }
    document = learning_curves(history, "a < b & c")
    lines = ElementTree.fromstring(document).iter(f"{SVG}polyline")
    points = [line.get("points").split() for line in lines]
    assert [len(line) for line in points] == [2, 2, 3, 3]
    heights = [float(p.split(",")[1]) for line in points for p in line]
    assert min(heights) >= 46 and max(heights) <= 46 + 190
    assert "a < b & c" in texts(document) and not re.search("nan|inf", document)


def test_a_single_epoch_and_an_empty_curve_are_drawn():
    document = learning_curves({"epoch": [1], "train_loss": [float("nan")]}, "one")
    assert ElementTree.fromstring(document).tag == f"{SVG}svg"
