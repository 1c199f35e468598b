"""What the figures should be, beside what they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environment import processor


@dataclass(frozen=True)
class Target:
    """One figure and its bound.

    Parameters
    ----------
    what : str
        What was measured.
    figure, bound : float
        In the same unit.
    at_most : bool
        Whether the bound is an upper one.
    unit : str
        Printed behind both; empty for ratios.
    """

    what: str
    figure: float
    bound: float
    at_most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the figure keeps to the bound."""
        return self.figure <= self.bound if self.at_most else self.figure >= self.bound

    def row(self, others: Iterable[Mapping[str, float]] = ()) -> str:
        """Return one row of the table, with the figures of other processors at its end."""
        relation = "≤" if self.at_most else "≥"
        asked = f"{relation} {self.bound:g}{self.unit}"
        verdict = "met" if self.met else "**not met**"
        cells = [self.what, f"{self.figure:.3g}{self.unit}", asked, verdict]
        cells += [f"{o[self.what]:.3g}{self.unit}" if self.what in o else "–" for o in others]
        return f"| {' | '.join(cells)} |"


def target_table(
    targets: list[Target], others: Mapping[str, Mapping[str, float]] | None = None
) -> list[str]:
    """Return all targets as Markdown.

    Parameters
    ----------
    targets : list of Target
        Measured here.
    others : mapping of str to figures by target, optional
        What was measured on other processors.
    """
    others = others or {}
    head = ["target", "measured", "asked", "", *others]
    return [
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
        *(target.row(others.values()) for target in targets),
    ]


def figures_elsewhere(path: Path, targets: list[Target] | None) -> dict[str, dict[str, float]]:
    """Return the figures by target of other processors, which `path` keeps.

    The `targets` of this one, if given, are written there.
    """
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if targets is not None:
        kept[processor()] = {target.what: float(f"{target.figure:.4g}") for target in targets}
        text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")
    return {name: figures for name, figures in kept.items() if name != processor()}
