"""Regular two-level fractions: generators, defining relation and alias table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

Word = frozenset[str]


def generators(names: Sequence[str]) -> tuple[list[str], dict[str, Word]]:
    """Return the base factors and, for each other factor, the word that generates it.

    Words of odd length, three or more, make every word of the defining relation even and at
    least four long: resolution IV. When one factor alone is generated, the product of all base
    factors gives the highest resolution that there is.

    References
    ----------
    Box, Hunter and Hunter (2005), Statistics for Experimenters, chapter 6.
    """
    k = len(names)
    n_base = next(p for p in range(1, k + 1) if p + _n_words(p) >= k)
    base, generated = list(names[:n_base]), list(names[n_base:])
    if len(generated) == 1:
        return base, {generated[0]: frozenset(base)}
    words = [frozenset(c) for size in range(3, n_base + 1, 2) for c in combinations(base, size)]
    return base, dict(zip(generated, words, strict=False))


def _n_words(n_base: int) -> int:
    """Count the subsets of odd size, three or more."""
    return int(2 ** (n_base - 1) - n_base)


def defining_relation(words: Mapping[str, Word]) -> list[Word]:
    """Return every word whose product of signs is constant over the fraction."""
    single = [word | {name} for name, word in words.items()]
    relation: set[Word] = set()
    for size in range(1, len(single) + 1):
        for chosen in combinations(single, size):
            product: Word = frozenset()
            for word in chosen:
                product = product ^ word
            relation.add(product)
    return sorted(relation, key=lambda word: (len(word), sorted(word)))


def resolution(words: Mapping[str, Word]) -> int | None:
    """Return the length of the shortest defining word; None for a full factorial."""
    relation = defining_relation(words)
    return len(relation[0]) if relation else None


def aliases(names: Sequence[str], words: Mapping[str, Word]) -> list[list[Word]]:
    """Return the groups of two-way interactions that the fraction cannot tell apart."""
    relation = [frozenset[str](), *defining_relation(words)]
    groups: dict[frozenset[Word], list[Word]] = {}
    for pair in combinations(names, 2):
        two = frozenset(pair)
        coset = frozenset(two ^ word for word in relation)
        groups.setdefault(coset, []).append(two)
    return [group for group in groups.values() if len(group) > 1]
