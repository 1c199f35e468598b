"""The model card of a champion: what it is, how it was chosen, how good, how to use it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from experiments.response import split_column
from pipeline.champion.saved_network import ChampionCard
from pipeline.tracking.records.names import model_name

ALIAS = "champion"


def requirements() -> list[str]:
    """Return the pinned packages that the packed model imports; `nn` goes with it as source."""
    return [f"{name}=={version(name)}" for name in ("mlflow", "numpy", "pandas")]


def model_card(card: ChampionCard, row: Mapping[Any, Any]) -> str:
    """Return the model card as Markdown, with the row of its cell, empty when there is none."""
    height, width = card.image_shape
    classes = ", ".join(n if n == str(i) else f"{i} {n}" for i, n in enumerate(card.class_names))
    levels = ", ".join(f"{name} {level}" for name, level in card.levels.items())
    trained = ", ".join(f"{name} {value}" for name, value in card.environment.items())
    address = f"models:/{model_name(card.study, card.dataset)}@{ALIAS}"
    return "\n\n".join(
        [
            f"## {card.cell} on {card.dataset}",
            f"A fully connected network in plain NumPy, classifying {height} × {width} grey images "
            f"into {len(card.class_names)} classes ({classes}).",
            f"**How good**: {_own_accuracy(card)}{_cell_accuracy(card, row)}",
            f"**Chosen**: {card.rule}. Study `{card.study}`, {levels}; replicate {card.replicate}.",
            f"**Takes** images as nested lists ({height} × {width}) or rows of {height * width} "
            f"pixels, raw values from 0 to {card.brightest}; they are scaled inside. **Gives** "
            f"`class`, `name`, `probability` and `p0` … `p{len(card.class_names) - 1}`.",
            f"```\nmlflow models serve -m {address} --env-manager local -p 5001\n"
            "curl localhost:5001/invocations -H 'Content-Type: application/json' \\\n"
            "     -d '{\"inputs\": [[0, 0, …]]}'\n```",
            f"**Needs** {', '.join(f'`{need}`' for need in requirements())}; the network's code "
            "goes with the model, so that it also loads where Knockout is not installed.",
            "**Not for** images of another kind or size than the dataset's: it has seen nothing "
            "else, and its probabilities are not calibrated.",
            f"Run key `{card.run_key}`, content hash `{card.content_hash[:16]}`, parameters "
            f"`{card.parameters_sha256[:16]}`. Trained on {trained or 'an unnamed machine'}.",
        ]
    )


def _own_accuracy(card: ChampionCard) -> str:
    accuracy, n = card.test_accuracy, card.n_test
    if not (math.isfinite(accuracy) and n > 0):
        return "its test part was not read."
    error = 100 * math.sqrt(accuracy * (1 - accuracy) / n)
    return f"{100 * accuracy:.2f} % of {n} test images (binomial standard error {error:.2f} pp)."


def _cell_accuracy(card: ChampionCard, row: Mapping[Any, Any]) -> str:
    # The row holds the study's response, which may be another.
    if not row or split_column(card.response)[1] != "accuracy":
        return ""
    mean, low, high = (100 * row[n] for n in ("mean_accuracy", "mean_ci_low", "mean_ci_high"))
    return f" Its cell over {row['n']:.0f} replicates: {mean:.2f} % [{low:.2f}, {high:.2f}]."
