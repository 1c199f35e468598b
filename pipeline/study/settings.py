"""What params.yaml says beside the study: its sections `data`, `run` and `time`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from experiments.design.explain import explain
from experiments.errors import StudyError, closest, quoted

Executor = Literal["processes", "in-process", "dask"]
_SECTION = ConfigDict(frozen=True, extra="forbid", strict=True)


class DataSettings(BaseModel):
    """Section `data`: what an unavailable dataset means, a gap in the study or an error."""

    model_config = _SECTION

    on_missing: Literal["skip", "fail"] = "skip"


class RunSettings(BaseModel):
    """Section `run`: where runs are executed."""

    model_config = _SECTION

    executor: Executor = "processes"
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


class TimingProtocol(BaseModel):
    """Section `time`: how much is measured of a training step.

    Parameters
    ----------
    processes : int
        Fresh processes, one after the other; the interval's n. 0 measures nothing.
    rounds : int
        Rounds per process in which every component is timed against the baseline.
    """

    model_config = _SECTION

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


class Settings(BaseModel):
    """Everything in params.yaml but the study itself."""

    model_config = _SECTION

    data: DataSettings = DataSettings()
    run: RunSettings = RunSettings()
    time: TimingProtocol = TimingProtocol()


_SECTIONS = {name: field.annotation for name, field in Settings.model_fields.items()}


def parse_settings(sections: Mapping[str, Any]) -> Settings:
    """Validate the sections beside the study.

    Raises
    ------
    StudyError
        At the first unknown section, unknown key or value out of range, in one line.
    """
    settings: dict[str, Any] = {}
    for name, section in sections.items():
        model = _SECTIONS.get(name)
        if model is None:
            known = ("study", *_SECTIONS)
            raise StudyError(f"`{name}` is not a known section. {closest(str(name), known)}")
        try:
            settings[name] = model.model_validate(section)
        except ValidationError as error:
            raise explain(error, name, {"": model.model_fields}) from None
    return Settings(**settings)
