"""The runtime box of the report."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from experiments.design.step_arms import TOGETHER
from pipeline.results.report.runtime import runtime


def test_protocol_control_and_joint_cell_are_said(study) -> None:
    joint = study.step_cost.iloc[[0]].assign(
        component=TOGETHER, level="all", ratio=1.6, ci_low=1.58, ci_high=1.63
    )
    costs = pd.concat([study.step_cost, joint], ignore_index=True)
    said = runtime(replace(study, step_cost=costs))

    assert "5 fresh processes" in said[0]
    assert said[1] == (
        "MNIST: the A/A control ×1.001 [0.981, 1.026] covers 1.00, as it must; all components "
        "together cost ×1.60 [1.58, 1.63], against ×1.62 by the sum."
    )
    assert "Runs shared cores on MNIST, Fashion-MNIST, digits" in said[-1]


def test_a_failing_control_and_a_disturbed_row_are_not_hidden(study) -> None:
    control = study.step_cost["component"] == "control"
    costs = study.step_cost.assign(
        disturbed=study.step_cost["component"] == "l2",
        wall_over_cpu=1.3,
        ci_low=study.step_cost["ci_low"].mask(control, 1.0005),
    )
    said = runtime(replace(study, step_cost=costs))[1]
    every = runtime(replace(study, step_cost=costs.assign(disturbed=True)))[1]

    assert "times CPU time: all of them — run" in every
    assert "does not cover 1.00" in said
    assert "disturbed, wall time up to 1.30 times CPU time: L2" in said


def test_what_was_not_measured_is_said(study) -> None:
    bare = runtime(replace(study, step_cost=pd.DataFrame()))
    assert "not measured apart" in bare[0]
    assert bare[1] == "MNIST: no step cost was measured."
    alone = replace(study, runs=study.runs.assign(shared_cores=False))
    assert runtime(alone)[-1].endswith("No run shared a core with another.")
