"""Whose code an error comes from, in one line."""

from __future__ import annotations

import site
import sys
import sysconfig
import traceback
from pathlib import Path

from experiments.source.modules import ROOT

_OURS = ("nn", "data_loaders", "experiments", "pipeline")


def blame(error: BaseException) -> str:
    """Return an error's type and words, and the last line of the user's own code on its way.

    Examples
    --------
    >>> blame(ValueError("no such thing"))
    'ValueError: no such thing'
    """
    text = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
    own = [f for f in traceback.extract_tb(error.__traceback__) if _is_users(Path(f.filename))]
    if not own:
        return text
    path = Path(own[-1].filename)
    here = Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{shown}:{own[-1].lineno}: {text}"


def _is_users(path: Path) -> bool:
    """Return whether a file is neither this project's, nor Python's, nor an installed package's."""
    foreign = [*(ROOT / package for package in _OURS), Path(sysconfig.get_path("stdlib"))]
    foreign += [Path(folder) for folder in (*site.getsitepackages(), sys.prefix)]
    return path.is_file() and not any(path.is_relative_to(folder) for folder in foreign)
