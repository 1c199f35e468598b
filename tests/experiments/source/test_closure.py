"""What a run's code reaches: as much as Python imports, by whichever way, and no more."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.design.component_reader import TABLES
from experiments.design.import_path import add_folder
from experiments.design.run_source import modules_of
from experiments.source import digest as digest_module
from experiments.source.closure import bindings, closure, read, resolve
from experiments.source.digest import module_digests, source_digest
from experiments.source.modules import PACKAGES, ROOT, is_near, locate
from tests.experiments.conftest import network


def reached(**fields: Any) -> set[str]:
    return set(closure(modules_of(network(**fields))).modules)


def test_a_run_depends_on_its_own_components_alone() -> None:
    sgd, adam, some = reached(), reached(optimizer="adam"), reached(dropout=0.5, l2=1e-4)
    assert "nn.optimizers.adam" in adam - sgd
    assert "nn.optimizers.sgd" in sgd - adam
    assert some - sgd == {"nn.layers.dropout", "nn.penalties.l2"}
    for modules in (sgd, adam, some):
        assert {"nn.training", "nn.network", "experiments.run.execute"} <= modules


def test_parsing_wording_planning_and_the_environment_record_stand_outside() -> None:
    for module in reached(optimizer="adam", mixup=0.2, warmup=1.0, batch_norm=True):
        assert not module.startswith(("pipeline", "experiments.analysis", "experiments.design"))
        assert module not in ("experiments.errors", "data_loaders.registry", "data_loaders.load")
        assert not module.startswith("experiments.source")


@pytest.mark.parametrize(
    ("field", "module"),
    [
        ({"batch_norm": True}, "nn.layers.batch_norm"),
        ({"mixup": 0.2}, "nn.augmentation.mixup"),
        ({"warmup": 1.0}, "nn.schedules.warmup"),
        ({"l1": 0.1}, "nn.penalties.l1"),
        ({"block": ["dense", "gelu"]}, "nn.activations.gelu"),
    ],
)
def test_a_switched_component_counts_only_where_it_is_on(
    field: dict[str, Any], module: str
) -> None:
    assert module in reached(**field)
    assert module not in reached()


# Every component there is, as a recipe names it.
USES: dict[str, dict[str, Any]] = {
    **{f"optimizer {n}": {"optimizer": n} for n in TABLES["optimizer"]},
    **{f"schedule {n}": {"schedule": n} for n in TABLES["schedule"] if n != "step"},
    "schedule step": {"schedule": {"step": {}}},
    **{f"activation {n}": {"activation": n} for n in TABLES["activation"]},
    **{f"initializer {n}": {"initializer": n} for n in TABLES["initializer"]},
    **{f"loss {n}": {"loss": n} for n in TABLES["loss"]},
    **{f"augmentation {n}": {"augmentation": n} for n in TABLES["augmentation"] if n != "mixup"},
    "mixup": {"mixup": 0.3},
    "penalties": {"l1": 1e-4, "l2": 1e-4},
    "elastic net": {"penalty": [{"elastic_net": {"l1": 1e-4, "l2": 1e-4}}]},
    "batch norm": {"batch_norm": True},
    "dropout": {"dropout": 0.3},
    "warmup": {"warmup": 0.5},
    "the rest": {"clip_norm": 1.0, "max_norm": 2.0, "average": 0.9, "patience": 2},
}
# One interpreter that holds NumPy and pydantic, and a fork of it for each component.
_RUN = """
import json, os, sys, types
import numpy as np, numpy.random, pydantic
# The packages' own __init__ files import everything: only what a run executes shall count.
for name in json.loads(sys.argv[2]):
    package = types.ModuleType(name)
    package.__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
    sys.modules[name] = package
# What every run imports.
from data_loaders.datasets import Dataset
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.component import Component
from experiments.run.execute import execute
from experiments.run.run_spec import RunSpec

def built(value):
    if isinstance(value, dict) and "path" in value:
        return Component(**value)
    return tuple(map(built, value)) if isinstance(value, list) else value

def run(fields):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (90, 5, 5)).astype(np.uint8)
    labels = (np.arange(90) % 3).astype(np.uint8)
    dataset = Dataset("made", images, labels, None, None, ("a", "b", "c"), "")
    recipe = NetworkRecipe(**{name: built(value) for name, value in fields.items()})
    execute(RunSpec("s", "made", "c", "cell", {}, recipe, 0, 0, "", ""), dataset)

