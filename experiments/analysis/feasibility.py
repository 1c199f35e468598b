"""What a planned study can see, said before it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from experiments.analysis.power import equivalence_power, minimum_detectable_effect


@dataclass(frozen=True)
class Feasibility:
    """What the component effects of one dataset can show.

    Attributes
    ----------
    dataset : str
        Name of the dataset.
    n_blocks, n_looks, n_comparisons : int
        Blocks at the last look, looks, and size of the family.
    margin_pp : float
        Equivalence margin.
    detectable_pp : mapping
        Component → effect that is found in four studies out of five by the last look.
    equivalence : mapping
        Component → chance that an absent effect is shown to be inside the margin by then.
    sentences : tuple of str
        The same in words.
    """

    dataset: str
    n_blocks: int
    n_looks: int
    n_comparisons: int
    margin_pp: float
    detectable_pp: Mapping[str, float]
    equivalence: Mapping[str, float]
    sentences: tuple[str, ...]


def feasibility(
    spreads: Mapping[str, Mapping[str, float]],
    *,
    looks: Mapping[str, Sequence[int]],
    n_comparisons: int,
    margins: Mapping[str, float],
    alpha: float = 0.05,
    unit: str = "pp",
) -> list[Feasibility]:
    """Say before training what the component effects can and cannot show.

    Figures are those of the last look at the level alpha / (K · m) of Holm's first step, so that
    a study does at least as well.

    Parameters
    ----------
    spreads : mapping
        Dataset → component → standard deviation over blocks of its main effect; see `spreads`.
    looks : mapping
        Dataset → numbers of blocks at which it is judged; a single one is one look.
    n_comparisons : int
        Size m of Holm's family, over all datasets.
    margins : mapping
        Equivalence margin per dataset, in the unit of the spreads.
    alpha : float
        Level of the family.
    unit : str
        Unit of effects and margins.
    """
    found = []
    for dataset, sds in spreads.items():
        counts, margin = tuple(looks[dataset]), margins[dataset]
        n, tests = counts[-1], len(counts) * n_comparisons
        detectable, equivalence = {}, {}
        for name, sd in sds.items() if n >= 2 else ():
            detectable[name] = minimum_detectable_effect(sd, n, n_comparisons=tests, alpha=alpha)
            equivalence[name] = equivalence_power(margin, sd=sd, n_pairs=n, alpha=alpha / tests)
        made = Feasibility(
            dataset, n, len(counts), n_comparisons, margin, detectable, equivalence, ()
        )
        found.append(replace(made, sentences=tuple(_sentences(made, counts, unit))))
    return found


def _sentences(made: Feasibility, counts: Sequence[int], unit: str) -> list[str]:
    where, n = made.dataset, made.n_blocks
    if not made.detectable_pp:
        return [f"{where}: {n} replicate gives no interval and no test; plan at least two."]
    blocks = f"{n} replicates" if len(counts) == 1 else (
        f"{counts[0]} to {n} replicates, {len(counts)} looks"
    )  # fmt: skip
    least = ", ".join(f"{name} {value:.2g} {unit}" for name, value in made.detectable_pp.items())
    shown = ", ".join(f"{name} {100 * p:.0f} %" for name, p in made.equivalence.items())
    sentences = [
        f"{where}: with {blocks} and {made.n_comparisons} comparisons four studies out of five "
        f"find an effect of {least}.",
        f"{where}: an effect of zero is shown to lie inside ±{made.margin_pp:g} {unit} in this "
        f"share of studies: {shown}.",
    ]
    gaps = [name for name, value in made.detectable_pp.items() if value > made.margin_pp]
    if gaps:
        sentences.append(
            f"{where}: an effect of {', '.join(gaps)} just above the margin of {made.margin_pp:g} "
            f"{unit} matters but will often stay inconclusive; more replicates narrow the gap."
        )
    return sentences
