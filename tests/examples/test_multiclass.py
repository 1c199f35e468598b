import json
from pathlib import Path

import pytest

from tests.examples.project import answered, runs


@pytest.mark.slow
def test_three_classes_lead_to_verdicts_and_a_contrast(tmp_path: Path) -> None:
    project = answered(
        "multiclass", tmp_path, recipe={"epochs": 5}, replicates=2, tune={"trials": 2}
    )
    assert (runs(project, "wine")["status"] == "ok").all()
    verdicts = json.loads((project / "results/verdicts.json").read_text(encoding="utf-8"))
    titles = [row["title"] for row in verdicts["components"]]
    assert sorted(titles) == ["adam vs momentum", "adam vs sgd", "dropout", "momentum vs sgd"]
    assert {row["family_size"] for row in verdicts["components"]} == {4}
    assert {row["unit"] for row in verdicts["components"]} == {"nats"}
    why = project / "results/wine/champion/no-champion.txt"
    assert "rows of a table" in why.read_text(encoding="utf-8")
