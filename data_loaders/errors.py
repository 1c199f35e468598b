"""What can go wrong with data."""

from __future__ import annotations


class DataError(ValueError):
    """A file does not hold what it should."""


class DatasetUnavailableError(RuntimeError):
    """No source could deliver a dataset.

    Parameters
    ----------
    name : str
        The dataset.
    reasons : list of str
        One "source: why" per source tried.
    """

    remedy = (
        "Set KNOCKOUT_DATA_MIRROR to a folder that holds <dataset>/<file>, or connect to the "
        "network, and run again."
    )

    def __init__(self, name: str, reasons: list[str]) -> None:
        self.name, self.reasons = name, reasons
        super().__init__(f"{name} cannot be had ({'; '.join(reasons)}). {self.remedy}")
