"""Read `study.response`: a name, an import path, or `{primary: …, secondary: […]}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from experiments.design.import_path import is_import_path, load_target
from experiments.errors import StudyError
from experiments.response.response import RESPONSES, Response, built_in, split_column

_WHERE = "study.response"


def read_responses(value: Any, *, regression: bool, folder: Path | None) -> dict[str, Response]:
    """Return the columns of the run table that a study judges by, the primary one first.

    Parameters
    ----------
    value : Any
        What params.yaml says: a response by name, `test_NAME` or `val_NAME` (judged on validation
        data), an import path of a Response or of a function (truth, prediction) → number of
        which more is better, or a mapping of a `primary` and a list of `secondary` ones. None for
        the accuracy, or R² where numbers are predicted.
    regression : bool
        Whether the datasets' targets are numbers.
    folder : Path, optional
        That of params.yaml.

    Raises
    ------
    StudyError
        At an unknown name or key, or a response that comes twice.
    """
    if value is None:
        value = "r2" if regression else "accuracy"
    if not isinstance(value, Mapping):
        value = {"primary": value}
    unknown = set(value) - {"primary", "secondary"}
    if unknown or "primary" not in value:
        raise StudyError(
            f"`{_WHERE}` must be a name or {{primary: name, secondary: [names]}}; got "
            f"{dict(value)!r}."
        )
    further = value.get("secondary") or []
    if not isinstance(further, list):
        raise StudyError(f"`{_WHERE}.secondary` must be a list of names; got {further!r}.")
    listed = [(value["primary"], _WHERE)]
    listed += [(name, f"{_WHERE}.secondary[{i}]") for i, name in enumerate(further)]
    found: dict[str, Response] = {}
    for name, where in listed:
        column, response = _read(name, where, folder)
        if column in found:
            raise StudyError(f"`{where}` must name another response; {name!r} comes twice.")
        found[column] = response
    return found


def _read(name: Any, where: str, folder: Path | None) -> tuple[str, Response]:
    if not isinstance(name, str):
        raise StudyError(f"`{where}` must name a response; got {name!r}. Write e.g. accuracy.")
    if not is_import_path(name):
        part, bare = split_column(name)
        return f"{part}_{bare}", built_in(bare, where)
    path, target = load_target(name, where, folder)
    attribute = path.rpartition(":")[2].rpartition(".")[2]
    if not isinstance(target, Response):
        if not callable(target):
            raise StudyError(
                f"`{where}` must name a Response or a function (truth, prediction) → number; got "
                f"{path}, {type(target).__name__}."
            )
        target = Response(attribute.lower(), attribute.lower().replace("_", " "), target)
    if target.name in RESPONSES:
        raise StudyError(
            f"`{where}` must have a name of its own; {path} is called {target.name}, which is "
            "built in. Choose another name."
        )
    return f"test_{target.name}", target


def check_margins(primary: Response, datasets: Iterable[str], margins: Mapping[str, float]) -> None:
    """Refuse a primary response of which nothing says what difference matters.

    Raises
    ------
    StudyError
        If it has no margin of its own and no dataset's, and a dataset is not in `margins`.
    """
    if primary.margin is not None or primary.unit == "%":
        return
    for name in datasets:
        if name not in margins:
            raise StudyError(
                f"`study.margins.{name}` must say which difference in {primary.title} does not "
                f"matter, in its unit; got none. Write e.g. margins: {{{name}: 1}}."
            )


def check_responses(responses: Mapping[str, Response], dataset: str, *, regression: bool) -> None:
    """Refuse a dataset that one of the responses cannot judge.

    Raises
    ------
    StudyError
        If a response for classes meets numbers, or the other way round.
    """
    for response in responses.values():
        response.check_task(regression=regression, where=dataset)
