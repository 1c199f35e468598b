"""Stage `code`: what source each other stage rests on, and the machine that `time` does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.source.modules import ROOT
from pipeline import atomic
from pipeline.stages.source_digests import Memory, source_digests
from pipeline.study.machine import environment
from pipeline.study.project import Project
from pipeline.study.settings import read_yaml

# The stages of dvc.yaml, by the commands that they run.
COMMANDS = {
    "data": ("data",),
    "train": ("tune", "train"),
    "time": ("time",),
    "champion": ("champion",),
    "sync": ("sync",),
    "report": ("report",),
}
_MACHINE = ("cpu", "blas", "blas_kernels")
_IMPORT_PATH = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_]\w*")


def run(project: Project) -> None:
    """Write results/code/<stage>.json: the digest of each source file that the stage rests on.

    Among them are the user's own modules that the study names by import path. The cost of a
    training step is that of a machine: `time` rests on its processor and BLAS, too. What was read
    is kept in `.knockout/source_digests.json`, which may be deleted at any time.
    """
    path = project.root / ".knockout" / "source_digests.json"
    memory = _remembered(path)
    own = sorted(set(named_modules(read_yaml(project.file))))
    wanted = {
        stage: [*(f"pipeline.stages.{command}_stage" for command in commands), *own]
        for stage, commands in COMMANDS.items()
    }
    roots = list(dict.fromkeys((ROOT, project.root)))
    for stage, content in source_digests(wanted, roots, memory).items():
        if stage == "time":
            content |= {name: environment()[name] for name in _MACHINE}
        text = json.dumps(content, indent=1) + "\n"
        atomic.write_text(project.results() / "code" / f"{stage}.json", text)
    atomic.write_text(path, json.dumps(memory))


def _remembered(path: Path) -> Memory:
    try:
        memory: Memory = json.loads(path.read_text(encoding="utf-8"))
        return memory if all(entry["imports"] is not None for entry in memory.values()) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def named_modules(content: Any) -> Iterator[str]:
    """Yield the module of each import path, such as `my_lab.signum:Signum`, in a YAML file."""
    if isinstance(content, str):
        if path := _IMPORT_PATH.fullmatch(content):
            yield path[1]
    elif isinstance(content, dict | list):
        entries = [*content, *content.values()] if isinstance(content, dict) else content
        for entry in entries:
            yield from named_modules(entry)
