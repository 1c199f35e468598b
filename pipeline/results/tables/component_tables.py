"""What is shown of each component: both sides, other measures, statistics, shares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from experiments.analysis.effects import SCHEMA
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.tables.shown import (
    COMPONENT,
    DATASET,
    DESCRIPTION,
    VERDICT,
    Column,
    N,
    Shown,
    numbers,
    words,
)
from pipeline.results.text.estimates import CHANGE, EFFECT, STEP_COST, around
from pipeline.results.text.rounding import difference, p_value, probability, ratio, seconds, tenths

_COMPARED = ["dataset", "component", "level", "null_level"]
_SIDES = ("without", "with")
_DESCRIBED = {column.name for column in SCHEMA if column.description}


def sides(results: StudyResults, tables: Tables) -> Shown:
    """Return runtime and performance with and without each component, with its verdict."""
    measure, title = results.measure, results.measure.response.title
    change = measure.head("difference", difference=True)
    columns = [
        DATASET,
        COMPONENT,
        *(numbers(f"{title} {side}", measure.shown, f"accuracy_{side}") for side in _SIDES),
        numbers(change, difference, *CHANGE, term="interval"),
        *(numbers(f"CPU time {side}", seconds, f"fit_cpu_s_{side}") for side in _SIDES),
        numbers("time per run", ratio, *(f"fit_cpu_s_ratio{end}" for end in ("", "_low", "_high"))),
        numbers(
            "cost per step",
            lambda *step: ratio(*step[:3]) + " †" * bool(step[3]),
            *(*STEP_COST, "step_disturbed"),
            term="cost per step",
        ),
        N,
        VERDICT,
    ]
    about = (
        f"Study {results.study.name}: both sides average the same cells, which differ in this "
        f"component alone. Differences are paired inside blocks, with {results.level} intervals "
        "(Student's t over the n blocks of the look at which they were judged); verdicts "
        f"follow p adjusted after Holm over {_family(tables)} component effects of the study, and "
        f"equivalence margins ({results.margins}). CPU times are those of one run; the time per "
        "run is a mean of paired ratios, with its interval; cost per step was measured separately, "
        "the component alone against the baseline; † marks a measurement that other programs "
        "disturbed."
    )
    judged = tables["effects"][[*_COMPARED, "verdict", "n_missing", "n_diverged", "n_not_tuned"]]
    rows = tables["with_without"].merge(judged, on=_COMPARED, how="left", validate="1:1")
    return Shown("sides", "With and without each component", about, columns, rows)


def secondary(results: StudyResults, tables: Tables) -> Shown:
    """Return the same by every secondary response."""
    measures = {measure.column: measure for measure in results.secondary}

    def mean(value: float, name: str) -> str:
        return measures[name].shown(value)

    def change(value: float, low: float, high: float, name: str) -> str:
        return measures[name].change(value, low, high)

    columns = [
        DATASET,
        COMPONENT,
        words("measure", "response", lambda name: measures[name].title),
        *(numbers(side, mean, f"accuracy_{side}", "response") for side in _SIDES),
        numbers(f"difference{DESCRIPTION}", change, *CHANGE, "response", term="interval"),
        words("better is", "response", lambda name: measures[name].response.better),
        numbers("n", str, "n", term="n"),
    ]
    about = (
        f"The same cells and blocks by the study's other measures, with {results.level} intervals "
        "(Student's t over replicates). ° A description, not corrected for many comparisons: "
        f"verdicts rest on {results.measure.title} alone."
    )
    return Shown("secondary", "By other measures", about, columns, tables["secondary"])


def statistics(results: StudyResults, tables: Tables) -> Shown:
    """Return every interval and test of a component's effect."""
    images, equivalence = (
        (f"{name}_ci_low_pp", f"{name}_ci_high_pp", "effect_pp")
        for name in ("images", "equivalence")
    )
    better, d_z = ((name, f"{name}_low", f"{name}_high") for name in ("p_better", "d_z"))
    columns = [
        DATASET,
        COMPONENT,
        _gain(results, "effect", EFFECT, term="interval"),
        _marked("other examples", _ends, *images, term="test images"),
        _marked("p", p_value, "p", term="p"),
        _marked("adjusted p", p_value, "p_adjusted", term="Holm"),
        _marked("sign-flip p", p_value, "sign_flip_p", term="sign-flip"),
        _marked("for equivalence", _ends, *equivalence, term="margin"),
        _marked("adjusted equivalence p", p_value, "p_equivalence_adjusted", term="Holm"),
        _marked("P(better)", probability, *better, term="P(better)"),
        _marked("d_z", difference, *d_z, term="d_z"),
        N,
        VERDICT,
    ]
    inside = f"{100 * (1 - 2 * results.study.alpha):g} %{results.level.partition('%')[2]}"
    about = (
        f"The effect with its {results.level} interval (Student's t over n replicates), then the "
        "interval for other test examples as well: the crossed bootstrap where they are common to "
        "all replicates, Nadeau and Bengio's where every replicate draws its own. p is that of "
        f"Student's t, adjusted after Holm over {_family(tables)} component effects of the study, "
        f"and so is the p of equivalence; a verdict of equivalence rests on the {inside} interval "
        f"lying inside the margin ({results.margins}). sign-flip p is exact; P(better) is the "
        "probability that a run with the component beats its partner without it; d_z is the effect "
        "over its standard deviation between replicates. ° A description, not corrected for many "
        "comparisons."
    )
    heading = "The statistics behind each verdict"
    return Shown("statistics", heading, about, columns, tables["effects"])


def shares(results: StudyResults, tables: Tables) -> Shown:
    """Return the average effect beside add-one-in, leave-one-out, Shapley and variance shares."""
    percent = partial(tenths, unit=" %")
    columns = [
        DATASET,
        COMPONENT,
        _gain(results, "on average", EFFECT),
        _gain(results, "added alone", around("add_one_in_")),
        _gain(results, "on top of all others", around("leave_one_out_")),
        _gain(results, "Shapley share", around("shapley_"), term="Shapley"),
        _marked("share of variance", percent, "variance_share", term="share of variance"),
        N,
    ]
    about = (
        "° A description, not corrected for many comparisons. Added alone: the baseline with this "
        "component against the baseline. On top of all others: the full recipe against the full "
        "recipe without it. A component that gains much alone and little on top is redundant with "
        "the others. The Shapley share averages its gain over all orders of adding components; the "
        "shares of the full recipe's components sum to full − base. The share of variance is that "
        "of the whole component between runs, without an interval."
    )
    heading = "Alone, on top of the others, and in all"
    return Shown("shares", heading, about, columns, tables["effects"])


# The verdicts' own table, then what it has no room for.
TABLES = (sides, secondary, statistics, shares)


def _marked(head: str, show: Callable[..., str], *names: str, term: str = "") -> Column:
    """Return a column that says so where its numbers are corrected for no family."""
    return numbers(head + DESCRIPTION * (names[0] in _DESCRIBED), show, *names, term=term)


def _gain(results: StudyResults, head: str, fields: tuple[str, ...], *, term: str = "") -> Column:
    """Return a column of an effect, in the unit of the response, with its interval."""
    return _marked(results.measure.head(head, difference=True), difference, *fields, term=term)


def _ends(low: float, high: float, effect: float) -> str:
    return difference(effect, low, high).partition(" ")[2] or "–"


def _family(tables: Tables) -> str:
    effects = tables["effects"]
    return f"all {effects['family_size'].iloc[0]}" if len(effects) else "the"
