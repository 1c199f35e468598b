"""How much effects move from block to block: measured before, and in a study's own runs."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import pandas as pd

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


def measured_spreads(effects: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the spreads that a study's own runs showed, the largest of a component's levels.

    Parameters
    ----------
    effects : DataFrame
        Of `component_effects`.

    Returns
    -------
    dict
        dataset → component → standard deviation in the response's unit; components without one
        are absent.
    """
    spreads: dict[str, dict[str, float]] = {}
    for row in effects[(effects["n"] >= 2) & (effects["sd_pp"] > 0)].to_dict("records"):
        own = spreads.setdefault(str(row["dataset"]), {})
        own[str(row["component"])] = max(row["sd_pp"], own.get(str(row["component"]), 0.0))
    return spreads
