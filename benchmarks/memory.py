"""The memory of one run beyond its dataset and its imports, in a process of its own.

The dataset is mapped from disk and shared between workers, so that it does not count; index
arrays (8 bytes per example) and the interpreter's own growth do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from benchmarks.targets import Target

RUN = """
import json, math, sys
from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load
from experiments.network.build import build_network
from experiments.run.execute import execute, task_of
from experiments.design.plan import plan, whole_blocks
from experiments.design.study import parse_study

def resident(field):
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(s.split()[1]) for s in lines if s.startswith(field))

def spec_of(dataset):
    study = parse_study({{"datasets": [dataset.name], "factors": {{"l2": [0, 0.1]}},
        "tune": {{"per": []}}, "recipe": {{"optimizer": "{optimizer}", "epochs": 2,
        "learning_rate": 0.001}}}})
    return next(plan(study, dataset.name, dataset.content_hash, {{}}, whole_blocks(study, 1)))

try:
    dataset, small = load("{dataset}"), load("digits")
except DatasetUnavailableError:
    sys.exit(print("null"))
spec = spec_of(dataset)
# Late imports, the workspace of BLAS and the pages of the dataset are not the run's.
execute(spec_of(small), small)
for part in (dataset.x, dataset.x_test):
    part is None or part.sum()
open("/proc/self/clear_refs", "w").write("5")  # resets the peak
before = resident("VmRSS")
execute(spec, dataset)
peak = resident("VmHWM") - before
network = build_network(spec.recipe, task_of(spec, dataset))
pixels = math.prod(dataset.x.shape[1:])
widths = [pixels, *spec.recipe.hidden, dataset.n_classes]
# Output, gradient and two scratches of each width, and the batch as bytes and as floats.
batch = 4 * network.capacity * sum(4 * w for w in widths) + 5 * spec.recipe.batch_size * pixels
print(json.dumps({{"peak": peak, "batch": batch, "parameters": 4 * network.n_parameters}}))
"""


def run_megabytes(dataset: str = "mnist", optimizer: str = "adam") -> dict[str, float] | None:
    """Return peak, batch buffers and one copy of the parameters.

    None where the dataset is unavailable, the study's packages are not installed or the system is
    not Linux.
    """
    if not (Path("/proc/self/clear_refs").exists() and find_spec("pydantic")):
        return None
    script = RUN.format(dataset=dataset, optimizer=optimizer)
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    sizes = json.loads(run.stdout)
    return sizes and {name: size / 1e6 for name, size in sizes.items()}


def memory_targets(megabytes: dict[str, float] | None) -> list[Target]:
    """Return the promise: buffers for one batch and four copies of the parameters."""
    if megabytes is None:
        return []
    bound = megabytes["batch"] + 4 * megabytes["parameters"]
    what = "peak memory of an Adam run beyond its dataset"
    return [Target(what, megabytes["peak"], round(bound, 1), at_most=True, unit=" MB")]
