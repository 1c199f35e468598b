"""What a planned study can see, said before it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.analysis.power import equivalence_power, minimum_detectable_effect


@dataclass(frozen=True)
class Feasibility:
    """What the component effects of one dataset can show.

    Attributes
    ----------
    dataset : str
        Name of the dataset.
    counts : sequence of int
        Numbers of blocks at which it is judged.
    n_comparisons : int
        Size of the family.
    margin_pp : float
        Equivalence margin.
    detectable_pp : mapping
        Component → effect that is found in four studies out of five by the last look.
    equivalence : mapping
        Component → chance that an absent effect is shown to be inside the margin by then.
    """

    dataset: str
    counts: Sequence[int]
    n_comparisons: int
    margin_pp: float
    detectable_pp: Mapping[str, float]
    equivalence: Mapping[str, float]

    @property
    def sentences(self) -> list[str]:
        """The same in words."""
        where, n, looks = self.dataset, self.counts[-1], len(self.counts)
        if not self.detectable_pp:
            return [f"{where}: {n} replicate gives no interval and no test; plan at least two."]
        blocks = f"{self.counts[0]} to " * (looks > 1) + f"{n} replicates"
        blocks += f", {looks} looks" * (looks > 1)
        least = ", ".join(f"{name} {value:.2g} pp" for name, value in self.detectable_pp.items())
        shown = ", ".join(f"{name} {100 * p:.0f} %" for name, p in self.equivalence.items())
        sentences = [
            f"{where}: with {blocks} and {self.n_comparisons} comparisons four studies out of five "
            f"find an effect of {least}.",
            f"{where}: an effect of zero is shown to lie inside ±{self.margin_pp:g} pp in this "
            f"share of studies: {shown}.",
        ]
        gaps = [name for name, value in self.detectable_pp.items() if value > self.margin_pp]
        if gaps:
            sentences.append(
                f"{where}: an effect of {', '.join(gaps)} just above the margin of "
                f"{self.margin_pp:g} pp matters but will often stay inconclusive; more replicates "
                "narrow the gap."
            )
        return sentences


def feasibility(
    dataset: str,
    spreads: Mapping[str, float],
    *,
    counts: Sequence[int],
    n_comparisons: int,
    margin: float,
    alpha: float = 0.05,
) -> Feasibility:
    """Say before training what the component effects of a dataset can and cannot show.

    Figures are those of the last look at the level alpha / (K · m) of Holm's first step, so that
    a study does at least as well.

    Parameters
    ----------
    dataset : str
        What it is called in the sentences.
    spreads : mapping
        Component → standard deviation over blocks of its main effect; see `spreads`.
    counts : sequence of int
        Numbers of blocks at which it is judged; a single one is one look.
    n_comparisons : int
        Size m of Holm's family, over all datasets.
    margin : float
        Equivalence margin, in the unit of the spreads.
    alpha : float
        Level of the family.
    """
    n, tests = counts[-1], len(counts) * n_comparisons
    known = spreads if n >= 2 else {}
    detectable = {
        name: minimum_detectable_effect(sd, n, n_comparisons=tests, alpha=alpha)
        for name, sd in known.items()
    }
    equivalence = {
        name: equivalence_power(margin, sd=sd, n_pairs=n, alpha=alpha / tests)
        for name, sd in known.items()
    }
    return Feasibility(dataset, counts, n_comparisons, margin, detectable, equivalence)
