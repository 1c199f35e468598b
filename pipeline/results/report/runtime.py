"""How runtime was measured, and whether the measurement can be believed."""

from __future__ import annotations

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.costs import step_rows
from pipeline.results.tables.times import shared_cores
from pipeline.results.text.rounding import ratio
from pipeline.results.text.titles import dataset_title

_NOT_MEASURED = "The cost of a training step was not measured apart: run `dvc repro`."


def runtime(results: StudyResults) -> list[str]:
    """Return the sentences on step costs, their controls, and the times of runs."""
    measured = {name: step_rows(results, name) for name in results.measured}
    timed = [rows for rows in measured.values() if len(rows)]
    lines = [_protocol(pd.concat(timed)) if timed else _NOT_MEASURED]
    for name, rows in measured.items():
        checks = "; ".join(_checks(rows)) if len(rows) else "no step cost was measured"
        lines.append(f"{dataset_title(name)}: {checks}.")
    return [*lines, _runs(results)]


def _protocol(rows: pd.DataFrame) -> str:
    return (
        "Cost per step: CPU time of a training step (batch and augmentation, forward, loss, "
        "backward, update) with the component over that of the baseline, measured apart from the "
        f"study in {int(rows['n_processes'].max())} fresh processes one after the other, one BLAS "
        "thread, in random ABBA order with a warm-up left out; the paired log-ratios of a process "
        "are averaged and the interval is Student's t over processes. Where components combine, "
        "≈ marks the sum of what each adds alone."
    )


def _checks(rows: pd.DataFrame) -> list[str]:
    parts = []
    for row in rows[rows["kind"] == "control"].to_dict("records"):
        verdict = "covers 1.00, as it must"
        if not row["covers"]:
            verdict = (
                "does not cover 1.00 (one control in twenty does not by chance): smaller costs "
                "than that are not to be believed"
            )
        amount = ratio(row["ratio"], row["ci_low"], row["ci_high"], places=3)
        parts.append(f"the A/A control {amount} {verdict}")
    for row in rows[rows["kind"] == "together"].to_dict("records"):
        text = f"all components together cost {ratio(row['ratio'], row['ci_low'], row['ci_high'])}"
        parts.append(f"{text}, against {ratio(row['sum_ratio'])} by the sum")
    bad = [str(title) for title in rows.loc[rows["disturbed"], "title"]]
    if len(bad) == len(rows):
        bad = ["all of them"]
    if bad:
        worst = rows["wall_over_cpu"].max()
        parts.append(
            f"disturbed, wall time up to {worst:.2f} times CPU time: {', '.join(bad)} — run "
            "`knockout stage time` again on a quiet machine"
        )
    return parts


def _runs(results: StudyResults) -> str:
    shared = [dataset_title(name) for name, value in shared_cores(results).items() if value]
    mark = " No run shared a core with another."
    if shared:
        where = ", ".join(shared)
        mark = f" Runs shared cores on {where}: their wall times include waiting for one."
    return (
        "Seconds per run are CPU seconds of training and validation. Time to target is counted in "
        "epochs and put on the clock by the measured step cost; a run that never reached it is "
        f"censored.{mark}"
    )
