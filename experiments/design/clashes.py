"""Names and fields of factors that would get in each other's way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from experiments.design.designs import PLACEBO, cell_name
from experiments.design.factors import Factor
from experiments.errors import StudyError, quoted

# Names become columns of tables and parameters of MLflow.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LONGEST = 80
# Columns of the tables that have a column per factor; a test compares them with real tables.
TAKEN = {
    "alpha", "arm", "backward_s", "best_epoch", "blas", "blas_kernels", "blas_threads", "cell",
    "cores", "cost_basis", "cost_s", "cpu", "d_z", "d_z_high", "d_z_low", "data_s", "dataset",
    "difference_ci_high_pp", "difference_ci_low_pp", "difference_pp", "diverged_epoch",
    "diverged_step", "divergence_p", "epochs", "equivalence_ci_high_pp", "equivalence_ci_low_pp",
    "evaluation_s", "family", "family_size", "fit_cpu_s", "fit_wall_s", "forward_s", "is_baseline",
    "learning_rate", "look", "margin_pp", "mean_accuracy", "mean_ci_high", "mean_ci_low",
    "mean_rank", "mean_validation", "n", "n_diverged", "n_diverged_with", "n_diverged_without",
    "n_looks", "n_missing", "n_not_tuned", "n_pairs", "n_parameters", "n_reached_target",
    "n_replicates", "n_test", "numpy", "on_front", "open", "other_s", "p", "p_adjusted", "p_better",
    "p_better_high", "p_better_low", "p_equivalence", "p_equivalence_adjusted", "parameters_sha256",
    "platform", "python", "reason", "replicate", "response", "run_key", "sd_accuracy", "sd_pp",
    "shared_cores", "sign_flip_p", "smallest_p", "status", "step_cost_basis", "step_cost_ratio",
    "target", "test_accuracy", "test_errors", "time_to_target_s", "train_s", "unit", "update_s",
    "val_accuracy", "val_loss", "verdict", "verdict_reason",
}  # fmt: skip


def check_clashes(factors: Sequence[Factor], cells: Sequence[Mapping[str, str]]) -> None:
    """Refuse factors that cannot stand side by side.

    Parameters
    ----------
    factors : sequence of Factor
        The study's factors.
    cells : sequence of mapping
        The cells of its design.

    Raises
    ------
    StudyError
        If a factor bears the name of another column of the tables, a label cannot be shown,
        two cells would have the same name, or two factors set the same recipe field in a cell.
    """
    for factor in factors:
        _check_name(factor.name)
        for label in factor.labels:
            _check_label(factor.name, label)
    fields = {f.name: {level.label: frozenset(level.recipe) for level in f.levels} for f in factors}
    seen: dict[str, Mapping[str, str]] = {PLACEBO: {}}
    for levels in cells:
        name = cell_name(factors, levels)
        if name in seen:
            other = dict(seen[name]) or "the placebo arm"
            raise StudyError(
                f"`study.factors` must give cells different names; {dict(levels)} and {other} are "
                f"both called {name}. Choose other labels."
            )
        seen[name] = levels
        _check_fields(fields, levels)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise StudyError(
            "`study.factors` must have names of letters, digits, _ and -, 64 at most; got "
            f"{quoted(name)}."
        )
    if name in TAKEN or name.startswith(("test_", "val_", "tuned_")):
        raise StudyError(
            f"`study.factors.{name}` is a reserved name, that of a column of the tables. Choose "
            "another; its levels are then mappings of recipe fields."
        )


def _check_label(factor: str, label: str) -> None:
    if not 0 < len(label) <= _LONGEST or label != label.strip() or not label.isprintable():
        raise StudyError(
            f"`study.factors.{factor}` must have labels of 1 to {_LONGEST} printable characters, "
            f"none of them a space at either end; got {quoted(label)}. Name the level: "
            "{label: level}."
        )


def _check_fields(
    fields: Mapping[str, Mapping[str, frozenset[str]]], levels: Mapping[str, str]
) -> None:
    for a, b in combinations(fields, 2):
        both = fields[a][levels[a]] & fields[b][levels[b]]
        if both:
            raise StudyError(
                f"`study.factors.{a}` and `study.factors.{b}` both set {min(both)} in the cell "
                f"{dict(levels)}; one would have no effect. Let one factor set it."
            )
