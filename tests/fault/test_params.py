"""Every single change of every declared study: accepted with sense, or refused in one line.

The whole set is `make fault`; `make test` tries each fortieth change.
"""

import copy
import datetime
import math
import re
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from operator import delitem, setitem
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from experiments.errors import StudyError
from pipeline.study.project import Project, read_project

ROOT = Path(__file__).resolve().parents[2]
STUDIES = [
    path
    for folder in (".", ".ci", "examples/*", "experiments/studies")
    for path in sorted(ROOT.glob(f"{folder}/*.yaml"))
    if re.search("^study:", path.read_text("utf-8"), re.MULTILINE)
]
IDS = [f"{path.parent.name}/{path.stem}" for path in STUDIES]
LONG = "x" * 5000
HOSTILE: list[Any] = [
    None, True, False, 0, -1, 1, 3, 10**30, -(10**30), 2**63, 0.5, -0.5, 1e-300, 1e300,
    math.nan, math.inf, -math.inf, "", LONG, "none", "on", "1e30", "a\nb", "\x1b[31m", "<b>",
    "=cmd()", "ü", "../x", "a:b", LONG + ":y", "os:getcwd", "builtins:dict", "builtins:len",
    "math:pi", [], [None], [[1]], [10**30], [True], [LONG], ["adam", "adam"], [1, 2, 3] * 500, {},
    {1: 2}, {"": 1}, {None: None}, {"x": {1: 2}}, {LONG: 1}, {"shift": {1: 2}},
    {"shift": math.inf}, {"shift": True}, {"shift": 10**30}, {"adam": {"beta1": True}},
    {"adam": {"beta1": math.nan}}, {"normal": {"deviation": [[1]]}}, {"off": 0, "": 1}, {1, 2},
    datetime.date(2020, 1, 1), b"bytes",
]  # fmt: skip
KEYS: list[Any] = [1, None, True, 1.5, "", LONG, "unknown", "a\nb", "<b>"]
Place = tuple[Any, ...]


def nodes(tree: Any, path: Place = ()) -> Iterator[Place]:
    yield path
    if not isinstance(tree, dict | list):
        return
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from nodes(value, (*path, key))


def at(tree: Any, path: Place) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def rename(mapping: dict[Any, Any], old: Any, new: Any) -> None:
    mapping[new] = mapping.pop(old)


def changes(tree: Any) -> Iterator[tuple[str, Place, Any, tuple[Any, ...]]]:
    """Yield every change of one place: its name, what it is done to, how, and with what."""
    for path in nodes(tree):
        value, name = at(tree, path), ".".join(map(str, path))
        if isinstance(value, list):
            for new in HOSTILE:
                yield f"{name} += {new!r:.60}", path, list.append, (new,)
        if isinstance(value, dict):
            for new in KEYS:
                yield f"{name}.{new!r:.60} added", path, setitem, (new, 1)
        if not path:
            continue
        *above, key = path
        for new in HOSTILE:
            yield f"{name} = {new!r:.60}", (*above,), setitem, (key, new)
        yield f"{name} deleted", (*above,), delitem, (key,)
        if isinstance(at(tree, (*above,)), dict):
            for new in KEYS:
                yield f"{name} renamed to {new!r:.60}", (*above,), rename, (key, new)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def check_sense(project: Project) -> None:
    """Hold what was accepted to what a study on one machine can mean."""
    study, settings = project.study, project.settings
    recipes = [recipe.as_dict() for recipe in study.recipes.values()]
    levels = [
        study.recipe(dataset, {**study.baseline, factor.name: label}).as_dict()
        for dataset in study.datasets
        for factor in study.factors
        for label in factor.labels
    ]
    for number in numbers([recipes, levels]):
        assert math.isfinite(number)
        assert number == 0 or 1e-38 < abs(number) < 1e39
    whole = [n for n in numbers([recipes, levels]) if isinstance(n, int)]
    assert all(abs(n) <= 10**9 for n in whole)
    for recipe in (*recipes, *levels):
        assert not any(width is True for width in recipe.get("hidden", ()))
        assert len(recipe.get("hidden", ())) <= 256
    labels = [label for factor in study.factors for label in factor.labels]
    assert all(label.strip() == label != "" and label.isprintable() for label in labels)
    assert all(len(text) <= 80 for text in (*labels, study.name, *study.datasets))
    assert 1 <= study.tune.trials <= 10_000
    assert not isinstance(study.tune.decades, bool)
    assert 0 <= study.seed < 2**63
    assert settings.time.processes in range(1001)
    assert settings.time.rounds in range(1, 10_001)


def try_changes(file: Path, *, every: int) -> tuple[int, int]:
    """Return how many changes were refused, and how many accepted."""
    tree = YAML(typ="safe", pure=True).load(file)
    refused = accepted = 0
    read_project(tree, file.parent)
    for change, path, do, arguments in islice(changes(tree), 0, None, every):
        changed = copy.deepcopy(tree)
        do(at(changed, path), *copy.deepcopy(arguments))
        started = time.process_time()
        try:
            project = read_project(changed, file.parent)
        except StudyError as error:
            refused += 1
            line = str(error)
            assert line.isprintable(), change
            assert len(line) <= 1000, (change, len(line))
            assert "`" in line, (change, line)
            assert not line.endswith(".."), (change, line)
        except Exception as error:
            raise AssertionError(f"{file.name}: {change} → {type(error).__name__}") from error
        else:
            accepted += 1
            try:
                check_sense(project)
            except AssertionError as error:
                raise AssertionError(f"{file.name}: {change} was accepted") from error
        assert time.process_time() - started < 5, change
    return refused, accepted


@pytest.fixture(autouse=True)
def torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch, or a stand-in: to read a study of its networks is to import it, no more."""
    if find_spec("torch") is None:
        stand_in = ModuleType("torch")
        # SciPy asks of every array whether it is one of PyTorch's.
        vars(stand_in).update(nn=ModuleType("torch.nn"), Tensor=type("Tensor", (), {}))
        monkeypatch.setitem(sys.modules, "torch", stand_in)


@pytest.mark.parametrize("file", STUDIES, ids=IDS)
def test_each_fortieth_change_is_refused_in_one_line_or_makes_sense(file: Path) -> None:
    refused, accepted = try_changes(file, every=40)
    assert refused > 5 * accepted > 0


@pytest.mark.fault
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("file", STUDIES, ids=IDS)
def test_every_change_is_refused_in_one_line_or_makes_sense(file: Path) -> None:
    refused, accepted = try_changes(file, every=1)
    print(f"{refused} refused, {accepted} accepted")
    assert refused > 5 * accepted > 0
