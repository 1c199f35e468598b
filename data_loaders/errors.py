"""What can go wrong with data."""

from __future__ import annotations

from collections.abc import Sequence

MIRROR_VARIABLE = "KNOCKOUT_DATA_MIRROR"


class DataError(ValueError):
    """A file or an array does not hold what it should, or a dataset's name is not known."""


class SourceError(RuntimeError):
    """A source has nothing to give: it is not set, does not answer, or was not tried."""


class DatasetUnavailableError(RuntimeError):
    """No source could deliver a dataset.

    Parameters
    ----------
    name : str
        The dataset.
    reasons : sequence of str
        One "source: why" per source, in the order tried.
    """

    remedy = (
        f"Set {MIRROR_VARIABLE} to a folder that holds <dataset>/train-images-idx3-ubyte.gz and "
        "the three files beside it, or connect to the network, and run again."
    )

    def __init__(self, name: str, reasons: Sequence[str]) -> None:
        # Both arguments reach Exception.args, so that the error survives the way between processes.
        super().__init__(name, tuple(reasons))
        self.name, self.reasons = name, tuple(reasons)

    def __str__(self) -> str:
        return f"{self.name} cannot be had ({'; '.join(self.reasons)}). {self.remedy}"
