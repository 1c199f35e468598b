"""Read a YAML file that a person wrote, or that somebody made to look like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.errors import StudyError

_LARGEST_BYTES = 2**20
# A study has some hundred values; aliases that name each other grow without bound.
_MOST_VALUES, _DEEPEST, _MOST_BITS = 20_000, 20, 1024


def read_yaml(path: Path) -> dict[str, Any]:
    """Read YAML 1.2, where `off` is a word and 1e-4 a number.

    Raises
    ------
    StudyError
        If the file cannot be read, is not valid, holds no mapping, or holds more than any study.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise StudyError(f"{path} must have at most {_LARGEST_BYTES} bytes. Shorten it.")
        content = YAML(typ="safe", pure=True).load(path)
    except FileNotFoundError:
        raise StudyError(f"{path} does not exist. Run this in a Knockout project.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path} cannot be read: {error}.") from None
    except YAMLError as error:
        raise StudyError(f"{path.name} must be valid YAML; {_problem(error)}") from None
    except RecursionError:
        raise StudyError(f"{path.name} must not nest deeper than {_DEEPEST} levels.") from None
    except StudyError:
        raise
    # What the parser makes of numbers, dates and tags that are none has no common base.
    except Exception as error:
        raise StudyError(f"{path.name} must be valid YAML; {_problem(error)}.") from None
    if not isinstance(content, dict):
        raise StudyError(f"{path.name} must be a mapping; got {type(content).__name__}.")
    _check_size(content, path.name)
    return content


def _check_size(content: Any, name: str) -> None:
    """Refuse what unfolds to more values, or deeper, than a study has."""
    waiting, seen = [(content, 0)], 0
    while waiting:
        (value, depth), seen = waiting.pop(), seen + 1
        if seen > _MOST_VALUES or depth > _DEEPEST:
            raise StudyError(
                f"{name} must hold at most {_MOST_VALUES} values, {_DEEPEST} levels deep, aliases "
                "written out. Shorten it."
            )
        # Python writes no longer numbers out, not even into an error.
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            raise StudyError(f"{name} must hold numbers of at most {_MOST_BITS} bits. Shorten it.")
        if isinstance(value, dict | list | set | tuple):
            parts = value.values() if isinstance(value, dict) else value
            waiting += [(part, depth + 1) for part in parts]


def _problem(error: Exception) -> str:
    """Return what the parser says and where, without its advice to programmers."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None or not problem:
        return " ".join(str(error).split())
    said = problem.split(" with value ")[0].removeprefix("but ")
    return f"line {mark.line + 1}, column {mark.column + 1}: {' '.join(said.split())}."
