"""The training loop: off-identity, streams, determinism, stopping, divergence."""

import hashlib
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import nn


def test_it_learns_and_reports(fit, blobs):
    data = blobs()
    _, records = fit(epochs=5, validation=data.validation, optimizer="adam", rate=0.01)
    last = records[-1]
    assert [r.epoch for r in records] == [1, 2, 3, 4, 5]
    assert last.steps == 7
    assert last.val_accuracy > 0.9
    assert last.train_loss < records[0].train_loss
    phases = last.data_s + last.forward_s + last.backward_s + last.update_s + last.evaluation_s
    assert 0 < phases <= last.elapsed_s


@pytest.mark.parametrize(
    "strength_zero",
    [
        {"penalty": nn.L2(0)},
        {"penalty": nn.L1(0)},
        {"penalty": nn.ElasticNet(0, 0)},
        {"clip_norm": np.inf},
        {"max_norm": np.inf},
        {"average": 0.0},
        {"mixup": partial(nn.AUGMENTATIONS["mixup"](0), rng=np.random.default_rng(0))},
        {"schedule": partial(nn.SCHEDULES["cosine"], final=1.0)},
        {"schedule": partial(nn.SCHEDULES["exponential"], final=1.0)},
        {"schedule": partial(nn.SCHEDULES["step"], factor=1.0)},
        {"schedule": partial(nn.SCHEDULES["inverse_time"], rate=0.0)},
        {"schedule": nn.warmup(nn.SCHEDULES["constant"], 0)},
    ],
)
def test_at_strength_zero_training_is_bit_identical(fit, digest, strength_zero):
    plain, _ = fit()
    with_component, _ = fit(**strength_zero)
    assert digest(with_component.parameters) == digest(plain.parameters)


def test_dropout_zero_is_bit_identical(fit, build, digest):
    assert digest(fit(build(rate=0.0))[0].parameters) == digest(fit(build())[0].parameters)


@pytest.mark.parametrize("options", [{"slope": 0.0}])
def test_leaky_relu_zero_is_relu(fit, build, digest, options):
    leaky = nn.Network(
        [nn.Dense(16), nn.ACTIVATIONS["leaky_relu"](**options), nn.Dense(4)],
        n_inputs=6,
        batch_size=32,
        rng=np.random.default_rng(1),
    )
    plain = build(widths=(16,))
    assert digest(fit(leaky)[0].parameters) == digest(fit(plain)[0].parameters)


def test_dropout_leaves_weights_and_order_alone(fit, build, blobs, digest):
    with_dropout, without = build(rate=0.5), build()
    assert digest(with_dropout.parameters) == digest(without.parameters)
    one, other = blobs(), blobs()
    fit(with_dropout, batches=one)
    fit(without, batches=other)
    assert digest(np.array(one.orders)) == digest(np.array(other.orders))
    assert digest(with_dropout.parameters) != digest(without.parameters)


RUN = """
import hashlib, numpy as np, nn
rng = np.random.default_rng(0)
x, y = rng.normal(size=(64, 5)).astype(np.float32), rng.integers(0, 3, 64)
net = nn.Network([nn.Dense(7), nn.ACTIVATIONS['gelu'](), nn.BatchNorm(), nn.Dropout(0.3),
    nn.Dense(3)], n_inputs=5, batch_size=32, rng=np.random.default_rng(1),
    dropout_rng=np.random.default_rng(2))
for _ in nn.train(net, nn.CrossEntropy(), nn.Adam(), [(x[:32], y[:32]), (x[32:], y[32:])],
    learning_rate=0.01, epochs=5, penalty=nn.L2(0.01), average=0.9): pass
digest = hashlib.sha256(net.parameters.tobytes()).hexdigest()
"""


