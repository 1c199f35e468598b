"""What a study writes about a dataset: where it comes from and how it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data_loaders.errors import DataError, closest, quoted

SOURCE_KINDS = ("mirror", "web", "openml", "keras")
ORIGINS = ("builtin", "path", "function", "sklearn", "openml")
FUNCTION = re.compile(r"([A-Za-z_][\w.]*|.+\.py):[A-Za-z_]\w*")
_LARGEST_SIDE = 4096


@dataclass(frozen=True)
class DatasetSpec:
    """A dataset of a study; exactly one of the first five fields after the name is given.

    Parameters
    ----------
    name : str
        The name in tables and folders.
    builtin : str
        A name in `data_loaders.registry.REGISTRY`; it is looked up when it is loaded.
    path : str
        A file (CSV, Parquet, npz) or a folder (IDX, .npy, one folder of pictures per class).
    function : str
        `module:function` or `file.py:function`, which returns (x, y) or a mapping.
    sklearn : str
        A loader of `sklearn.datasets`, such as "load_iris".
    openml : int
        The number of a dataset at OpenML.
    label : str
        The column with the classes, or with the numbers when `task` is regression.
    group : str
        A column (in npz and mappings: an array `groups`); its values never cross parts.
    split : str
        A column that says train, validation or test for each row.
    test : str
        A second path, of the same format, with the test part.
    drop : tuple of str
        Columns that are left out.
    shape : tuple of int
        Height, width and, for colours, channels: rows of a table become images of this shape,
        pictures are resized to it.
    task : str
        "classification" or "regression"; by default numbers with fractions mean regression.
    missing : str
        "impute" (median or most frequent value of the training part) or "refuse".
    train_size : int or float, optional
        How many rows of the training part are trained on: a number, or a share in (0, 1].
    source : str
        Which kind of source of a built-in dataset is tried first.
    """

    name: str
    builtin: str = ""
    path: str = ""
    function: str = ""
    sklearn: str = ""
    openml: int = 0
    label: str = ""
    group: str = ""
    split: str = ""
    test: str = ""
    drop: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    task: str = ""
    missing: str = "impute"
    train_size: int | float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        where = f"dataset {self.name}"
        given = [name for name in ORIGINS if getattr(self, name)]
        if len(given) != 1:
            raise DataError(
                f"{where} must have one origin of {', '.join(ORIGINS)}; got "
                f"{' and '.join(given) or 'none'}. Write e.g. path: ./data.csv."
            )
        if self.function and not FUNCTION.fullmatch(self.function):
            raise DataError(
                f"{where} function must be module:function or file.py:function; got "
                f"{quoted(self.function)}. Write e.g. my_lab.data:load."
            )
        self._check_choice("task", ("", "classification", "regression"))
        self._check_choice("missing", ("impute", "refuse"))
        self._check_choice("source", ("", *SOURCE_KINDS))
        self._check_fit(where)

    def _check_choice(self, key: str, known: tuple[str, ...]) -> None:
        value = getattr(self, key)
        if value not in known:
            raise DataError(
                f"dataset {self.name} {key} must be one of {', '.join(filter(None, known))}; got "
                f"{quoted(value)}. {closest(str(value), filter(None, known))}"
            )

    def _check_fit(self, where: str) -> None:
        """Refuse options that the origin cannot use, and sizes that no dataset has."""
        only_train_size = ("label", "group", "split", "test", "drop", "shape", "task")
        unused: tuple[str, ...] = only_train_size if self.builtin else ("source",)
        unused += () if self.path or self.builtin else ("test",)
        for key in unused:
            if getattr(self, key):
                raise DataError(
                    f"{where} must not have {key}: {self._origin} does not use it; got "
                    f"{quoted(getattr(self, key))}. Leave it out."
                )
        if self.test and self.split:
            raise DataError(f"{where} must have test or split, not both; leave one out.")
        if self.openml and not 0 < self.openml < 2**31:
            raise DataError(
                f"{where} openml must be the number of a dataset there; got {quoted(self.openml)}."
            )
        size = self.train_size
        if size is not None and not (
            (isinstance(size, int) and size >= 1) or (isinstance(size, float) and 0 < size <= 1)
        ):
            raise DataError(
                f"{where} train_size must be a number of rows from 1, or a share in (0, 1]; got "
                f"{quoted(size)}. Leave it out for all."
            )
        if self.shape and not (
            len(self.shape) in (2, 3)
            and all(1 <= side <= _LARGEST_SIDE for side in self.shape)
            and (len(self.shape) == 2 or self.shape[2] in (1, 3, 4))
        ):
            raise DataError(
                f"{where} shape must be [height, width] or [height, width, channels] with 1, 3 or "
                f"4 channels; got {quoted(list(self.shape))}. Write e.g. [28, 28]."
            )

    @property
    def _origin(self) -> str:
        return next(f"{name} {getattr(self, name)}" for name in ORIGINS if getattr(self, name))
