"""What can go wrong with data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

MIRROR_VARIABLE = "KNOCKOUT_DATA_MIRROR"


_LONGEST, _LONGEST_REASON = 80, 300
# No path, name or remedy of ours is as long: what is comes from a hostile file.
_LONGEST_WORD, _LONGEST_LINE = 200, 1000


def closest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names what exists and the closest match to `name`.

    Examples
    --------
    >>> closest("adma", ["adam", "sgd"])
    'Known: adam, sgd; did you mean adam?'
    """
    names = sorted(known)
    match = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"; did you mean {match[0]}?" if match else "."
    return f"Known: {', '.join(names)}{hint}"


def quoted(value: object) -> str:
    """Return a value as an error line echoes it: on one line, and cut where it is long.

    Examples
    --------
    >>> quoted("colour")
    "'colour'"
    """
    # NumPy's numbers would name their type.
    value = value.item() if hasattr(value, "item") else value
    text = repr(value)
    text = text if text.isprintable() else ascii(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def one_line(error: BaseException) -> str:
    """Return what a library's error says, on one line and cut where it is long."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"


def bounded(message: str) -> str:
    r"""Return an error's message on one line that a terminal can show whole.

    Values in it that nobody quoted are made printable; an overlong word or line loses its middle,
    because the key path stands in front and the remedy at the end.

    Examples
    --------
    >>> bounded("`a\\nb` is not a known key.")
    '`a\\\\nb` is not a known key.'
    >>> len(bounded("x" * 5000))
    200
    """
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
    if len(text) <= _LONGEST_WORD:
        return text
    return _cut(" ".join(_cut(word, _LONGEST_WORD) for word in text.split(" ")), _LONGEST_LINE)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


class InputError(ValueError):
    """Something that the user wrote, or named, is wrong; said in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(bounded(message))


class DataError(InputError):
    """A file or an array does not hold what it should, or a dataset's name is not known."""


class AbsentDataError(DataError):
    """A path that a study names does not exist: what was made of it earlier may still stand."""


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
        f"Set {MIRROR_VARIABLE} to a folder that holds <dataset>/<its files as published>, such as "
        "mnist/train-images-idx3-ubyte.gz, or connect to the network, and run again."
    )

    def __init__(self, name: str, reasons: Sequence[str]) -> None:
        # Both arguments reach Exception.args, so that the error survives the way between processes.
        super().__init__(name, tuple(reasons))
        self.name, self.reasons = name, tuple(reasons)

    def __str__(self) -> str:
        return f"{self.name} is unavailable ({'; '.join(self.reasons)}). {self.remedy}"