def test_same_seed_same_bytes_here_and_in_a_fresh_process():
    digests = []
    for _ in range(2):
        scope = {}
        exec(RUN, scope)
        digests.append(scope["digest"])
    fresh = subprocess.run(
        [sys.executable, "-c", RUN + "print(digest)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(nn.__file__).parents[1],
    )
    assert {*digests, fresh.stdout.strip()} == {digests[0]}
    assert len(digests[0]) == hashlib.sha256().digest_size * 2


@pytest.mark.parametrize("seen", [True, False])
def test_divergence_names_epoch_and_step(fit, blobs, seen):
    data = blobs()
    options = {"validation": data.validation} if seen else {}
    _, records = fit(rate=1e30, **options)
    assert isinstance(records[-1], nn.Diverged)
    assert records[-1].epoch == 1
    assert 1 < records[-1].step <= 7
    assert not np.isfinite(records[-1].loss)


def test_a_loss_that_is_not_finite_in_validation_ends_training(fit):
    _, records = fit(validation=lambda network: (np.nan, 0.1))
    assert records == [nn.Diverged(1, 7, records[0].loss)]


def scripted(accuracies, losses, seen):
    results = iter(zip(losses, accuracies, strict=True))

    def validation(network):
        seen.append(network.parameters.copy())
        return next(results)

    return validation


def test_the_best_epoch_comes_back(fit):
    seen = []
    # Epoch 3 ties with 2 and has the lower loss; epoch 4 ties in both and is later.
    validation = scripted([0.5, 0.8, 0.8, 0.8, 0.7], [9, 3, 2, 2, 1], seen)
    network, records = fit(epochs=5, validation=validation)
    assert [r.best_epoch for r in records] == [1, 2, 3, 3, 3]
    np.testing.assert_array_equal(network.parameters, seen[2])


def test_patience_stops(fit):
    seen = []
    network, records = fit(
        epochs=9, patience=2, validation=scripted([0.9, 0.5, 0.5, 0.95], [1] * 4, seen)
    )
    assert len(records) == 3
    np.testing.assert_array_equal(network.parameters, seen[0])


def test_closing_the_generator_restores_the_best(build, blobs):
    network, seen = build(), []
    steps = nn.train(
        network,
        nn.LOSSES["mse"](),
        nn.SGD(),
        blobs(),
        learning_rate=0.1,
        epochs=9,
        validation=scripted([0.9, 0.5, 0.1], [1] * 3, seen),
    )
    next(steps), next(steps)
    steps.close()
    np.testing.assert_array_equal(network.parameters, seen[0])


def test_the_average_is_what_is_validated_and_kept(fit):
    seen = []
    network, _ = fit(average=0.9, validation=scripted([0.1, 0.2, 0.3], [1] * 3, seen))
    plain, _ = fit()
    np.testing.assert_array_equal(network.parameters, seen[-1])
    assert not np.array_equal(network.parameters, plain.parameters)


def test_the_average_by_hand():
    average = nn.averaging.ExponentialAverage(0.05)
    held = np.array([1.0])
    for value in (1.0, 2.0, 4.0):
        held[...] = value
        average.update(held)
    average.swap(held)
    expected = 0.05 * (0.05 * 1 + 0.95 * 2) + 0.95 * 4
    assert held[0] == pytest.approx(expected)
    average.swap(held)
    assert held[0] == 4


def test_clipping_scales_to_the_norm():
    gradient = np.array([3.0, 4.0])
    assert nn.clipping.clip_by_norm(gradient, 1.0) == 5
    np.testing.assert_allclose(gradient, [0.6, 0.8])


def test_max_norm_shrinks_columns_only_where_needed(fit):
    matrix = np.array([[3.0, 0.1], [4.0, 0.2]])
    nn.max_norm.constrain_max_norm([matrix], 1.0)
    np.testing.assert_allclose(matrix, [[0.6, 0.1], [0.8, 0.2]])
    network, _ = fit(max_norm=0.5)
    norms = np.linalg.norm(network.layers[0].weight.value, axis=0)
    assert norms.max() <= 0.5 + 1e-6


def test_penalties_touch_weights_alone(build):
    network = build()
    network.parameters[...] = 2
    for penalty, expected in [(nn.L2(0.5), 1.0), (nn.L1(0.5), 0.5), (nn.ElasticNet(0.5, 0.5), 1.5)]:
        network.gradients[...] = 0
        scratch = np.empty_like(network.weights)
        penalty.add_gradient(network.weights, network.weight_gradients, scratch)
        assert (network.weight_gradients == expected).all()
        assert (network.gradients[len(network.weights) :] == 0).all()


def test_mixup_trains(fit):
    mixup = partial(nn.AUGMENTATIONS["mixup"](0.4), rng=np.random.default_rng(0))
    _, records = fit(mixup=mixup, epochs=10)
    assert records[-1].train_loss < records[0].train_loss


def test_the_last_epoch_is_kept_if_so_wanted(fit):
    seen = []
    network, records = fit(
        epochs=3, keep="last", validation=scripted([0.9, 0.5, 0.1], [1] * 3, seen)
    )
    assert [r.best_epoch for r in records] == [1, 1, 1]
    np.testing.assert_array_equal(network.parameters, seen[-1])


def test_patience_counts_from_the_best_whatever_is_kept(fit):
    seen = []
    validation = scripted([0.9, 0.5, 0.5, 0.95], [1] * 4, seen)
    network, records = fit(epochs=9, patience=2, keep="last", validation=validation)
    assert len(records) == 3
    np.testing.assert_array_equal(network.parameters, seen[-1])


def test_an_unknown_epoch_to_keep_is_refused(fit):
    with pytest.raises(ValueError, match="keep — must be best or last — got 'first'"):
        fit(keep="first")


def test_without_a_generator_rows_keep_their_order():
    x = np.arange(10, dtype=np.float32).reshape(5, 2)
    batches = nn.minibatches.Minibatches(x, np.arange(5), 2, rng=None)
    for _ in range(2):
        assert [y.tolist() for _, y in batches] == [[0, 1], [2, 3], [4]]
