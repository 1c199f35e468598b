"""Stage `champion`: train the best run again and keep its network, so that others can use it."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd

from data_loaders.datasets import Dataset
from data_loaders.load import load_content
from experiments import analysis
from experiments.design.designs import cell_name
from experiments.design.study import Study
from experiments.errors import StudyError
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.execute import Executed, execute_whole
from experiments.run.run_spec import RunSpec
from pipeline.champion.sample_images import (
    Pictures,
    answers_of,
    take_pictures,
    write_pictures,
)
from pipeline.champion.saved_network import RULE, Champion, ChampionCard, write_champion, write_none
from pipeline.results.scored_runs import read_runs, scores_of
from pipeline.stages.stored_stage import write_seal
from pipeline.study.dataset_card import read_card, why_gone
from pipeline.study.machine import environment, pin_threads
from pipeline.study.plans import planned
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table

FOLDER = "champion"


class _NoChampionError(Exception):
    """Why there is no champion: none is better than a wrong one."""


def run(project: Project, dataset: str) -> Champion | None:
    """Fill results/<dataset>/champion, or say there why there is no champion; write its seal."""
    folder = project.results(dataset) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.iterdir():
        stale.unlink()
    champion = None
    try:
        champion, pictures = _trained(project, dataset)
        write_pictures(pictures, folder)
        write_champion(champion, folder)
    except _NoChampionError as reason:
        print(f"no champion: {reason}", file=sys.stderr)
        write_none(str(reason), folder)
    write_seal(folder.with_suffix(".json"), folder.iterdir(), folder)
    return champion


def _trained(project: Project, dataset: str) -> tuple[Champion, Pictures]:
    """Train the best run again; return its network, and pictures of what it does."""
    study, folder = project.study, project.results(dataset)
    card, runs = read_card(folder / "dataset.json"), read_runs(project, dataset)
    key = analysis.best_run(runs, study)
    if key is None:
        gone = "is unavailable" if card.in_study else "is not part of the study"
        raise _NoChampionError("no run has finished" if card.usable else f"{dataset} {gone}")
    spec = next((spec for spec in planned(project, dataset) if spec.run_key == key), None)
    if spec is None:
        raise StudyError(
            f"results/{dataset}/runs.parquet must hold the runs of today's plan; its best run "
            f"{key} is not planned. Run `dvc repro train@{dataset}`."
        )
    if not isinstance(spec.recipe, NetworkRecipe):
        raise _NoChampionError(f"the best run is of {spec.recipe.path}; networks alone are kept")
    if reason := why_gone(card):
        raise _NoChampionError(reason)
    images = load_content(dataset, spec.content_hash)
    if images.x.ndim != 3 or images.is_regression:
        kind = "its examples are rows of a table" if images.is_table else "its images are in colour"
        kind = "numbers are predicted of it" if images.is_regression else kind
        raise _NoChampionError(f"{dataset}: {kind}; champions are kept for classes of grey images")
    pin_threads()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        executed = execute_whole(spec, images)
    _check_same(spec, executed, runs[runs["run_key"] == key].iloc[0])
    finished = runs.loc[(runs["arm"] == "cell") & (runs["status"] == "ok"), "run_key"]
    answers = answers_of(read_table(folder / "predictions.parquet"), set(finished))
    pictures = take_pictures(images, executed, spec, answers, _augmented(study, dataset))
    return Champion(executed.trained.model, _card(study, spec, executed, images)), pictures


def _check_same(spec: RunSpec, executed: Executed, stored: pd.Series) -> None:
    """Refuse a network that is not the stored run's bit for bit."""
    found, expected = executed.result.parameters_sha256, str(stored["parameters_sha256"])
    if found == expected:
        return
    made, own = (
        f"NumPy {of['numpy']}, {of['blas']} with {of['blas_kernels']} kernels"
        for of in (stored, environment())
    )
    raise _NoChampionError(
        f"champion of {spec.dataset} must be the network of run {spec.run_key} (parameters "
        f"{expected[:12]}, made on {made}); trained again it is {found[:12]} on {own}. Make the "
        "champion on the machine that trained the run."
    )


def _augmented(study: Study, dataset: str) -> NetworkRecipe | None:
    """Return the recipe of the study's first cell with augmentation."""
    recipes = (study.recipe(dataset, levels) for levels in study.cells.values())
    networks = (recipe for recipe in recipes if isinstance(recipe, NetworkRecipe))
    return next((recipe for recipe in networks if recipe.augmentation), None)


def _card(study: Study, spec: RunSpec, executed: Executed, dataset: Dataset) -> ChampionCard:
    result, scaling = executed.result, executed.scaling
    return ChampionCard(
        study=spec.study,
        dataset=spec.dataset,
        cell=cell_name(study.factors, spec.levels),
        run_key=spec.run_key,
        levels=dict(spec.levels),
        recipe=spec.recipe.as_dict(),
        replicate=spec.replicate,
        rule=RULE.format(response=study.measure.title),
        learning_rate=result.metrics["learning_rate"],
        val_accuracy=result.metrics["val_accuracy"],
        test_accuracy=result.metrics["test_accuracy"],
        n_test=int(result.metrics["n_test"]),
        parameters_sha256=result.parameters_sha256,
        scale=float(scaling.scale),
        shift=float(scaling.shift),
        image_shape=(dataset.x.shape[1], dataset.x.shape[2]),
        brightest=int(dataset.x.max()),
        class_names=dataset.class_names,
        content_hash=dataset.content_hash,
        environment=environment(),
        response=study.response,
        scores=scores_of(result, study.responses),
    )
