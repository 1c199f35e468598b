"""What a notebook sees: names, `fit`, predictions, and refusals in words."""

import copy
import doctest
import gc
import importlib
import pickle
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import nn
from nn.optimizers import BoundOptimizer

ROOT = Path(nn.__file__).parent
XOR = """
import numpy as np, nn
x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
rng = np.random.default_rng(0)
network = nn.Network([nn.Dense(8), nn.Tanh(), nn.Dense(2)], n_inputs=2, rng=rng)
records = nn.fit(network, x, y, optimizer=nn.Adam(), learning_rate=0.05, epochs=100, rng=rng)
accuracy = (network.predict(x) == y).mean()
"""
MNIST = """
import numpy as np, nn
from data_loaders.load import load
mnist, rng = load("mnist"), np.random.default_rng(0)
x, x_test = (np.float32(i.reshape(-1, 784)) / 255 for i in (mnist.x, mnist.x_test))
layers = [nn.Dense(64), nn.ReLU(), nn.Dense(10)]
network = nn.Network(layers, n_inputs=784, batch_size=128, rng=rng)
records = nn.fit(network, x, mnist.y, epochs=2, rng=rng)
accuracy = (network.predict(x_test) == mnist.y_test).mean()
"""


@pytest.mark.parametrize(("code", "least"), [(XOR, 1.0), (MNIST, 0.94)], ids=["xor", "mnist"])
def test_a_problem_in_ten_lines(code, least):
    from data_loaders.errors import DatasetUnavailableError

    assert len(code.strip().splitlines()) <= 10
    scope = {}
    try:
        exec(code, scope)
    except DatasetUnavailableError as error:
        pytest.skip(str(error))
    assert scope["accuracy"] >= least
    assert scope["records"][-1].train_loss < scope["records"][0].train_loss


EXAMPLES = [
    "nn", "nn.fitting", "nn.interval", "nn.softmax", "nn.checks", "nn.layers.layer",
    "nn.optimizers.optimizer",
]  # fmt: skip


@pytest.mark.parametrize("module", EXAMPLES)
def test_the_examples_of_the_docstrings_hold(module):
    results = doctest.testmod(importlib.import_module(module))
    assert results.attempted > 0
    assert results.failed == 0


def test_examples_stand_under_their_heading_and_the_list_is_whole():
    """Elsewhere the documentation shows them as a quotation."""
    sources = {path: path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}
    shown = {path: text for path, text in sources.items() if ">>>" in text}
    for path, text in shown.items():
        starts = [i for i, line in enumerate(text.splitlines()) if line.lstrip().startswith(">>> ")]
        first = text.splitlines()[starts[0] - 2 : starts[0]]
        assert [line.strip() for line in first] == ["Examples", "--------"], path
    named = {Path(importlib.import_module(module).__file__) for module in EXAMPLES}
    assert set(shown) == named


def test_the_reading_order_names_modules():
    names = re.findall(r"^\d\. (.*?):", nn.__doc__, re.MULTILINE)
    assert len(names) == 6
    for name in re.findall(r"`([\w.]+)`", " ".join(names)):
        importlib.import_module(f"nn.{name}")


def test_every_component_of_the_tables_is_exported_by_name():
    tables = nn.OPTIMIZERS, nn.ACTIVATIONS, nn.LAYERS, nn.LOSSES, nn.PENALTIES, nn.AUGMENTATIONS
    for table in tables:
        for component in table.values():
            assert getattr(nn, component.__name__) is component
            assert component.__name__ in nn.__all__
    for module, table in [(nn.schedules, nn.SCHEDULES), (nn.initializers, nn.INITIALIZERS)]:
        for name, component in table.items():
            assert getattr(module, name) is component


def test_components_are_configured_alike():
    assert nn.configure(nn.Adam, beta1=0.5).beta1 == 0.5
    assert nn.configure(nn.schedules.cosine, final=0.5)(10, 10) == 0.5
    draws = nn.configure(nn.initializers.constant, value=3.0)((2, 2), rng=None)
    assert (draws == 3).all()


def network(n_outputs=2, **options):
    layers = [nn.Dense(8), nn.Tanh(), nn.Dense(n_outputs)]
    return nn.Network(layers, n_inputs=2, rng=np.random.default_rng(0), **options)


@pytest.fixture
def points():
    x = np.random.default_rng(0).normal(size=(200, 2))
    return x, (x[:, 0] > x[:, 1]).astype(int)


