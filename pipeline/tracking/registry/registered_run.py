"""How a champion's own run looks in MLflow: the model's home."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict

from pipeline.champion.saved_network import CARD, ChampionCard
from pipeline.tracking.records.metrics import metric_key, scalar_points
from pipeline.tracking.records.names import display_name
from pipeline.tracking.records.record import NOTE_TAG, DatasetUse, Record
from pipeline.tracking.records.run_record import flat


def registered_run(card: ChampionCard, note: str, provenance: Mapping[str, str]) -> Record:
    """Return what MLflow is to hold beside the model itself."""
    now = round(time.time() * 1000)
    scalars = {
        "test/accuracy": card.test_accuracy,
        "test/images": float(card.n_test),
        "best/val_accuracy": card.val_accuracy,
        **{str(metric_key(name)): value for name, value in card.scores.items()},
    }
    params = {
        **card.levels,
        "dataset": card.dataset,
        "cell": card.cell,
        "replicate": str(card.replicate),
        "learning_rate": f"{card.learning_rate:.6g}",
        **dict(flat(card.recipe)),
    }
    tags = {
        "study": card.study,
        "dataset": card.dataset,
        "cell": card.cell,
        "content_hash": card.content_hash,
        "parameters_sha256": card.parameters_sha256,
        **{f"env.{name}": value for name, value in card.environment.items()},
        NOTE_TAG: note,
    }
    text = json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n"
    return Record(
        key=card.run_key,
        name=f"{card.dataset} {display_name(card.cell, card.levels)}",
        status="FINISHED",
        start=now,
        end=now,
        params=params,
        tags={name: value for name, value in tags.items() if value},
        metrics=tuple(scalar_points(scalars, now)),
        dataset=DatasetUse(card.dataset, card.content_hash),
        provenance=provenance,
        artifacts=lambda: {CARD: text},
    )
