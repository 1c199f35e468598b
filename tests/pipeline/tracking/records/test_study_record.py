"""A study in MLflow: the page beside the verdict on each component."""

import json
from pathlib import Path

import pytest

from pipeline.tracking.records.names import experiment
from pipeline.tracking.records.study_record import study_note, study_record
from pipeline.tracking.synced_study import sync_study
from tests.pipeline.tracking.conftest import runs_in, sync_pairs

ROW = {"dataset": "digits", "component": "dropout", "level": "on", "title": "dropout"}
ROW |= {"effect_pp": -0.76, "ci_low_pp": -1.0, "ci_high_pp": -0.5, "verdict": "hurts"}
ROW |= {"unit": "pp", "sentence": "Dropout hurts on digits."}


@pytest.fixture
def verdicts():
    return {
        "study": "main",
        "question": "What does dropout do?",
        "response": "test_accuracy",
        "response_title": "test accuracy",
        "components": [ROW, ROW | {"title": "l2", "effect_pp": None, "sentence": "No run."}],
    }


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "index.html"
    path.write_text("<title>größer</title>", encoding="utf-8")
    return path


def test_the_note_has_each_verdict_with_its_interval_and_sentence(verdicts):
    note = study_note(verdicts, {"digits": "#/experiments/3/runs"})
    assert note.startswith("[digits](#/experiments/3/runs): **hurts** dropout, l2.  \n")
    assert "**What does dropout do?**" in note
    assert "| digits | dropout | hurts | −0.76 [−1.00, −0.50] pp |" in note
    assert "| digits | l2 | hurts | – |" in note
    assert "- Dropout hurts on digits." in note


def test_a_long_note_is_cut_between_lines(verdicts):
    verdicts["components"] = [ROW] * 400
    note = study_note(verdicts, {})
    assert 7800 < len(note) <= 8000 and note.endswith("|")


def test_another_page_is_another_record(verdicts, page):
    first = study_record(verdicts, page, {}).digest
    page.write_text("other", encoding="utf-8")
    assert study_record(verdicts, page, {}).digest != first


def test_the_page_is_an_artifact_and_the_note_leads_to_the_cells(
    connection, make_pairs, verdicts, page
):
    sync_pairs(connection, make_pairs(2, 1))
    assert sync_study(connection, verdicts, page).created == 1
    assert sync_study(connection, verdicts, page).present == 1
    client = connection.client
    (run,) = runs_in(connection, experiment("main"))
    cells = client.get_experiment_by_name("knockout/main/digits").experiment_id
    assert f"(#/experiments/{cells}/runs?" in run.data.tags["mlflow.note.content"]
    files = {file.path for file in client.list_artifacts(run.info.run_id)}
    assert files == {"index.html", "verdicts.json"}
    local = client.download_artifacts(run.info.run_id, "verdicts.json")
    assert json.loads(Path(local).read_text(encoding="utf-8"))[0]["verdict"] == "hurts"
