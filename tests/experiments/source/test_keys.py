"""What survives a change of the project, and what trains again: the keys of the main study."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments.source.modules import PACKAGES, ROOT

# One interpreter that holds what others wrote, and a fork of it for each state of the source.
_KEYS = """
import json, os, sys
import numpy, pandas, pydantic, scipy.stats, scipy.special, sklearn
from ruamel.yaml import YAML

def keys(study):
    from experiments.design.plan import plan, whole_blocks
    from experiments.design.study import parse_study
    study = parse_study(study)
    arms = ("baseline", "momentum", "rmsprop", "adam", "placebo")
    chosen = {(arm, block): {"learning_rate": 0.01} for arm in arms for block in range(5)}
    return {
        f"{dataset} {spec.cell} {spec.replicate}": spec.run_key
        for dataset in study.datasets
        for spec in plan(study, dataset, "content", chosen, whole_blocks(study, 5))
    }

sys.path[:0] = [sys.argv[1]]
study = YAML(typ="safe", pure=True).load(sys.argv[2])["study"]
for number, line in enumerate(sys.stdin):
    child = os.fork()
    if not child:
        # What is compiled of one edit would be taken for another of the same size and second.
        sys.dont_write_bytecode = number > 0
        print(json.dumps(keys(study)), flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
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


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("*.pyc"))
    return root


Keys = Callable[[], dict[str, str]]


@pytest.fixture(scope="module")
def keys(copy: Path) -> Iterator[Keys]:
    """Return what gives the keys of the study by the source that the copy holds now."""
    command = [sys.executable, "-P", "-c", _KEYS, str(copy), STUDY]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"OPENBLAS_NUM_THREADS": "1"},
    ) as process:
        assert process.stdin and process.stdout

        def ask() -> dict[str, str]:
            process.stdin.write("\n")
            process.stdin.flush()
            found: dict[str, str] = json.loads(process.stdout.readline())
            return found

        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def before(keys: Keys) -> dict[str, str]:
    found = keys()
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
    "other words in a hint, an error of a layer, a docstring and a comment": [
        ("experiments/errors.py", "did you mean", "perhaps you mean"),
        ("nn/layers/dropout.py", "must be a generator", "is missing"),
        ("nn/network.py", '"""A network: layers', '"""A net: layers'),
        ("nn/training.py", "    try:\n", "    # Whatever comes.\n    try:\n"),
    ],
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
def after(
    copy: Path, keys: Keys, before: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """Edit the copy, give the keys, and put back what was there."""
    edits: list[Edit] = request.param
    kept = {name: (copy / name).read_bytes() for name, _, _ in edits if (copy / name).exists()}
    for name, old, new in edits:
        text = (copy / name).read_text(encoding="utf-8") if name in kept else ""
        assert old in text, name
        (copy / name).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    yield keys()
    for name, _, _ in edits:
        if name in kept:
            (copy / name).write_bytes(kept[name])
        else:
            (copy / name).unlink()


@pytest.mark.parametrize("after", HARMLESS.values(), ids=HARMLESS.keys(), indirect=True)
def test_what_computes_nothing_new_keeps_every_run(
    after: dict[str, str], before: dict[str, str]
) -> None:
    assert after == before


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
    ("after", "part"), USED.values(), ids=USED.keys(), indirect=["after"]
)  # fmt: skip
def test_an_edit_trains_again_what_uses_it_and_nothing_else(
    after: dict[str, str], before: dict[str, str], part: str
) -> None:
    changed = {name for name, key in after.items() if key != before[name]}
    assert changed == {name for name in before if part in name.split()[1].split("+") or not part}
