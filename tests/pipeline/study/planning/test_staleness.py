"""Why a run is not stored: never run, or what differs from the nearest that is."""

from dataclasses import replace
from pathlib import Path

import pytest

from experiments.design import run_source
from experiments.design.run_source import digest_of
from experiments.design.study import parse_study
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.result import RunResult, untrained
from experiments.run.run_spec import RunSpec
from experiments.source import digest as source
from experiments.source.digest import digest_of_modules
from pipeline.study.planning import staleness
from pipeline.study.planning.staleness import (
    changed_modules,
    counted,
    missing_runs,
    modules_now,
    remember_sources,
)
from pipeline.study.store.run_store import RunStore
from pipeline.study.store.stored_runs import stored_runs
from tests.plans import planned


def specs(**recipe: object) -> list[RunSpec]:
    study = parse_study(
        {
            "datasets": ["digits"],
            "replicates": 2,
            "factors": {"optimizer": ["sgd", "adam"]},
            "recipe": {"hidden": [8], "epochs": 2, **recipe},
        }
    )
    return planned(study, content="hash")


def result_of(spec: RunSpec, status: str = "ok", reason: str = "") -> RunResult:
    return replace(untrained(spec), status=status, reason=reason)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store that holds every planned run."""
    store = RunStore(tmp_path / "runs")
    for spec in specs():
        store.put(result_of(spec))
    remember_sources(store.root, specs())
    return store


def why(store: RunStore, wanted: list[RunSpec]) -> list[str]:
    return [run.why for run in missing_runs(wanted, stored_runs(store), store.root)]


def retuned(spec: RunSpec, rate: float) -> RunSpec:
    tuned = {"learning_rate": rate}
    return replace(spec, recipe=spec.recipe.with_tuned(tuned), tuned=tuned)


def test_a_stored_run_needs_no_reason(store: RunStore) -> None:
    assert why(store, specs()) == []


def test_a_new_cell_or_replicate_was_never_run(store: RunStore) -> None:
    spec = specs()[0]
    wider = replace(spec, recipe=spec.recipe.with_fields({"hidden": (9,)}))
    assert why(store, [wider, replace(spec, replicate=7)]) == ["never run"] * 2


def test_other_data_and_another_rate_are_named(store: RunStore) -> None:
    spec = specs()[0]
    assert why(store, [replace(spec, content_hash="other")]) == ["data changed"]
    assert why(store, [retuned(spec, 0.2)]) == ["learning rate retuned: 0.1 -> 0.2"]
    both = retuned(replace(spec, content_hash="other"), 0.2)
    assert why(store, [both]) == ["data changed; learning rate retuned: 0.1 -> 0.2"]


def test_the_nearest_of_several_stored_runs_is_compared_with(store: RunStore) -> None:
    spec = specs()[0]
    store.put(result_of(retuned(replace(spec, content_hash="other"), 0.5)))
    assert why(store, [retuned(spec, 0.2)]) == ["learning rate retuned: 0.1 -> 0.2"]


def test_a_digest_whose_modules_were_not_recorded_says_so(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (store.root / "sources").iterdir():
        path.unlink()
    monkeypatch.setattr(source, "_module_digest", lambda _: "f" * 64)
    monkeypatch.setattr(run_source, "_digest", source.source_digest)
    assert set(why(store, specs())) == {"source changed: modules not recorded"}


def test_a_record_that_was_tampered_with_is_not_believed(store: RunStore) -> None:
    spec = specs()[0]
    path = staleness._path(store.root, spec.source_digest)
    assert changed_modules(store.root, spec.source_digest, spec) == []
    path.write_text(path.read_text().replace("nn.network", "nn.netwerk"))
    assert changed_modules(store.root, spec.source_digest, spec) is None


def test_what_is_written_hashes_to_the_digest_of_the_run(store: RunStore) -> None:
    spec = specs()[0]
    assert digest_of_modules(modules_now(spec)) == digest_of(spec.recipe)
    names = {path.stem for path in (store.root / "sources").iterdir()}
    assert names == {s.source_digest for s in specs()}


def test_a_failed_run_gives_its_reason_and_is_no_stored_neighbour(store: RunStore) -> None:
    spec = specs()[0]
    store.put(result_of(spec, "failed", "memory ran out"))
    assert why(store, [spec]) == ["failed: memory ran out"]
    assert why(store, [retuned(spec, 0.2)]) == ["never run"]
    missing = missing_runs(specs(), stored_runs(store), store.root)
    assert counted(specs(), missing) == "6 runs, 5 stored, 1 to train (1 failed)"


def test_a_diverged_run_is_a_result(store: RunStore) -> None:
    store.put(result_of(specs()[0], "diverged", "the loss became inf"))
    assert why(store, specs()) == []


def test_a_field_that_a_newer_version_adds_leaves_old_runs_in_their_place(store: RunStore) -> None:
    spec = specs()[0]
    old = dict(spec.identity) | {"recipe": dict(spec.identity["recipe"])}
    del old["recipe"]["batch_size"]
    store.path(spec.run_key).unlink()
    store.put(replace(result_of(spec), identity=old, run_key="ab" + "0" * 30))
    assert why(store, [spec]) == ["a field of the recipe is new"]
    assert staleness._defaults(NetworkRecipe)["batch_size"] == spec.recipe.batch_size  # type: ignore[attr-defined]
