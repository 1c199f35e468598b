"""One run before it is executed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

import numpy as np

from experiments.run.arrival import arrive, origin
from experiments.run.recipe import Recipe
from experiments.run.streams import StreamSet, stream

Arm = Literal["cell", "placebo"]
State = Literal["ready", "waits", "not_tuned"]


@dataclass(frozen=True)
class RunSpec:
    """One run before it is executed: one cell, one dataset, one replicate.

    Only what `identity` holds decides the outcome; study, cell and levels are what the run
    is called, so that studies and designs share runs.

    Parameters
    ----------
    study, dataset, cell : str
        What it belongs to; of a trial, `cell` names its arm.
    arm : {"cell", "placebo"}
        Which random streams it draws from.
    levels : mapping
        Factor → label.
    recipe : Recipe
        What it trains, the tuned values in it.
    replicate, seed : int
        Its block, and the study's seed.
    content_hash, source_digest : str
        Hashes of the data and of the source that it uses.
    trial : bool
        Whether it is a trial of the tuning, which never reads the test part.
    tuned : mapping
        The fields that the tuning of its block sets, and their values; the middle of each range
        as long as it waits.
    state : {"ready", "waits", "not_tuned"}
        Whether its arm is tuned; "not_tuned" when every trial of it diverged or failed.
    """

    study: str
    dataset: str
    cell: str
    arm: Arm
    levels: Mapping[str, str]
    recipe: Recipe
    replicate: int
    seed: int
    content_hash: str
    source_digest: str = field(repr=False)
    trial: bool = False
    tuned: Mapping[str, float] = field(default_factory=dict)
    state: State = "ready"

    @property
    def streams(self) -> StreamSet:
        """Which family of random streams the run draws from."""
        return "evaluation" if self.arm == "cell" else self.arm

    def generator(self, purpose: str) -> np.random.Generator:
        """Return a new generator of the run's stream for one purpose."""
        return stream(self.seed, self.dataset, self.replicate, self.streams, purpose)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that decides what the run computes, and nothing else."""
        return {
            "recipe": self.recipe.identity(),
            "dataset": self.dataset,
            "content_hash": self.content_hash,
            "replicate": self.replicate,
            "seed": self.seed,
            "streams": self.streams,
            "source_digest": self.source_digest,
            **({"trial": True} if self.trial else {}),
        }

    @cached_property
    def run_key(self) -> str:
        """Hash of `identity`: 32 hexadecimal digits."""
        text = json.dumps(self.identity, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process with the way to a user's own modules."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "recipe"}
        return _unpack, (plain, *origin(self.recipe))


def _unpack(plain: dict[str, Any], *recipe: Any) -> RunSpec:
    return RunSpec(**plain, recipe=arrive(*recipe))
