"""The benchmarks run; their arithmetic is right. Nothing here depends on how fast a machine is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import nn
from benchmarks import numpy_peers
from benchmarks.components import ASKED, component_ratios, component_targets
from benchmarks.elastic import elastic_milliseconds
from benchmarks.long_run import long_run_ratios, long_run_table, long_run_targets
from benchmarks.memory import memory_targets, run_megabytes
from benchmarks.problem import Case
from benchmarks.rounds import time_rounds
from benchmarks.startup import import_seconds
from benchmarks.targets import Target, figures_elsewhere, target_table

TINY = Case((16, 8, 4), 512, "sgd")


@pytest.mark.parametrize("make", [numpy_peers.ours, numpy_peers.sgemm])
def test_a_round_is_timed_once_per_round(make):
    calls = []
    epoch = make(TINY)

    def counted():
        calls.append(1)
        epoch()

    times = time_rounds({"one": counted}, 2)
    assert len(calls) == 3
    assert len(times["one"]) == 2
    assert min(times["one"]) > 0


def test_every_component_is_compared_with_none():
    ratios = component_ratios(1, cpu=True, case=TINY)
    assert set(ratios) == set(ASKED)
    assert min(ratios.values()) > 0
    assert [t.bound for t in component_targets(ratios)] == [1.03, 1.06, 1.05, 1.9]


def test_every_optimizer_is_timed_at_start_and_end_with_and_without_l2():
    ratios = long_run_ratios(n_epochs=2, n_steps=1, dataset="digits")
    assert list(ratios) == [f"{n}{p}" for n in nn.OPTIMIZERS for p in ("", " + L2")]
    (target,) = long_run_targets(ratios)
    assert target.figure == max(ratios.values()) > 0
    assert len(long_run_table(ratios)) == 2 + len(ratios)
    assert long_run_targets(None) == []


def test_elastic_is_timed_beside_scipy():
    assert set(elastic_milliseconds(1, cpu=True, n_images=2)) == {"ours", "scipy.ndimage"}


def test_the_import_is_timed_in_fresh_processes():
    seconds = import_seconds(1)
    assert seconds["numpy"] > 0
    assert seconds["nn"] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
def test_the_memory_of_a_run_is_measured():
    megabytes = run_megabytes("digits")
    assert megabytes is not None
    # 64-256-128-10 in float32.
    assert megabytes["parameters"] == pytest.approx(4e-6 * (65 * 256 + 257 * 128 + 129 * 10))
    (target,) = memory_targets(megabytes)
    assert target.bound == pytest.approx(
        megabytes["batch"] + 4 * megabytes["parameters"], abs=0.051
    )


@pytest.mark.parametrize(
    ("figure", "at_most", "met"),
    [(1.0, True, True), (1.01, True, False), (1.0, False, True), (0.99, False, False)],
)
def test_a_bound_itself_meets_the_target(figure, at_most, met):
    target = Target("x", figure, 1.0, at_most=at_most)
    assert target.met == met
    assert ("not met" in target_table([target])[-1]) != met


def test_figures_of_other_processors_stand_beside(tmp_path):
    target = Target("x", 1.5, 1.0)
    path = tmp_path / "processors.json"
    path.write_text('{"other": {"x": 0.7}, "third": {}}', encoding="utf-8")
    others = figures_elsewhere(path, [target])
    assert others == figures_elsewhere(path, None) == {"other": {"x": 0.7}, "third": {}}
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 3
    head, _, row = target_table([target], others)
    assert head == "| target | measured | asked |  | other | third |"
    assert row == "| x | 1.5 | ≥ 1 | met | 0.7 | – |"


def test_the_whole_report_is_written(tmp_path):
    # In a process of its own: it pins itself to one core.
    output = tmp_path / "RESULTS.md"
    command = [sys.executable, "-m", "benchmarks.step", "--rounds", "1", "--output", str(output)]
    subprocess.run(
        [*command, "--quick", "--only", "64-64-32-10 128 sgd"],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
    )
    text = output.read_text(encoding="utf-8")
    for part in ("kernels", "OPENBLAS_CORETYPE", "## Targets", "scipy.ndimage", "`import nn`"):
        assert part in text
    assert "| scikit-learn, geometric mean |" in text