def test_a_binary_network_of_one_output(points):
    x, y = points
    net, rng = network(1), np.random.default_rng(0)
    records = nn.fit(net, x, y, loss=nn.SigmoidCrossEntropy(), epochs=40, rng=rng)
    assert records[-1].train_accuracy > 0.95
    assert (net.predict(x) == y).mean() > 0.95
    probabilities = net.predict_proba(x)
    assert probabilities.shape == (200, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(probabilities[:, 1], 1 / (1 + np.exp(-net.logits(x)[:, 0])), 1e-5)


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_a_network_that_ends_in_a_sigmoid_answers_with_its_share(points, n_outputs):
    x, y = points
    layers = [nn.Dense(8), nn.Tanh(), nn.Dense(n_outputs), nn.Sigmoid()]
    net = nn.Network(layers, n_inputs=2, rng=np.random.default_rng(0))
    rng = np.random.default_rng(0)
    nn.fit(net, x, y, loss=nn.MeanSquaredError(), epochs=40, rng=rng)
    outputs, probabilities = net.logits(x).astype(float), net.predict_proba(x)
    if n_outputs == 1:
        outputs = np.hstack([1 - outputs, outputs])
    np.testing.assert_allclose(probabilities, outputs / outputs.sum(axis=1, keepdims=True))
    assert (net.predict(x) == y).mean() > 0.95


def test_a_sigmoid_that_underflows_everywhere_says_that_all_classes_are_alike():
    net = nn.Network([nn.Dense(3), nn.Sigmoid()], n_inputs=2, rng=np.random.default_rng(0))
    net.parameters[:] = -100
    np.testing.assert_allclose(net.predict_proba(np.ones((1, 2))), 1 / 3)


def test_rows_of_targets_and_the_epoch_of_least_loss(points):
    x, _ = points
    net = network(1)
    records = nn.fit(
        net,
        x[:150],
        x[:150, :1] * x[:150, 1:],
        loss=nn.MeanSquaredError(),
        validation=(x[150:], x[150:, :1] * x[150:, 1:]),
        epochs=20,
        rng=np.random.default_rng(0),
    )
    losses = [r.val_loss for r in records]
    assert np.isnan(records[-1].val_accuracy)
    assert records[-1].best_epoch == 1 + int(np.argmin(losses))


def test_the_best_epoch_of_a_validation_part_is_kept(points):
    x, y = points
    net = network()
    held = x[150:], y[150:]
    records = nn.fit(
        net, x[:150], y[:150], validation=held, epochs=30, patience=4, rng=np.random.default_rng(0)
    )
    best = records[records[-1].best_epoch - 1]
    assert (net.predict(held[0]) == held[1]).mean() == pytest.approx(best.val_accuracy)


def test_double_precision_is_converted_by_fit_and_refused_by_forward(points):
    x, y = points
    wide, narrow = network(), network()
    nn.fit(wide, x, y, epochs=2, rng=np.random.default_rng(0))
    nn.fit(narrow, x.astype(np.float32), y, epochs=2, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(wide.parameters, narrow.parameters)
    with pytest.raises(ValueError, match="works in float32 — got float64"):
        wide.forward(x[:5])


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.zeros((3, 5)), np.zeros(3, int), r"must be \(n, 2\) and n targets"),
        (np.zeros((3, 2)), np.zeros(4, int), r"\(3, 2\) and \(4,\)"),
        (np.zeros((0, 2)), np.zeros(0, int), "n at least 1"),
        (np.zeros((3, 2)), np.array([1, 2, 3]), "class indices 0 to 1 — got int64 from 1 to 3"),
        (np.zeros((3, 2)), np.array([0.0, 1.0, 0.5]), "class indices"),
    ],
)
def test_data_that_do_not_fit_are_refused_in_words(x, y, words):
    with pytest.raises(ValueError, match=words):
        nn.fit(network(), x, y, rng=np.random.default_rng(0))


def test_small_unsigned_labels_do_not_wrap_around(points):
    x, y = points
    one, other = network(batch_size=200), network(batch_size=200)
    nn.fit(one, x, y.astype(np.uint8), rng=np.random.default_rng(0))
    nn.fit(other, x, y, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(one.parameters, other.parameters)


def test_divergence_ends_in_words(points):
    with pytest.raises(FloatingPointError, match=r"in epoch 1\. Scale x or lower learning_rate"):
        nn.fit(
            network(), *points, optimizer=nn.SGD(), learning_rate=1e39, rng=np.random.default_rng(0)
        )


def test_a_training_that_is_never_iterated_warns(blobs, build):
    def start():
        return nn.train(build(), nn.CrossEntropy(), nn.SGD(), blobs(), epochs=2)

    with pytest.warns(RuntimeWarning, match="was never iterated, so nothing was trained"):
        start()
        gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training = start()
        assert next(training).epoch == 1
        del training
        start().close()
        gc.collect()


def test_the_optimizers_default_rate_is_used(fit, build):
    one, _ = fit(optimizer="adam", rate=None)
    other, _ = fit(optimizer="adam", rate=nn.Adam.default_learning_rate)
    np.testing.assert_array_equal(one.parameters, other.parameters)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])  # noqa: S301
def test_a_bound_optimizer_goes_on_and_so_does_its_copy(build, blobs, duplicate):
    def train(bound, epochs):
        batches = blobs(seed=epochs)
        list(nn.train(bound.network, nn.CrossEntropy(), bound, batches, epochs=epochs))

    bound = BoundOptimizer(nn.Adam(), build())
    train(bound, 2)
    twin = duplicate(bound)
    for each in (bound, twin):
        train(each, 1)
    assert bound.n_steps == twin.n_steps == 21
    np.testing.assert_array_equal(bound.network.parameters, twin.network.parameters)
    assert bound.network.parameters is not twin.network.parameters
