"""How much effects moved from block to block in a study's own runs."""

from __future__ import annotations

import pandas as pd


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
