"""What the figures should be, beside what they are."""

from __future__ import annotations

from dataclasses import dataclass


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

    def row(self) -> str:
        """Return one row of the table."""
        relation = "≤" if self.at_most else "≥"
        asked = f"{relation} {self.bound:g}{self.unit}"
        verdict = "met" if self.met else "**not met**"
        return f"| {self.what} | {self.figure:.3g}{self.unit} | {asked} | {verdict} |"


def target_table(targets: list[Target]) -> list[str]:
    """Return all targets as Markdown."""
    return ["| target | measured | asked | |", "|---|---|---|---|", *(t.row() for t in targets)]
