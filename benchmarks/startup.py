"""How long `import nn` takes, over a bare `import numpy`."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from benchmarks.targets import Target

# The clock is read inside: starting Python is not what is measured.
SCRIPT = """
from time import perf_counter
start = perf_counter()
import {module}
print(perf_counter() - start)
"""


def import_seconds(n_rounds: int) -> dict[str, float]:
    """Return the median seconds of importing numpy and nn, each time in a fresh process."""
    seconds: dict[str, list[float]] = {"numpy": [], "nn": []}
    for _ in range(n_rounds):
        for module, values in seconds.items():
            command = [sys.executable, "-c", SCRIPT.format(module=module)]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            values.append(float(run.stdout))
    return {module: median(values) for module, values in seconds.items()}


def import_targets(seconds: dict[str, float]) -> list[Target]:
    """Return the bound on the import, NumPy included."""
    return [Target("import nn, NumPy included", seconds["nn"], 0.2, at_most=True, unit=" s")]
