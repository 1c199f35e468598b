"""The verdict *depends on X*: an average over the other factors that is not the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.columns import Column, interval, names


def with_dependence(effects: pd.DataFrame, interactions: pd.DataFrame) -> pd.DataFrame:
    """Replace the verdict of components whose effect another component turns.

    A component *depends on X* where its interaction with X is shown (Holm, and not smaller than
    the margin) and its effects with and without X differ in sign, or only one of them passes the
    margin. Of several X the one with the largest interaction is named first.

    Parameters
    ----------
    effects : DataFrame
        Of `component_effects`.
    interactions : DataFrame
        Of `interactions`, of the same study.

    Returns
    -------
    DataFrame
        `effects` with `SCHEMA` added: `average_verdict` keeps the verdict on the average over the
        other factors. Two levels other than the null one that were asked for keep their verdict.
    """
    known = [_simple(row) for row in interactions.to_dict("records")]
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for item in (side for sides in known for side in sides if _turns(side)):
        found.setdefault(item["key"], []).append(item)
    rows = []
    # The null level of a factor is what its first rows are compared with.
    null = effects.drop_duplicates("component").set_index("component")["null_level"]
    for row in effects.to_dict("records"):
        key = (row["dataset"], row["component"], row["level"])
        own = found.get(key, []) if row["null_level"] == null[row["component"]] else []
        rows.append(_row(row, sorted(own, key=lambda item: -abs(item["interaction_pp"]))))
    table = effects.assign(**{name: [row[name] for row in rows] for name in COLUMNS})
    return table.assign(
        verdict=[row["verdict"] for row in rows],
        verdict_reason=[row["verdict_reason"] for row in rows],
    )


def _simple(row: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return the interaction as each of its two components sees it."""
    sides = []
    for own, other in (("a", "b"), ("b", "a")):
        item: dict[str, Any] = {
            "key": (row["dataset"], row[f"component_{own}"], row[f"level_{own}"]),
            "on": f"{row[f'component_{other}']}: {row[f'level_{other}']}",
            "shown": row["pair"] in ("redundant", "synergistic", "antagonistic"),
            "interaction_pp": row["interaction_pp"],
            "margin_pp": row["margin_pp"],
        }
        for name, ending in (("simple_without", "alone"), ("simple_with", f"with_{other}")):
            side = f"{own}_{ending}"
            item[f"{name}_pp"] = row[f"{side}_pp"]
            item[f"{name}_ci_low_pp"] = row[f"{side}_ci_low_pp"]
            item[f"{name}_ci_high_pp"] = row[f"{side}_ci_high_pp"]
        sides.append(item)
    return sides


def _turns(item: dict[str, Any]) -> bool:
    without, with_it = item["simple_without_pp"], item["simple_with_pp"]
    matters = [abs(effect) > item["margin_pp"] for effect in (without, with_it)]
    return item["shown"] and (without * with_it < 0 or matters[0] != matters[1])


def _row(row: dict[Any, Any], found: list[dict[str, Any]]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("verdict", "verdict_reason")}
    average = {"average_verdict": row["verdict"]}
    if not found:
        return {**dict.fromkeys(COLUMNS, np.nan), "depends_on": "", **average, **kept}
    first = found[0]
    return {
        **{name: first[name] for name in COLUMNS if name in first},
        **average,
        "depends_on": "; ".join(item["on"] for item in found),
        "verdict": "depends",
        "verdict_reason": f"its effect is another one with and without {first['on']}",
    }


SCHEMA = (
    Column("average_verdict", "", "verdict on the effect averaged over the other factors"),
    Column("depends_on", "", "components that turn the effect, the strongest first"),
    *interval("simple_without_pp", "pp", "effect where the first of them is off",
              prefix="simple_without_", description=True),
    *interval("simple_with_pp", "pp", "effect where the first of them is on",
              prefix="simple_with_", description=True),
)  # fmt: skip
COLUMNS = names(SCHEMA)
