"""A run reaches a process that knows nothing of the user's folder."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.design.study import parse_study
from experiments.run.run_spec import RunSpec
from experiments.source.modules import ROOT
from tests.plans import planned

FOREST = """
from experiments.run import Recipe, Trained
from lab_e.depth import usual

class Forest(Recipe):
    depth: int = usual

    def train(self, task):
        return Trained(lambda x: x)
"""


@pytest.fixture
def spec(tmp_path: Path) -> Iterator[RunSpec]:
    path, modules = [*sys.path], {*sys.modules}
    (tmp_path / "lab_e").mkdir()
    (tmp_path / "lab_e" / "forest.py").write_text(FOREST, encoding="utf-8")
    (tmp_path / "lab_e" / "depth.py").write_text("usual = 3\n", encoding="utf-8")
    study = {"datasets": ["digits"], "factors": {"depth": [3, 8]}, "trainer": "lab_e.forest:Forest"}
    yield planned(parse_study(study, tmp_path), {})[0]
    sys.path[:] = path
    for name in {*sys.modules} - modules:
        del sys.modules[name]


def test_a_spec_travels_with_the_way_to_its_modules(spec: RunSpec, tmp_path: Path) -> None:
    script = (
        "import pickle, sys\n"
        "spec = pickle.load(sys.stdin.buffer)\n"
        "from experiments.design.run_source import digest_of\n"
        "print(spec.run_key, digest_of(spec.recipe), sys.path[-1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        input=pickle.dumps(spec),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.decode().split() == [spec.run_key, spec.source_digest, str(tmp_path)]


def test_the_class_is_part_of_the_identity(spec: RunSpec) -> None:
    assert spec.identity["recipe"]["trainer"] == "lab_e.forest:Forest"
    assert spec.recipe.entries == ("experiments.run.recipe", "lab_e.forest")
