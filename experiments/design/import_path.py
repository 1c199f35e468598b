"""Import paths in params.yaml: `my_lab.signum:Signum` or `my_lab/signum.py:Signum`."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from experiments.errors import StudyError, quoted

# No file system has longer names.
_LONGEST = 255


def is_import_path(name: str) -> bool:
    """Return whether a name is an import path and no entry of a table.

    Examples
    --------
    >>> [is_import_path(name) for name in ("adam", "my_lab.signum:Signum", "signum.py:Signum")]
    [False, True, True]
    """
    return ":" in name


def dotted(path: str, where: str) -> tuple[str, str]:
    """Return module and attribute of an import path, of either form.

    Examples
    --------
    >>> dotted("my_lab/signum.py:Signum", "study")
    ('my_lab.signum', 'Signum')

    Raises
    ------
    StudyError
        If it is neither form.
    """
    module, _, attribute = path.partition(":")
    if module.endswith(".py"):
        module = ".".join(PurePosixPath(module.removesuffix(".py")).parts)
    names = [*module.split("."), *attribute.split(".")]
    if len(path) > _LONGEST or not all(name.isidentifier() for name in names):
        raise StudyError(
            f"`{where}` must be an import path; got {quoted(path)}. Write it like "
            "my_lab.signum:Signum, or my_lab/signum.py:Signum for a file beside params.yaml."
        )
    return module, attribute


def add_folder(folder: Path) -> None:
    """Let modules beside params.yaml be imported.

    The folder goes to the end of the import path: whatever is called like a module of this
    project, or of Python, stays what it is.
    """
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


def load_target(path: str, where: str, folder: Path | None) -> tuple[str, Any]:
    """Import what a path names.

    Parameters
    ----------
    path : str
        As params.yaml writes it.
    where : str
        The key path, for the error.
    folder : Path, optional
        That of params.yaml, which is searched last.

    Returns
    -------
    tuple
        The path in its dotted form, and the object.

    Raises
    ------
    StudyError
        If there is no such module or attribute, its code raises, or another module of that name
        goes before.
    """
    module, attribute = dotted(path, where)
    if folder is not None:
        add_folder(folder)
        _check_clash(module, where, folder)
    try:
        target: Any = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module}.".startswith(f"{error.name}."):
            beside = f" beside params.yaml in {folder}" if folder else ""
            raise StudyError(
                f"`{where}` must name a module that exists; got {quoted(path)}, and there is no "
                f"module {error.name}{beside} or installed. Check the spelling."
            ) from None
        raise _broken(error, path, where) from error
    # A script that ends the interpreter when it is imported is broken as well.
    except (Exception, SystemExit) as error:
        raise _broken(error, path, where) from error
    for name in attribute.split("."):
        if not hasattr(target, name):
            raise StudyError(
                f"`{where}` must name something in {module}; got {quoted(path)}, and "
                f"{getattr(target, '__file__', module)} has no {name}."
            )
        target = getattr(target, name)
    return f"{module}:{attribute}", target


def _check_clash(module: str, where: str, folder: Path) -> None:
    """Refuse a module beside params.yaml that another of its name goes before."""
    top, *rest = module.split(".")
    path = folder.joinpath(top, *rest)
    own = [p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()]
    if not own:
        return
    try:
        first = import_module(top)
    except (Exception, SystemExit):
        return
    places = [*getattr(first, "__path__", ()), getattr(first, "__file__", None) or ""]
    expected = folder / top
    if any(Path(p) in (expected, expected / "__init__.py", expected.with_suffix(".py"))
           for p in places if p):  # fmt: skip
        return
    raise StudyError(
        f"`{where}` names {own[0].relative_to(folder)}, but {top!r} is already the name of "
        f"{places[-1] or places[0]}, which goes before. Rename yours."
    )


def _broken(error: BaseException, path: str, where: str) -> StudyError:
    frames = traceback.extract_tb(error.__traceback__)
    at = next((f for f in reversed(frames) if "importlib" not in f.filename), None)
    place = f" in {at.filename}, line {at.lineno}" if at else ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" in {error.filename}, line {error.lineno}"
    text = error.msg if isinstance(error, SyntaxError) else error
    return StudyError(f"`{where}` names {path}, which cannot be imported: {type(error).__name__}: "
                      f"{text}{place}.")  # fmt: skip
