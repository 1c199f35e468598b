"""Every component of the library keeps the contract of its kind."""

import pytest

import nn
from nn.checks import assert_contract

KINDS = {
    "optimizer": nn.OPTIMIZERS,
    "schedule": nn.SCHEDULES,
    "penalty": nn.PENALTIES,
    "layer": nn.LAYERS,
    "activation": nn.ACTIVATIONS,
    "initializer": nn.INITIALIZERS,
    "loss": nn.LOSSES,
    "augmentation": {k: v for k, v in nn.AUGMENTATIONS.items() if v is not nn.Mixup},
    "mixup": {"mixup": nn.Mixup},
}
# Beside the defaults: what has no default, and options that switch something else on.
OPTIONS = {
    "dense": [{"n_outputs": 5}],
    "dropout": [{}, {"rate": 0.1}, {"rate": 0.8}],
    "batch_norm": [{}, {"momentum": 1.0}],
    "elastic_net": [{}, {"l1": 0.1, "l2": 0.2}],
    "l1": [{}, {"strength": 0.1}],
    "l2": [{}, {"strength": 0.1}],
    "elu": [{}, {"alpha": 0.3}],
    "leaky_relu": [{}, {"slope": 0.3}],
    "lion": [{}, {"weight_decay": 0.1}],
    "cross_entropy": [{}, {"label_smoothing": 0.1}],
    "constant": [{}],
}


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [(k, n, o) for k, table in KINDS.items() for n in table for o in OPTIONS.get(n, [{}])],
)
def test_it_keeps_its_contract(kind, name, options):
    assert_contract(kind, KINDS[kind][name], **options)
