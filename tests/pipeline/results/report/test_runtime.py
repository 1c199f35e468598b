"""The runtime box of the report."""

from __future__ import annotations

from dataclasses import replace

from experiments.design.step_arms import CONTROL
from pipeline.results.report.runtime import runtime
from tests.pipeline.conftest import without


def test_protocol_control_and_joint_cell_are_said(study) -> None:
    lines = runtime(study)

    assert "5 fresh processes" in lines[0]
    assert lines[1].startswith("MNIST: the A/A control ×1.001 [0.981, 1.021] covers 1.00, as it")
    assert "all components together cost ×1.62 [1.59, 1.65], against ×1.62 by the sum." in lines[1]
    assert "Runs shared cores on MNIST, Fashion-MNIST, digits" in lines[-1]


def test_a_failing_control_and_a_disturbed_row_are_not_hidden(study) -> None:
    control = study.step_cost["component"] == CONTROL
    costs = study.step_cost.assign(
        disturbed=study.step_cost["component"] == "l2",
        wall_over_cpu=1.3,
        ci_low=study.step_cost["ci_low"].mask(control, 1.0005),
    )
    line = runtime(replace(study, step_cost=costs))[1]
    every = runtime(replace(study, step_cost=costs.assign(disturbed=True)))[1]

    assert "times CPU time: all of them — run" in every
    assert "does not cover 1.00" in line
    assert "disturbed, wall time up to 1.30 times CPU time: L2" in line


def test_what_was_not_measured_is_said(study) -> None:
    bare = runtime(without(study, "step_cost"))
    assert "not measured apart" in bare[0]
    assert bare[1] == "MNIST: no step cost was measured."
    alone = replace(study, runs=study.runs.assign(shared_cores=False))
    assert runtime(alone)[-1].endswith("No run shared a core with another.")
