"""The estimator: scikit-learn's own checks, and use inside its tools."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import nn


@pytest.fixture(scope="module")
def digits():
    x, y = load_digits(return_X_y=True)
    return (x / 16).astype(np.float32), y


CHECK = """
import nn
from sklearn.utils.estimator_checks import check_estimator
results = check_estimator(nn.NetworkClassifier(), on_fail="raise")
print(len(results), {r["check_name"] for r in results if r["status"] != "passed"})
"""


def test_passes_all_checks_and_skips_none():
    # One check runs only where SciPy was imported with this variable set: in a fresh process.
    fresh = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHECK],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(nn.__file__).parents[1],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
    )
    count, others = fresh.stdout.split(maxsplit=1)
    assert int(count) > 50
    assert others.strip() == "set()"


def test_pipeline_and_cross_validation(digits):
    x, y = digits
    model = make_pipeline(StandardScaler(), nn.NetworkClassifier(epochs=8, random_state=0))
    assert cross_val_score(model, x, y, cv=3).mean() > 0.9


def test_grid_search(digits):
    x, y = digits
    model = nn.NetworkClassifier((16,), epochs=4, random_state=0)
    search = GridSearchCV(model, {"learning_rate": [1e-6, 0.01]}, cv=2).fit(x[:400], y[:400])
    assert search.best_params_ == {"learning_rate": 0.01}


def test_string_labels_and_dtype(digits):
    x, y = digits
    names = np.array(["zero", "one", "two"])[y[y < 3]]
    model = nn.NetworkClassifier(epochs=5, random_state=0).fit(x[y < 3], names)
    assert model.network_.dtype == np.float32
    assert model.score(x[y < 3], names) > 0.95
    assert list(model.classes_) == ["one", "two", "zero"]


def test_same_seed_same_model(digits):
    x, y = digits
    one, other = (
        nn.NetworkClassifier(epochs=2, dropout=0.2, random_state=4).fit(x, y) for _ in range(2)
    )
    np.testing.assert_array_equal(one.predict_proba(x), other.predict_proba(x))


def test_partial_fit_goes_on(digits):
    x, y = digits
    model = nn.NetworkClassifier(random_state=0)
    model.partial_fit(x[y < 5], y[y < 5], classes=np.arange(10))
    for _ in range(10):
        model.partial_fit(x, y)
    assert model.n_iter_ == 11
    assert model.score(x, y) > 0.9
    with pytest.raises(ValueError, match="must hold the classes"):
        model.partial_fit(x, y + 1)


def test_patience_keeps_the_best_epoch(digits):
    x, y = digits
    model = nn.NetworkClassifier(epochs=200, patience=3, random_state=0, l2=1e-4).fit(x, y)
    assert model.n_iter_ == model.history_[-1].best_epoch + 3 < 200
    assert model.score(x, y) > 0.95


def test_divergence_says_what_to_do(digits):
    x, y = digits
    with pytest.raises(FloatingPointError, match="Scale x or lower learning_rate"):
        nn.NetworkClassifier(optimizer="sgd", learning_rate=1e30).fit(x, y)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hidden": 100},
        {"hidden": (16, 0)},
        {"hidden": (16, 2.5)},
        {"hidden": (True,)},
        {"activation": "Relu"},
        {"optimizer": "Adam"},
        {"learning_rate": 0},
        {"learning_rate": float("nan")},
        {"epochs": -1},
        {"epochs": 2.5},
        {"batch_size": 0},
        {"l2": -1e-4},
        {"l2": float("inf")},
        {"dropout": 1.0},
        {"patience": 0},
        {"validation_fraction": 1.0},
        {"random_state": "x"},
    ],
    ids=str,
)
def test_every_parameter_is_validated(digits, wrong):
    x, y = digits
    (name,) = wrong
    for train in ("fit", "partial_fit"):
        with pytest.raises((ValueError, TypeError), match=name):
            getattr(nn.NetworkClassifier(**wrong), train)(x, y)


def test_patience_needs_rows_to_hold_out(digits):
    x, y = digits
    with pytest.raises(ValueError, match=r"got 1 rows in all\. Set patience=None"):
        nn.NetworkClassifier(patience=3).fit(x[:1], y[:1])


def test_sample_weight_is_refused(digits):
    with pytest.raises(TypeError, match="sample_weight"):
        nn.NetworkClassifier().fit(*digits, sample_weight=np.ones(len(digits[1])))
