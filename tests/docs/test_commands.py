"""Every command in README and the documentation exists, with the options that it is given."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline.cli import app
from tests.docs.blocks import PAGES, ROOT, commands

# Programs that are not this project's; MLflow's are started by the tests of tracking.
OTHERS = {".", "cd", "curl", "export", "git", "helm", "kubectl", "mlflow", "pip", "python"}


def options(command: Any) -> set[str]:
    return {name for p in command.params for name in (*p.opts, *p.secondary_opts)} | {"--help"}


def check_click(command: Any, words: list[str], shared: Iterable[str] = ()) -> None:
    """Follow the words through a click command's subcommands; check each option on the way."""
    known = {*shared, *options(command)}
    for i, word in enumerate(words):
        if word.startswith("-"):
            assert word.split("=")[0] in known, f"no option {word} among {sorted(known)}"
        elif hasattr(command, "commands"):
            if words[i - 1] in known and i:
                continue  # the value of an option
            assert word in command.commands, f"no command {word} among {sorted(command.commands)}"
            check_click(command.commands[word], words[i + 1 :], known)
            return


def check_knockout(words: list[str]) -> None:
    check_click(typer.main.get_command(app), words, {"--debug"})


@cache
def dvc_parser() -> Any:
    from dvc.cli.parser import get_main_parser

    return get_main_parser()


def check_dvc(words: list[str]) -> None:
    from dvc.cli import DvcParserError

    try:
        dvc_parser().parse_args(words)
    except DvcParserError as error:
        raise AssertionError(f"DVC refuses {words}") from error


def check_make(words: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert words[0] in targets


def check_dask(words: list[str]) -> None:
    (found,) = entry_points(group="dask_cli", name=words[0])
    check_click(found.load(), words[1:])


PROGRAMS = {
    "knockout": check_knockout,
    "dvc": check_dvc,
    "make": check_make,
    "dask": check_dask,
}


def check(command: str) -> None:
    """Check one line of a shell: assignments before it, and several commands in it, are allowed."""
    for part in re.split(r"\s*(?:;|&&|\|)\s*", command.removesuffix("&").strip()):
        words = shlex.split(part)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        program = words[0].removeprefix(".venv/bin/")
        if program not in OTHERS:
            assert program in PROGRAMS, f"unknown program {program}"
            PROGRAMS[program](words[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists(page: Path) -> None:
    for where, command in commands(page):
        try:
            check(command)
        except (AssertionError, ValueError) as error:
            pytest.fail(f"{where}: {command}: {error}")


@pytest.mark.parametrize(
    "command",
    ["knockout plam", "knockout plan --fast", "dvc repro --no", "make tee", "knokout plan"],
)
def test_a_command_that_does_not_exist_is_found(command: str) -> None:
    with pytest.raises(AssertionError):
        check(command)
