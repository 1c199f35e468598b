"""Modules beside params.yaml: found last, and never silently another's."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.design.import_path import load_target
from experiments.errors import StudyError


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of a user's, forgotten afterwards."""
    path, modules = [*sys.path], {*sys.modules}
    yield tmp_path
    sys.path[:] = path
    for name in {*sys.modules} - modules:
        del sys.modules[name]


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def refused(path: str, folder: Path) -> str:
    with pytest.raises(StudyError) as caught:
        load_target(path, "study.x", folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("path", ["lab_a.own:f", "lab_a/own.py:f"])
def test_a_module_beside_params_yaml_is_found(folder: Path, path: str) -> None:
    write(folder, lab_a__own="def f(): return 7\n")
    name, target = load_target(path, "study.x", folder)
    assert name == "lab_a.own:f"
    assert target() == 7
    assert sys.path[-1] == str(folder)


@pytest.mark.parametrize("package", ["experiments", "nn", "json"])
def test_a_folder_called_like_ours_shadows_nothing_and_is_named(folder: Path, package: str) -> None:
    write(folder, **{f"{package}__own": "x = int\n", "lab_b__own": "from nn import Layer as x\n"})
    _, target = load_target("lab_b.own:x", "study.x", folder)
    assert target.__module__ == "nn.layers.layer"
    message = refused(f"{package}.own:x", folder)
    assert f"{package}/own.py, but '{package}' is already the name of" in message
    assert "Rename yours." in message


def test_errors_name_file_and_line(folder: Path) -> None:
    write(
        folder, lab_c__own="x = 1\ny = 1 / 0\n", lab_c__bad="def f(:\n", lab_c__far="import nope\n"
    )
    message = refused("lab_c.own:x", folder)
    assert "ZeroDivisionError: division by zero" in message
    assert f"{folder}/lab_c/own.py, line 2" in message
    assert f"{folder}/lab_c/bad.py, line 1" in refused("lab_c.bad:f", folder)
    assert f"No module named 'nope' in {folder}/lab_c/far.py, line 1" in refused(
        "lab_c.far:x", folder
    )


def test_what_is_not_there_is_named(folder: Path) -> None:
    write(folder, lab_d__own="x = int\n")
    assert f"no module lab_d.won beside params.yaml in {folder}" in refused("lab_d.won:x", folder)
    assert "own.py has no y" in refused("lab_d.own:y", folder)
    assert "must be an import path; got 'lab d:x'" in refused("lab d:x", folder)
