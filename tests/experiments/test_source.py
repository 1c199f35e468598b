"""The source digest: what a program does, not how it is written down."""

from pathlib import Path

import pytest

from experiments import source
from experiments.design.plan import modules_of
from experiments.run.recipe import Recipe
from experiments.source import closure, digest_source, source_digest

CODE = '''
"""Module."""
def f(x):
    """Double."""
    return 2 * x  # twice
'''


@pytest.mark.parametrize(
    "same",
    [
        "def f(x):\n    return 2 * x\n",
        'def f(x):\n    """Another."""\n\n    return (2 *\n        x)\n',
    ],
)
def test_comments_docstrings_and_layout_do_not_count(same: str) -> None:
    assert digest_source(same) == digest_source(CODE)


def test_another_computation_counts() -> None:
    assert digest_source(CODE.replace("2 *", "3 *")) != digest_source(CODE)


def test_a_run_depends_on_its_own_components_alone() -> None:
    reached = {
        name: set(closure(modules_of(Recipe(optimizer=name, dropout=rate, l2=l2))))
        for name, rate, l2 in (("sgd", 0, 0), ("adam", 0, 0), ("momentum", 0.5, 1e-4))
    }
    assert "nn.optimizers.adam" in reached["adam"] - reached["sgd"]
    assert "nn.optimizers.sgd" in reached["sgd"] - reached["adam"]
    assert {"nn.layers.dropout", "nn.penalties.l2"} <= reached["momentum"]
    assert not {"nn.layers.dropout", "nn.penalties.l2"} & reached["sgd"]
    for modules in reached.values():
        assert {"nn.training", "nn.network", "experiments.run.execute"} <= modules
        assert not any(m.startswith(("pipeline", "experiments.analysis")) for m in modules)


@pytest.mark.parametrize(
    ("field", "module"),
    [
        ({"batch_norm": True}, "nn.layers.batch_norm"),
        ({"mixup": 0.2}, "nn.augmentation.mixup"),
        ({"warmup": 1.0}, "nn.schedules.warmup"),
        ({"l1": 0.1}, "nn.penalties.l1"),
    ],
)
def test_a_switched_component_counts_only_where_it_is_on(
    field: dict[str, float], module: str
) -> None:
    assert module in closure(modules_of(Recipe(**field)))
    assert module not in closure(modules_of(Recipe()))


def test_editing_one_component_changes_only_the_runs_that_use_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shutil

    for package in source.PACKAGES:
        shutil.copytree(source.ROOT / package, tmp_path / package)
    adam, sgd = modules_of(Recipe(optimizer="adam")), modules_of(Recipe(optimizer="sgd"))
    before = source_digest(adam), source_digest(sgd)
    monkeypatch.setattr(source, "ROOT", tmp_path)
    for cached in (source._imports, source._module_digest, source.closure):
        cached.cache_clear()
    try:
        assert (source_digest(adam), source_digest(sgd)) == before
        with (tmp_path / "nn/optimizers/adam.py").open("a") as file:
            file.write("\nEXTRA = 1\n")
        source._module_digest.cache_clear()
        assert source_digest(adam) != before[0]
        assert source_digest(sgd) == before[1]
    finally:
        for cached in (source._imports, source._module_digest, source.closure):
            cached.cache_clear()
