"""Stage `code`: what source and settings each other stage rests on, and the machine of `time`.

DVC interpolates no lists into `deps`, and no list kept by hand can know a user's own component.
So one stage that is always asked writes the digests, and the others depend on what it wrote.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from experiments.source.digest import digest_source
from experiments.source.modules import ROOT
from pipeline import atomic
from pipeline.study.machine import environment
from pipeline.study.project import Project
from pipeline.study.settings import read_yaml

# Those of dvc.yaml that rest on source.
STAGES = ("data", "train", "time", "champion", "sync", "report")
_MACHINE = ("cpu", "blas", "blas_kernels")
# Sections of params.yaml. `train` and `report` name theirs in dvc.yaml, so that DVC can say which
# key changed; it reads and writes its whole lock after each stage, and more copies slow it down.
_SECTIONS = {"time": ("study", "time"), "champion": ("study",), "sync": ("study",)}
_IMPORT_PATH = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_]\w*")
# A file's name to what was read of it: `stamp` (time and size), `digest` and `imports`.
Memory = MutableMapping[str, dict[str, Any]]


def run(project: Project) -> None:
    """Write results/code/<stage>.json: the digest of each source file that the stage rests on.

    Beside them stand digests of the sections of params.yaml that DVC does not compare for it. The
    user's own modules that the study names by import path count as source. The cost of a training
    step is that of a machine: `time` rests on its processor and BLAS, too. What was read is kept in
    `.knockout/source_digests.json`, which may be deleted at any time.
    """
    path = project.root / ".knockout" / "source_digests.json"
    memory = _remembered(path)
    settings = read_yaml(project.file)
    own = sorted(set(named_modules(settings)))
    wanted = {stage: [f"pipeline.stages.{stage}_stage", *own] for stage in STAGES}
    roots = list(dict.fromkeys((ROOT, project.root)))
    for stage, content in source_digests(wanted, roots, memory).items():
        content |= {name: _digest(settings.get(name)) for name in _SECTIONS.get(stage, ())}
        if stage == "time":
            content |= {name: environment()[name] for name in _MACHINE}
        text = json.dumps(content, indent=1) + "\n"
        atomic.write_text(project.results() / "code" / f"{stage}.json", text)
    atomic.write_text(path, json.dumps(memory))


def _digest(section: Any) -> str:
    # Order counts: the first level is the baseline.
    return hashlib.sha256(json.dumps(section, default=str).encode()).hexdigest()


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


def source_digests(
    wanted: Mapping[str, Iterable[str]], roots: Sequence[Path], memory: Memory
) -> dict[str, dict[str, str]]:
    """Return a digest for each file that somebody's modules import, by the file's name.

    Packages on the way are executed, too. Files of other kinds beside a module of Knockout
    (templates, styles) belong to it. Docstrings, comments and layout do not count, nor does what
    is imported for type checkers alone, or lies in none of the roots: Knockout's own folder, the
    user's project. `memory` holds what is known of files that have not changed since, and is filled
    on the way.
    """
    # Everybody's modules are looked up once, and folders listed once: they share most.
    names, beside = cache(_names), cache(_beside)
    look_up = cache(partial(_look_up, roots=roots, memory=memory, names=names, beside=beside))
    # What begins otherwise, Python's own and others' packages, lies in none of the roots.
    begins = {path.stem for root in roots for path in root.iterdir()}
    found = {}
    for who, modules in wanted.items():
        digests: dict[str, str] = {}
        waiting, reached = list(modules), set[str]()
        while waiting:
            parts = waiting.pop().split(".")
            if parts[0] not in begins:
                continue
            for name in {".".join(parts[:end]) for end in range(1, len(parts) + 1)} - reached:
                reached.add(name)
                own, imports = look_up(name)
                digests |= own
                waiting += imports
        found[who] = dict(sorted(digests.items()))
    return found


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _beside(folder: Path) -> dict[str, str]:
    """Return a digest of each file in a folder that is not Python's."""
    others = (p for p in folder.iterdir() if p.suffix not in ("", ".py", ".pyc") and p.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in others}


def _look_up(
    name: str,
    roots: Sequence[Path],
    memory: Memory,
    names: Callable[[Path], set[str]],
    beside: Callable[[Path], dict[str, str]],
) -> tuple[Mapping[str, str], Sequence[str]]:
    """Return a module's digests and imports; nothing when it lies in none of the roots."""
    *parents, last = name.split(".")
    for root in roots:
        folder, file = root.joinpath(*parents), f"{last}.py"
        if file not in names(folder):
            if last not in names(folder) or "__init__.py" not in names(folder / last):
                continue
            folder, file = folder / last, "__init__.py"
        known, place = _read(folder / file, memory), folder.relative_to(root)
        digests = {(place / file).as_posix(): known["digest"]}
        if root == ROOT:
            digests |= {(place / n).as_posix(): d for n, d in beside(folder).items()}
        return digests, known["imports"]
    return {}, ()


def _read(path: Path, memory: Memory) -> dict[str, Any]:
    stat = path.stat()
    stamp = [stat.st_mtime_ns, stat.st_size]
    known = memory.get(str(path))
    if known is None or known["stamp"] != stamp:
        text = path.read_text(encoding="utf-8")
        imports = sorted(set(_imports(ast.parse(text))))
        known = {"stamp": stamp, "digest": digest_source(text), "imports": imports}
        memory[str(path)] = known
    return known


def _imports(node: ast.AST) -> Iterator[str]:
    """Yield the modules that code may import, wherever it does."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)
