"""Words for lists and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed([]), listed(["L2"]), listed(["L2", "dropout"]), listed(["a", "b", "c"])
    ('', 'L2', 'L2 and dropout', 'a, b and c')
    """
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def counted(n: int, noun: str) -> str:
    """Return a number and its noun, which agree.

    Examples
    --------
    >>> counted(0, "run"), counted(1, "run"), counted(5, "replicate")
    ('0 runs', '1 run', '5 replicates')
    """
    return f"{n} {noun}{'' if n == 1 else 's'}"


def ranged(counts: Iterable[int], noun: str) -> str:
    """Return the least and the largest number of a noun, once where they are the same.

    Examples
    --------
    >>> ranged([20, 5, 40], "replicate"), ranged([1, 1], "run")
    ('5–40 replicates', '1 run')
    """
    known = sorted(counts)
    return f"{known[0]}–" * (known[0] < known[-1]) + counted(known[-1], noun)


def capitalized(text: str) -> str:
    """Return a clause as a sentence: a capital first, a full stop last.

    Examples
    --------
    >>> capitalized("nothing was left out"), capitalized("none was left.")
    ('Nothing was left out.', 'None was left.')
    """
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."
