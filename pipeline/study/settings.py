"""How params.yaml is read, and what it says beside the study: `data`, `run` and `time`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from experiments.design.explain import explain
from experiments.errors import StudyError, closest, quoted

_LARGEST_BYTES = 2**20
# A study has some hundred values; aliases that name each other grow without bound.
_MOST_VALUES, _DEEPEST, _MOST_BITS = 20_000, 20, 1024
# CPU seconds, long enough that reading the clocks does not count, short enough that a round's two
# sides meet the same machine.
BURST_S = 0.008
# So many of the processes train on to the middle and measure there, too: it takes half a run of
# each recipe.
MIDDLE_PROCESSES = 2
WARM_UP_ROUNDS = 2


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DataSettings(_Section):
    """Section `data`: what an unavailable dataset means, a gap in the study or an error."""

    on_missing: Literal["skip", "fail"] = "skip"


class RunSettings(_Section):
    """Section `run`: where runs are executed."""

    executor: Literal["processes", "in-process", "dask"] = "processes"
    address: str = ""

    @field_validator("address")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and "://" not in value:
            raise StudyError(
                f"`address` must be a scheduler's address; got {quoted(value)}. "
                "Write it like tcp://10.0.0.5:8786."
            )
        return value


class TimingProtocol(_Section):
    """Section `time`: how much is measured of a training step.

    Parameters
    ----------
    processes : int
        Fresh processes, one after the other; the interval's n. 0 measures nothing.
    rounds : int
        Rounds per process in which every component is timed against the baseline.
    """

    processes: Annotated[int, Field(ge=0, le=1000)] = 8
    rounds: Annotated[int, Field(ge=1, le=10_000)] = 16

    @field_validator("processes")
    @classmethod
    def _processes(cls, value: int) -> int:
        if 0 < value < 5:
            # Fewer make an interval too wide to be of use.
            raise StudyError(
                f"`processes` must be 5 or more, or 0 to measure nothing; got {value}."
            )
        return value

    def seconds(self, n_arms: int, start_s: float) -> float:
        """Return about how long that takes, where a process takes `start_s` to start.

        A round has two bursts of each side; the way to the middle of training is not counted.
        """
        rounds = (self.processes + MIDDLE_PROCESSES) * (self.rounds + WARM_UP_ROUNDS)
        return self.processes * start_s + n_arms * rounds * 4 * BURST_S


class Settings(_Section):
    """Everything in params.yaml but the study itself."""

    data: DataSettings = DataSettings()
    run: RunSettings = RunSettings()
    time: TimingProtocol = TimingProtocol()


def parse_settings(sections: Mapping[str, Any]) -> Settings:
    """Validate the sections beside the study.

    Raises
    ------
    StudyError
        At the first unknown section, unknown key or value out of range, in one line.
    """
    settings = Settings()
    known = {name: type(getattr(settings, name)) for name in Settings.model_fields}
    parsed: dict[str, Any] = {}
    for name, section in sections.items():
        if name not in known:
            names = ("study", *known)
            raise StudyError(f"`{name}` is not a known section. {closest(str(name), names)}")
        try:
            parsed[name] = known[name].model_validate(section)
        except ValidationError as error:
            raise explain(error, name, {"": known[name].model_fields}) from None
    return settings.model_copy(update=parsed)


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
