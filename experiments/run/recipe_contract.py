"""What a training must keep to, so that a study of it can be believed."""

from __future__ import annotations

import hashlib
import multiprocessing
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from data_loaders.datasets import Dataset
from experiments.run.execute import execute, task_of
from experiments.run.recipe import Recipe
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec

_N, _CLASSES = 240, 3


@dataclass(frozen=True)
class RecipeCheck:
    """One rule of the contract, and whether a recipe keeps it; `detail` says how it does not."""

    name: str
    ok: bool
    detail: str = ""

    def __str__(self) -> str:
        return f"ok      {self.name}" if self.ok else f"FAILED  {self.name} — {self.detail}"


def small_dataset() -> Dataset:
    """Return images of 6 x 6 pixels in three classes that can be told apart."""
    rng = np.random.default_rng(0)
    labels = np.arange(_N) % _CLASSES
    pictures = rng.integers(0, 90, (_CLASSES, 6, 6))[labels] + rng.integers(0, 60, (_N, 6, 6))
    images, classes = pictures.astype(np.uint8), labels.astype(np.uint8)
    images.flags.writeable = classes.flags.writeable = False
    return Dataset("contract", images, classes, None, None, ("a", "b", "c"), "contract")


def check_recipe(recipe: Recipe) -> list[RecipeCheck]:
    """Hold a recipe to the contract, with some short trainings.

    Parameters
    ----------
    recipe : Recipe
        With a value for what is tuned.

    Returns
    -------
    list of RecipeCheck
        One per rule; one alone that says why, when the recipe cannot be trained at all.
    """
    dataset = small_dataset()
    spec = RunSpec("check", "contract", "check", "cell", {}, recipe, 0, 0, "contract", "")
    works, first = _tried("it trains, and answers with probabilities", _train, spec, dataset)
    if not isinstance(first, RunResult):
        return [works]
    rules: list[tuple[str, Callable[..., Any]]] = [
        ("the same task gives the same answers", _repeats),
        ("another replicate gives other answers", _varies),
        ("a row's answer does not depend on its neighbours", _is_rowwise),
        ("it writes to none of its inputs", _spares_inputs),
        ("no global random state is touched", _spares_global_state),
        ("a spawned process gives the same answers", _travels),
    ]
    return [works, *(_tried(name, rule, spec, dataset, first)[0] for name, rule in rules)]


def _tried(name: str, rule: Callable[..., Any], *arguments: Any) -> tuple[RecipeCheck, Any]:
    try:
        found = rule(*arguments)
    except Exception as error:  # the training is the user's: anything may come
        at = traceback.extract_tb(error.__traceback__)[-1]
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return RecipeCheck(name, False, f"{text} ({at.filename}:{at.lineno})"), None
    return RecipeCheck(name, not isinstance(found, str), found if isinstance(found, str) else ""), (
        found
    )


def _train(spec: RunSpec, dataset: Dataset) -> RunResult | str:
    result = execute(spec, dataset)
    return result if result.status == "ok" else result.reason


def _repeats(spec: RunSpec, dataset: Dataset, first: RunResult) -> str | None:
    if np.array_equal(execute(spec, dataset).outputs, first.outputs):
        return None
    return "two trainings differ. Take all randomness from task.generator or task.seed."


def _varies(spec: RunSpec, dataset: Dataset, first: RunResult) -> str | None:
    if not np.array_equal(execute(replace(spec, replicate=1), dataset).outputs, first.outputs):
        return None
    return "it answers alike on another split with other seeds. Train on task.x and task.y."


def _is_rowwise(spec: RunSpec, dataset: Dataset, first: RunResult) -> str | None:
    trained = spec.recipe.train(task_of(spec, dataset))
    rows = task_of(spec, dataset).x[:9]
    together, alone = np.asarray(trained.predict(rows)), np.asarray(trained.predict(rows[4:5]))
    if np.allclose(together[4:5], alone, rtol=1e-4, atol=1e-6):
        return None
    return "predict answers a row otherwise when it stands alone. Switch evaluation mode on."


def _spares_inputs(spec: RunSpec, dataset: Dataset, first: RunResult) -> str | None:
    task = task_of(spec, dataset)
    parts = (task.x, task.y, task.x_val, task.y_val, dataset.x, dataset.y)
    before = [hashlib.sha256(part.tobytes()).hexdigest() for part in parts]
    trained = spec.recipe.train(task)
    # As the test rows are: writeable, so that a training that writes is seen and not stopped.
    rows = task.x_val.copy()
    trained.predict(rows)
    same = before == [hashlib.sha256(part.tobytes()).hexdigest() for part in parts]
    return None if same and np.array_equal(rows, task.x_val) else "an array changed. Copy it first."


def _spares_global_state(spec: RunSpec, dataset: Dataset, first: RunResult) -> str | None:
    kept = np.random.get_state()  # noqa: NPY002 - what must not be used
    try:
        # No training seeds it so: one that seeds it alike each time would leave it as it was.
        np.random.seed(20_011)  # noqa: NPY002
        before = repr(np.random.get_state())  # noqa: NPY002
        spec.recipe.train(task_of(spec, dataset))
        same = before == repr(np.random.get_state())  # noqa: NPY002
    finally:
        np.random.set_state(kept)  # noqa: NPY002
    if same:
        return None
    return "numpy.random's global state changed. Pass task.seed(...) or task.generator(...)."


def _travels(spec: RunSpec, dataset: Dataset, first: RunResult) -> str | None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        outputs = pool.apply(_outputs, (spec,))
    if np.array_equal(outputs, first.outputs):
        return None
    return "a fresh process trains something else. Keep no state in modules or in the recipe."


def _outputs(spec: RunSpec) -> np.ndarray:
    return execute(spec, small_dataset()).outputs
