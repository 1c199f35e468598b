"""What params.yaml says beside the study: its sections `data`, `run` and `time`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from experiments.design.explain import explain
from experiments.errors import StudyError, closest, quoted

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
