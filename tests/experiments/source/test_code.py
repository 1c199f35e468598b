"""What code does, however it is written down, and on whichever Python it is read."""

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path
from shutil import which

import pytest

from experiments.source.code import Code, Import
from experiments.source.digest import digest_source
from experiments.source.modules import ROOT

CODE = '''
"""Module."""
LIMIT = 3
"""The most."""
def f(x, *, name="x"):
    """Double."""
    if x > LIMIT:
        raise ValueError(f"{name} — at most {LIMIT} — got {x!r:>8}.")
    assert x, "nothing"
    return 2 * x  # twice
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Double."""', '"""Another\n    docstring."""\n'),
        ('"""Double."""', ""),
        ('"""The most."""\n', ""),
        ("  # twice", ""),
        ("2 * x", "(2 *\n        x)"),
        ("at most", "no more than"),
        ('ValueError(f"{name} — at most {LIMIT} — got {x!r:>8}.")', "ValueError"),
        ('assert x, "nothing"', "assert x"),
        ('"x"', "'x'"),
        ("LIMIT = 3", "import os\nLIMIT = 3"),
    ],
)
def test_words_and_layout_do_not_count(old: str, new: str) -> None:
    assert old in CODE
    assert digest_source(CODE.replace(old, new)) == digest_source(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 *", "3 *"),
        ("LIMIT = 3", "LIMIT = 3.0"),
        ('name="x"', "name=None"),
        ("x > LIMIT", "x >= LIMIT"),
        ("raise ValueError", "raise KeyError"),
        ("    assert x,", "    assert not x,"),
    ],
)
def test_another_computation_counts(old: str, new: str) -> None:
    assert digest_source(CODE.replace(old, new)) != digest_source(CODE)


def test_what_is_recorded_here_is_read_everywhere() -> None:
    """Were this digest another, every stored run of everybody would be stale."""
    recorded = "376627f376b5bc4e1e52ff44b9094479d78facf8a23291c13f76274c8031e034"
    sample = Path(__file__).with_name("sample.py.txt").read_text(encoding="utf-8")
    assert digest_source(sample) == recorded


def pythons() -> list[str]:
    """Return an interpreter of each supported version here; a shim may stand for none."""
    names = [which(f"python3.{minor}") for minor in range(11, 20)]
    own = (Path.home() / ".pyenv" / "versions").glob("3.1[1-9].*/bin/python")
    found = [sys.executable, *map(str, sorted(own)), *filter(None, names)]
    return list({version(path): path for path in reversed(found) if version(path)}.values())


@cache
def version(python: str) -> str:
    done = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.rpartition(".")[0]


@pytest.fixture(scope="module")
def read_here() -> str:
    total = hashlib.sha256()
    for package in ("nn", "experiments"):
        for path in sorted((ROOT / package).rglob("*.py")):
            total.update(Code(path.read_text(encoding="utf-8")).canonical().encode())
    return total.hexdigest()


@pytest.mark.parametrize("python", pythons())
def test_every_python_reads_the_same(python: str, read_here: str) -> None:
    script = (
        "import hashlib, pathlib, sys\n"
        f"root = pathlib.Path({str(ROOT)!r}); sys.path.insert(0, str(root))\n"
        "from experiments.source.code import Code\n"
        "total = hashlib.sha256()\n"
        "for package in ('nn', 'experiments'):\n"
        "    for path in sorted((root / package).rglob('*.py')):\n"
        "        total.update(Code(path.read_text(encoding='utf-8')).canonical().encode())\n"
        "print(total.hexdigest())\n"
    )
    command = [python, "-I", "-S", "-c", script]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert there.strip() == read_here


def test_imports_are_told_with_relative_ones_resolved() -> None:
    text = "import nn\nimport a.b as c\nfrom .near import x as y\nfrom .. import far\n"
    code = Code(text, "lab.inner.own")
    assert code.imports == {
        Import("nn", "nn"),
        Import("c", "a.b"),
        Import("y", "lab.inner.near", "x"),
        Import("far", "lab", "far"),
    }


def test_fields_of_named_classes_are_left_out_and_class_variables_are_not() -> None:
    plain = "class A:\n    x: int = 1\n    n: ClassVar[int] = 2\n    def f(self): return self.x\n"
    more = plain.replace("    n:", "    y: float = 0.5\n    n:")

    def digest(text: str) -> str:
        code = Code(text)
        code.without_fields(["A"])
        return code.canonical()

    assert digest(plain) == digest(more)
    assert digest(plain) != digest(plain.replace("= 2", "= 3"))
    assert digest(plain) != digest(plain.replace("return self.x", "return 1"))
