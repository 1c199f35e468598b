"""The model card of a champion: what it is, how it was chosen, how good, how to use it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.tracking.champion import Champion


def model_card(champion: Champion) -> str:
    """Return the model card as Markdown."""
    spec, result = champion.spec, champion.result
    height, width = champion.image_shape
    levels = ", ".join(f"{name} {level}" for name, level in spec.levels.items())
    classes = ", ".join(f"{i} {name}" for i, name in enumerate(champion.class_names))
    trained = ", ".join(f"{name} {value}" for name, value in result.environment.items())
    name = champion.model_name
    return "\n".join(
        [
            f"## {spec.cell} on {spec.dataset}",
            "",
            f"A fully connected network in plain NumPy, classifying {height} × {width} grey images "
            f"into {len(champion.class_names)} classes ({classes}).",
            "",
            f"**Chosen**: the best cell of study `{spec.study}` by the comparison table "
            f"({levels}); of its replicates, number {spec.replicate}, which has the highest "
            "validation accuracy. The test part had no say in that last choice.",
            "",
            f"**How good**: {_own_accuracy(champion)}{_cell_accuracy(champion)}",
            "",
            f"**Takes** raw pixels as float32 in rows, shape (n, {height * width}), scaled inside "
            f"(x = raw × {champion.scale:.6g} + {champion.shift:.6g}). **Gives** `class`, `name`, "
            "`probability` and `p0`, `p1`, …, one per class.",
            "",
            "```",
            f"mlflow models serve -m models:/{name}@champion --env-manager local -p 5001",
            "curl localhost:5001/invocations -H 'Content-Type: application/json' \\",
            "     -d '{\"inputs\": [[0, 0, …]]}'",
            "```",
            "",
            "**Not for** images of another kind or size than the dataset's: it has seen nothing "
            "else, and its probabilities are not calibrated.",
            "",
            f"Run key `{spec.run_key}`, content hash `{spec.content_hash[:16]}`, parameters "
            f"`{result.parameters_sha256[:16]}`. Trained on {trained or 'an unnamed machine'}.",
        ]
    )


def _own_accuracy(champion: Champion) -> str:
    metrics = champion.result.metrics
    accuracy, n = metrics.get("test_accuracy", math.nan), metrics.get("n_test", math.nan)
    if not (math.isfinite(accuracy) and n > 0):
        return "its test part was not read."
    error = 100 * math.sqrt(accuracy * (1 - accuracy) / n)
    return (
        f"{100 * accuracy:.2f} % of {n:.0f} test images (binomial standard error {error:.2f} pp)."
    )


def _cell_accuracy(champion: Champion) -> str:
    row = champion.row
    if not {"mean_accuracy", "mean_ci_low", "mean_ci_high", "n"} <= row.keys():
        return ""
    mean, low, high = (100 * row[name] for name in ("mean_accuracy", "mean_ci_low", "mean_ci_high"))
    return f" The cell over {row['n']:.0f} replicates: {mean:.2f} % [{low:.2f}, {high:.2f}]."
