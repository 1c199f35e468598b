"""Confusions are counted, and the images that are wrong most often come first."""

import numpy as np

from experiments.analysis.confusions import confusion_counts, rank_confused


def test_confusions_are_counted_by_true_row_and_predicted_column():
    counts = confusion_counts(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), 3)
    np.testing.assert_array_equal(counts, [[1, 1, 0], [0, 1, 0], [1, 0, 0]])


def test_images_wrong_most_often_come_first_with_the_usual_guess():
    # Image 7 is wrong in 3 of 3 runs (twice as 4), image 5 in 1 of 1, image 6 never.
    index = np.array([7, 6, 7, 6, 7, 5])
    labels = np.array([9, 1, 9, 1, 9, 2])
    guesses = np.array([4, 1, 4, 1, 3, 0])
    found = rank_confused(index, labels, guesses, count=10)
    shown = [(item.index, item.label, item.guess, item.errors, item.runs) for item in found]
    assert shown == [(7, 9, 4, 3, 3), (5, 2, 0, 1, 1)]
    assert len(rank_confused(index, labels, guesses, count=1)) == 1


def test_one_error_in_one_run_says_less_than_nine_in_ten():
    index = np.array([1] + [2] * 10)
    guesses = np.array([0] + [0] * 9 + [5])
    found = rank_confused(index, np.full(11, 5), guesses, count=2)
    assert [(item.index, item.errors, item.runs) for item in found] == [(2, 9, 10), (1, 1, 1)]
