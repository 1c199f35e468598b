"""Rules: which cells of a design are left out because they are impossible or say nothing new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.design.factors import Factor
from experiments.errors import StudyError, closest, quoted

Labels = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Rule:
    """Where `condition` holds, `demand` must hold too; without a demand, nothing may be there.

    Parameters
    ----------
    condition, demand : mapping of str to frozenset of str
        Factor to the labels that fit; all factors must fit. `demand` is None for a rule that
        excludes.
    """

    condition: Labels
    demand: Labels | None = None

    def allows(self, levels: Mapping[str, str]) -> bool:
        """Return whether a cell may be run.

        Examples
        --------
        >>> rule = Rule({"l2": frozenset({"on"})}, {"optimizer": frozenset({"sgd", "adam"})})
        >>> rule.allows({"l2": "on", "optimizer": "lion"})
        False
        >>> rule.allows({"l2": "off", "optimizer": "lion"})
        True
        """
        if not _fits(self.condition, levels):
            return True
        return self.demand is not None and _fits(self.demand, levels)


def _fits(wanted: Labels, levels: Mapping[str, str]) -> bool:
    return all(levels[factor] in labels for factor, labels in wanted.items())


def parse_rules(exclude: Any, when: Any, factors: Sequence[Factor]) -> tuple[Rule, ...]:
    """Read the study's `exclude` and `when`.

    Parameters
    ----------
    exclude : list of mapping
        `{factor: label or labels, …}`: a cell that fits is left out.
    when : list of mapping
        `{if: {…}, then: {…}}`: a cell that fits `if` must fit `then`.
    factors : sequence of Factor
        The study's factors.

    Raises
    ------
    StudyError
        If a form, a factor or a label is not known.
    """
    rules = [
        Rule(_parse_labels(entry, factors, f"study.exclude[{i}]"))
        for i, entry in enumerate(_entries(exclude, "study.exclude", "{factor: label}"))
    ]
    form = "{if: {factor: label}, then: {factor: label}}"
    for i, entry in enumerate(_entries(when, "study.when", form)):
        where = f"study.when[{i}]"
        if not isinstance(entry, Mapping) or set(entry) != {"if", "then"}:
            raise StudyError(f"`{where}` must be {form}; got {quoted(entry)}.")
        condition = _parse_labels(entry["if"], factors, f"{where}.if")
        rules.append(Rule(condition, _parse_labels(entry["then"], factors, f"{where}.then")))
    return tuple(rules)


def _entries(value: Any, where: str, form: str) -> list[Any]:
    if not isinstance(value, list):
        raise StudyError(f"`{where}` must be a list of {form}; got {quoted(value)}.")
    return value


def _parse_labels(entry: Any, factors: Sequence[Factor], where: str) -> Labels:
    if not isinstance(entry, Mapping) or not entry:
        raise StudyError(f"`{where}` must be {{factor: label}}; got {quoted(entry)}.")
    known = {factor.name: factor for factor in factors}
    found = {}
    for name, value in entry.items():
        if name not in known:
            raise StudyError(f"`{where}` names no factor: {name!r}. {closest(str(name), known)}")
        labels = [str(label) for label in (value if isinstance(value, list) else [value])]
        for label in labels:
            if label not in known[name].labels:
                raise StudyError(
                    f"`{where}.{name}` names no level: {label!r}. "
                    f"{closest(label, known[name].labels)}"
                )
        found[name] = frozenset(labels)
    return found


def check_rules(
    rules: Sequence[Rule],
    factors: Sequence[Factor],
    planned: Sequence[Mapping[str, str]],
    design: str,
) -> None:
    """Refuse rules that take the ground from under the study.

    Parameters
    ----------
    rules : sequence of Rule
        The study's rules.
    factors : sequence of Factor
        The study's factors.
    planned : sequence of mapping
        The cells of the design before any rule.
    design : str
        Its name.

    Raises
    ------
    StudyError
        If the baseline goes, if a level of the design is left without a cell, or if the design
        is a fraction, whose balance any lost cell destroys.
    """
    if not rules:
        return
    if design == "fractional":
        raise StudyError(
            "`study.design` fractional must keep all its cells; got `study.exclude` or "
            "`study.when`. Use design full or pairs with these rules."
        )
    baseline = {factor.name: factor.null for factor in factors}
    if not all(rule.allows(baseline) for rule in rules):
        raise StudyError(
            "`study.exclude` and `study.when` must keep the baseline, every factor at its first "
            f"level; they remove {baseline}. Loosen the rule, or put another level first."
        )
    kept = [levels for levels in planned if all(rule.allows(levels) for rule in rules)]
    for factor in factors:
        for label in factor.labels[1:]:
            had = any(levels[factor.name] == label for levels in planned)
            if had and not any(levels[factor.name] == label for levels in kept):
                raise StudyError(
                    f"`study.exclude` and `study.when` leave no cell with {factor.name} {label}. "
                    "Loosen the rule, or drop the level."
                )
