"""What survives a change of the project, and what trains again: the keys of the main study."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.source.modules import PACKAGES, ROOT

_KEYS = """
import json, sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from ruamel.yaml import YAML
from experiments.design.plan import plan, whole_blocks
from experiments.design.study import parse_study
study = parse_study(YAML(typ="safe", pure=True).load(Path(sys.argv[2]))["study"])
arms = ("baseline", "momentum", "rmsprop", "adam", "placebo")
chosen = {(arm, block): {"learning_rate": 0.01} for arm in arms for block in range(5)}
found = {
    f"{dataset} {spec.cell} {spec.replicate}": spec.run_key
    for dataset in study.datasets
    for spec in plan(study, dataset, "content", chosen, whole_blocks(study, 5))
}
print(json.dumps(found))
"""
STUDY = """
study:
  datasets: [digits, mnist, fashion_mnist]
  replicates: 5
  seed: 20261
  factors:
    optimizer: [sgd, momentum, rmsprop, adam]
    l2: {off: 0, on: 1.0e-4}
    dropout: {off: 0, on: 0.2}
    augmentation: {off: none, on: {shift: {max_shift: 1}}}
  recipe: {hidden: [256, 128], batch_size: 128, epochs: 10, schedule: cosine}
  tune: {per: [optimizer]}
"""


def keys(root: Path, study: Path) -> dict[str, str]:
    command = [sys.executable, "-P", "-c", _KEYS, str(root), str(study)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={})
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("*.pyc"))
    (root / "study.yaml").write_text(STUDY, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def before(copy: Path) -> dict[str, str]:
    found = keys(copy, copy / "study.yaml")
    assert len(set(found.values())) == 495
    return found


# File, what stands there, what stands there afterwards.
Edit = tuple[str, str, str]
FIELD = "    mixup: Annotated[_Strength, Off(0.0)] = 0.0\n"
HARMLESS: dict[str, list[Edit]] = {
    "a recipe field, off by default": [
        (
            "experiments/network/network_recipe.py",
            FIELD,
            FIELD + "    noise: Annotated[_Strength, Off(0.0)] = 0.0\n",
        )
    ],
    "a new optimizer": [
        ("nn/optimizers/new.py", "", "from nn.optimizers.adam import Adam\nclass New(Adam): ...\n"),
        (
            "nn/optimizers/__init__.py",
            "from nn.optimizers.nadam import NAdam\n",
            "from nn.optimizers.nadam import NAdam\nfrom nn.optimizers.new import New\n",
        ),
        (
            "nn/optimizers/__init__.py",
            '    "adam": Adam,\n',
            '    "adam": Adam,\n    "new": New,\n',
        ),
    ],
    "a reworded hint": [("experiments/errors.py", "did you mean", "perhaps you mean")],
    "a reworded error of a layer": [("nn/layers/dropout.py", "must be a generator", "is missing")],
    "a docstring": [("nn/network.py", '"""A network: layers', '"""A net: layers')],
    "a comment": [("nn/training.py", "    try:\n", "    # Whatever comes.\n    try:\n")],
    "another way to import": [
        (
            "experiments/network/build.py",
            "from nn.layers.dense import Dense\n",
            "from nn.layers import Dense\n",
        )
    ],
    "an edit of a component that the study does not use": [
        ("nn/optimizers/lion.py", "n_states = 1", "n_states = 2")
    ],
}


@pytest.fixture
def edited(copy: Path, request: pytest.FixtureRequest) -> Path:
    """Edit the copy, and put back what was there."""
    edits: list[Edit] = request.param
    kept = {name: (copy / name).read_bytes() for name, _, _ in edits if (copy / name).exists()}
    for name, old, new in edits:
        text = (copy / name).read_text(encoding="utf-8") if name in kept else ""
        assert old in text, name
        (copy / name).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    yield copy
    for name, _, _ in edits:
        if name in kept:
            (copy / name).write_bytes(kept[name])
        else:
            (copy / name).unlink()


@pytest.mark.parametrize("edited", HARMLESS.values(), ids=HARMLESS.keys(), indirect=True)
def test_what_computes_nothing_new_keeps_every_run(edited: Path, before: dict[str, str]) -> None:
    assert keys(edited, edited / "study.yaml") == before


USED: dict[str, tuple[list[Edit], str]] = {
    "Adam": (
        [("nn/optimizers/adam.py", "self._accumulate(chunk)", "self._accumulate(chunk); 1")],
        "adam",
    ),
    "the L2 penalty": ([("nn/penalties/l2.py", "0.5 * self", "0.25 * self")], "l2"),
    "the shift": (
        [("nn/augmentation/shift.py", "import numpy as np\n", "import numpy as np\nX = 1\n")],
        "augmentation",
    ),
    "the training loop": ([("nn/training.py", "best.restore(network)", "pass")], ""),
    "the split": ([("data_loaders/split.py", "TEST_FRACTION = 0.2", "TEST_FRACTION = 0.3")], ""),
}


@pytest.mark.parametrize(
    ("edited", "part"), USED.values(), ids=USED.keys(), indirect=["edited"]
)  # fmt: skip
def test_an_edit_trains_again_what_uses_it_and_nothing_else(
    edited: Path, before: dict[str, str], part: str
) -> None:
    after = keys(edited, edited / "study.yaml")
    changed = {name for name, key in after.items() if key != before[name]}
    assert changed == {name for name in before if part in name.split()[1].split("+") or not part}
