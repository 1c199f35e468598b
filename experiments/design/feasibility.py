"""What a planned study can see, said before it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from experiments.design.power import equivalence_power, minimum_detectable_effect

# Standard deviations over blocks of main effects of a full factorial, percentage points: digits
# from 105 blocks, the others from five.
_MAIN: Mapping[str, Mapping[str, float]] = {
    "digits": {"optimizer": 0.47, "l2": 0.24, "dropout": 0.43, "augmentation": 0.74},
    "fashion_mnist": {"optimizer": 0.12, "l2": 0.08, "dropout": 0.10, "augmentation": 0.08},
    "mnist": {"optimizer": 0.06, "l2": 0.03, "dropout": 0.06, "augmentation": 0.04},
}
# The same of the difference of two single cells, which a small design cannot average away.
_PAIR = {"digits": 0.9, "fashion_mnist": 0.22, "mnist": 0.10}
_UNKNOWN = 0.5


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


def expected_spread(dataset: str, component: str, *, n_pairs: int) -> float:
    """Return the standard deviation over blocks that a main effect is expected to have.

    The larger of what a full factorial showed and of one pair's spread over √n_pairs: the noise
    of cells averages out, the component's own variation from block to block does not.

    Parameters
    ----------
    dataset, component : str
        A component that was never measured moves as much as the dataset's most variable one; of
        an unknown dataset half a percentage point is assumed.
    n_pairs : int
        Pairs of cells that the effect averages in a block.

    Examples
    --------
    >>> expected_spread("digits", "l2", n_pairs=16), expected_spread("digits", "l2", n_pairs=1)
    (0.24, 0.9)
    """
    known = _MAIN.get(dataset)
    if known is None:
        return _UNKNOWN
    return max(known.get(component, max(known.values())), _PAIR[dataset] / sqrt(n_pairs))


def feasibility(
    spreads: Mapping[str, Mapping[str, float]],
    *,
    looks: Mapping[str, Sequence[int]],
    n_comparisons: int,
    margins: Mapping[str, float],
    alpha: float = 0.05,
    unit: str = " pp",
) -> list[Feasibility]:
    """Say before training what the component effects can and cannot show.

    Figures are those of the last look at the level alpha / (K · m) of Holm's first step, so that
    a study does at least as well.

    Parameters
    ----------
    spreads : mapping
        Dataset → component → standard deviation over blocks of its main effect.
    looks : mapping
        Dataset → numbers of blocks at which it is judged; a single one is one look.
    n_comparisons : int
        Size m of Holm's family, over all datasets.
    margins : mapping
        Equivalence margin per dataset, in the unit of the spreads.
    alpha : float
        Level of the family.
    unit : str
        Unit of effects and margins, with the space before it.
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
    least = ", ".join(f"{name} {value:.2g}{unit}" for name, value in made.detectable_pp.items())
    shown = ", ".join(f"{name} {100 * p:.0f} %" for name, p in made.equivalence.items())
    sentences = [
        f"{where}: with {blocks} and {made.n_comparisons} comparison"
        f"{'' if made.n_comparisons == 1 else 's'} four studies out of five find an effect of "
        f"{least}.",
        f"{where}: an effect of zero is shown to lie inside ±{made.margin_pp:g}{unit} in this "
        f"share of studies: {shown}.",
    ]
    gaps = [name for name, value in made.detectable_pp.items() if value > made.margin_pp]
    if gaps:
        sentences.append(
            f"{where}: an effect of {', '.join(gaps)} just above the margin of "
            f"{made.margin_pp:g}{unit} matters but will often stay inconclusive; more replicates "
            "narrow the gap."
        )
    return sentences
