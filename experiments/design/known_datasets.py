"""What reading a study's results needs to know of the datasets that come with Knockout."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownDataset:
    """A dataset's facts that no image tells.

    Parameters
    ----------
    title : str
        The name as its authors write it.
    margin_pp : float
        Equivalence margin in percentage points: a smaller effect does not matter in practice.
    """

    title: str
    margin_pp: float = 0.5


_KNOWN = {
    "digits": KnownDataset("digits", 0.5),
    "mnist": KnownDataset("MNIST", 0.1),
    "fashion_mnist": KnownDataset("Fashion-MNIST", 0.3),
}


def known_dataset(name: str) -> KnownDataset:
    """Return the facts of a dataset; of a user's own, its name and the default margin.

    Examples
    --------
    >>> known_dataset("mnist").title, known_dataset("faces").margin_pp
    ('MNIST', 0.5)
    """
    return _KNOWN.get(name, KnownDataset(name))