for use, fields in json.load(sys.stdin).items():
    child = os.fork()
    if not child:
        with np.errstate(all="ignore"):
            run(fields)
        print(json.dumps([use, sorted(sys.modules)]), flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, use
"""


def packages() -> list[str]:
    found = []
    for top in PACKAGES:
        inits = (ROOT / top).rglob("__init__.py")
        found += [".".join(p.parent.relative_to(ROOT).parts) for p in inits]
    return found


def plain(value: Any) -> Any:
    if hasattr(value, "path") and hasattr(value, "options"):
        return vars(value)
    return [plain(part) for part in value] if isinstance(value, tuple) else value


RECIPES = {
    use: network(hidden=[6], epochs=1, batch_size=16, learning_rate=0.01, **fields)
    for use, fields in USES.items()
}


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """Return the modules that an interpreter has imported after a run with each component."""
    wanted = {
        use: {name: plain(getattr(recipe, name)) for name in type(recipe).model_fields}
        for use, recipe in RECIPES.items()
    }
    command = [sys.executable, "-c", _RUN, str(ROOT), json.dumps(packages())]
    done = subprocess.run(
        command,
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
        env={"OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return {use: set(modules) for use, modules in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("use", USES)
def test_a_fresh_interpreter_imports_what_the_closure_holds(
    imported: dict[str, set[str]], use: str
) -> None:
    """Were a module forgotten, an edit of it would leave stale runs in the store."""
    ours = {m for m in imported[use] if m.split(".")[0] in PACKAGES}
    assert ours - set(packages()) == set(closure(modules_of(RECIPES[use])).modules)


def test_by_which_way_a_name_is_imported_makes_no_difference() -> None:
    assert resolve("nn", "Dense") == resolve("nn.layers", "Dense") == "nn.layers.dense:Dense"
    assert resolve("experiments.run", "Recipe") == "experiments.run.recipe:Recipe"
    assert resolve("nn", "layers") == "nn.layers"
    assert resolve("nn", "OPTIMIZERS") == "nn.optimizers:OPTIMIZERS"


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that writes files of a user's and digests the module `lab.own`."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    add_folder(tmp_path)

    def digest(**files: str) -> str:
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/').replace('INIT', '__init__')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        forget()
        return source_digest(["lab.own"])

    yield digest
    forget()


def forget() -> None:
    import importlib

    importlib.invalidate_caches()
    for function in (locate, is_near, read, resolve, bindings, closure):
        function.cache_clear()
    digest_module._module_digest.cache_clear()


OWN = "from nn.layers.layer import Layer\nfrom lab.near import f\nx = f(Layer)\n"


def test_a_user_s_own_package_counts_and_a_neighbour_does_not(lab: Callable[..., str]) -> None:
    before = lab(lab__own=OWN, lab__near="def f(x): return x\n", lab__far="y = 1\n")
    assert lab(lab__far="y = 2\n") == before
    assert lab(lab__near="def f(x): return 2 * x\n") != before
    assert lab(lab__near="def f(x):\n    '''Say.'''\n    return x\n") == before


@pytest.mark.parametrize(
    "same",
    [
        "from nn.layers import Layer\nfrom lab.near import f\nx = f(Layer)\n",
        "from nn import Layer\nfrom .near import f\nx = f(Layer)\n",
        "from lab.near import f\nfrom nn.layers.layer import Layer\nx = f(Layer)\n",
    ],
)
def test_a_user_s_import_may_be_written_as_one_likes(lab: Callable[..., str], same: str) -> None:
    assert lab(lab__own=OWN, lab__near="def f(x): return x\n") == lab(lab__own=same)


def test_an_import_of_the_whole_library_counts_for_what_is_taken_from_it(
    lab: Callable[..., str],
) -> None:
    lab(lab__own="import nn\nx = nn.Dense\ny = nn.optimizers.Adam\n")
    modules = closure(("lab.own",)).modules
    assert {"nn.layers.dense", "nn.optimizers.adam"} <= set(modules)
    assert "nn.optimizers.lion" not in modules


def test_packages_of_others_count_by_their_version(lab: Callable[..., str]) -> None:
    import sklearn

    lab(lab__own="import json\nimport numpy as np\nfrom sklearn.tree import ExtraTreeClassifier\n")
    found = module_digests(["lab.own"])
    assert found["sklearn"] == f"version {sklearn.__version__}"
    assert found["numpy"] == "version " + ".".join(np.__version__.split(".")[:2])
    assert "json" not in found


def test_a_package_that_does_something_at_its_import_counts(lab: Callable[..., str]) -> None:
    before = lab(lab__INIT="", lab__own="x = 1\n")
    assert lab(lab__INIT="'''A lab.'''\n__all__ = ['own']\n") == before
    assert lab(lab__INIT="import nn\nnn.softmax = None\n") != before


def test_an_added_field_of_a_user_s_recipe_does_not_count(lab: Callable[..., str]) -> None:
    text = (
        "from experiments.run import Recipe, Trained\n"
        "class Base(Recipe):\n    a: int = 1\n"
        "class Own(Base):\n    b: int = 2\n"
        "    def train(self, task):\n        return Trained(lambda x: x * self.b)\n"
    )
    before = lab(lab__own=text)
    assert (
        lab(lab__own=text.replace("    b: int = 2\n", "    b: int = 2\n    c: float = 0\n"))
        == before
    )
    assert lab(lab__own=text.replace("* self.b", "* self.a")) != before
