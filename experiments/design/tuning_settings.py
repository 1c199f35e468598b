"""What a study says of its tuning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Strict: Python takes true for 1.
_Count = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class Tuning(BaseModel):
    """How values are tuned in each block: equal trials for every arm, on validation data.

    Parameters
    ----------
    per : tuple of str
        The factors whose levels are tuned separately; those with a range always are.
    also : mapping
        Dataset → further factors that are tuned separately there: augmented images of a few pixels
        want other rates than plain ones.
    trials : int
        Trials of an arm in a block.
    decades : float
        Width of the range around the usual value of the recipe's tuned field.
    shift : mapping
        Dataset → by how many decades its range lies above the usual value: a small network with
        small batches takes higher rates.
    length : float
        Share of a run's epochs that a trial takes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    per: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    trials: _Count = 7
    decades: Annotated[float, Field(ge=0.1, le=6, strict=True)] = 3.0
    shift: Mapping[str, Annotated[float, Field(ge=-3, le=3, strict=True)]] = Field(
        default_factory=dict
    )
    length: Annotated[float, Field(gt=0, le=1, strict=True)] = 1.0
