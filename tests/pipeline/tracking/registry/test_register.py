"""The best network is a registered model that anybody can serve."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

import nn
from pipeline.tracking.registry.model_card import model_card
from pipeline.tracking.registry.register import register_champion
from pipeline.tracking.store.address import local_folder
from pipeline.tracking.store.connection import connect
from pipeline.tracking.store.experiments import study_experiments
from pipeline.tracking.synced_study import remove_other_datasets
from tests.champions import champion_of

ROW = {"mean_accuracy": 0.981, "mean_ci_low": 0.975, "mean_ci_high": 0.987, "n": 5}


def make_champion(seed=0):
    layers = [nn.Dense(8), nn.ACTIVATIONS["relu"](), nn.Dense(10)]
    network = nn.Network(layers, n_inputs=64, batch_size=4, rng=np.random.default_rng(seed))
    return champion_of(network, run_key=f"key{seed}")


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 17, (5, 8, 8)).astype(np.uint8)


@pytest.fixture
def quick_package(monkeypatch):
    """Packing takes a while and is not what most tests are about."""
    monkeypatch.setattr(
        "pipeline.tracking.registry.register.save_model",
        lambda _, folder: (folder.mkdir(), (folder / "MLmodel").write_text("x")),
    )


def aliased(connection, name="knockout-main-digits"):
    return connection.client.get_model_version_by_alias(name, "champion")


def test_the_registered_model_gives_the_networks_classes_and_probabilities(connection, images):
    import mlflow.pyfunc

    champion = make_champion()
    registered = register_champion(connection, champion, ROW)
    known = aliased(connection)
    assert known.version == registered.version
    assert "98.10 % [97.50, 98.70]" in known.description
    model = mlflow.pyfunc.load_model(known.source)
    probabilities = champion.probabilities(images)
    # Nested lists, rows of pixels, floats, a list of lists: as people send them.
    for sent in (images, images.reshape(5, 64), images / 1.0, np.array(images.tolist())):
        answer = model.predict(sent)
        assert list(answer["class"]) == list(probabilities.argmax(axis=1))
        assert list(answer["name"]) == ["abcdefghij"[i] for i in probabilities.argmax(axis=1)]
        np.testing.assert_allclose(answer[[f"p{i}" for i in range(10)]], probabilities, rtol=1e-4)
    assert len(model.predict(images[0])) == len(model.predict(images[0].ravel())) == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (np.zeros((2, 7, 8)), r"images of 8 x 8 pixels.*got an array of shape \(2, 7, 8\)"),
        (np.array([["a"] * 64]), "must hold numbers"),
        (np.full((1, 64), np.nan), "finite numbers"),
    ],
)
def test_what_is_no_image_is_refused_in_one_line(connection, sent, words):
    import mlflow.pyfunc

    register_champion(connection, make_champion())
    with pytest.raises(ValueError, match=words):
        mlflow.pyfunc.load_model(aliased(connection).source).predict(sent)


def test_the_package_is_pinned_signed_and_brings_the_networks_code(connection):
    import mlflow.pyfunc

    register_champion(connection, make_champion())
    source = aliased(connection).source
    info = mlflow.pyfunc.load_model(source).metadata
    assert info.signature.outputs.input_names()[:3] == ["class", "name", "probability"]
    assert info.metadata["run_key"] == "key0"
    folder = local_folder(source)
    lines = (folder / "requirements.txt").read_text().splitlines()
    assert {"numpy", "pandas"} <= {line.partition("==")[0] for line in lines}
    assert all("==" in line for line in lines)
    assert (folder / "code" / "nn" / "network.py").is_file()
    assert not (folder / "uv.lock").exists()


@pytest.mark.usefixtures("quick_package")
def test_the_same_network_is_one_version_and_another_moves_the_alias(connection):
    versions = []
    for seed in (0, 0, 9, 0):
        champion = make_champion(seed)
        versions.append(str(register_champion(connection, champion).version))
        assert str(aliased(connection).version) == versions[-1]
    assert versions == ["1", "1", "2", "1"]


@pytest.mark.usefixtures("quick_package")
def test_a_card_follows_the_table_without_a_new_version(connection):
    register_champion(connection, make_champion())
    register_champion(connection, make_champion(), ROW)
    known = aliased(connection)
    assert str(known.version) == "1" and "over 5 replicates" in known.description
    run = connection.client.get_run(known.run_id)
    assert run.data.tags["mlflow.note.content"] == known.description
    assert run.data.params["dropout"] == "on"


@pytest.mark.usefixtures("quick_package")
def test_the_ready_view_follows_without_a_new_version(connection):
    register_champion(connection, make_champion())
    (found,) = study_experiments(connection, "main").values()
    view = "mlflow.sharedViewState.knockout"
    connection.client.set_experiment_tag(found.experiment_id, view, "of an older release")
    register_champion(connection, make_champion())
    (found,) = study_experiments(connection, "main").values()
    assert json.loads(found.tags[view])["orderByKey"] == "metrics.`test/accuracy`"


@pytest.mark.usefixtures("quick_package")
def test_a_model_whose_files_were_lost_or_left_behind_is_packed_anew(connection, project):
    register_champion(connection, make_champion())
    moved = project.rename(project.with_name(f"{project.name}-moved"))
    assert str(register_champion(connect(moved), make_champion()).version) == "2"
    assert aliased(connect(moved)).source.startswith(moved.as_uri())


@pytest.mark.usefixtures("quick_package")
def test_champions_stay_when_a_dataset_leaves_the_study(connection):
    register_champion(connection, make_champion())
    remove_other_datasets(connection, "main", [])
    assert len(study_experiments(connection, "main")) == 1


def test_a_fault_while_registering_leaves_what_the_next_sync_completes(connection, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
        patch.setattr("pipeline.tracking.registry.register.save_model", broken)
        register_champion(connection, make_champion())
    assert str(register_champion(connection, make_champion()).version) == "1"


def test_the_model_card_says_how_it_was_chosen_how_good_it_is_and_what_it_needs():
    card = model_card(make_champion().card, {})
    assert "highest mean test accuracy" in card
    assert "98.50 % of 360 test images" in card and "models:/knockout-main-digits@champion" in card
    assert "**Needs** `mlflow==" in card and "0 a, 1 b" in card
    digits = replace(make_champion().card, class_names=tuple("0123456789"), n_test=0)
    assert "(0, 1, 2," in model_card(digits, {}) and "was not read" in model_card(digits, {})


@pytest.mark.slow
def test_mlflow_predicts_and_serves_it(connection, images, tmp_path, free_port):
    champion = make_champion()
    registered = register_champion(connection, champion)
    # MLflow starts `uvicorn` by its name, so that the environment must be on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"MLFLOW_TRACKING_URI": connection.uri, "PYTHONPATH": "", "PATH": path}
    environment = {**os.environ, **own}
    mlflow = [sys.executable, "-W", "ignore", "-m", "mlflow", "models"]
    target = ["-m", f"models:/{registered.name}@champion", "--env-manager", "local"]
    nested, flat = images.tolist(), images.reshape(5, 64).tolist()
    (tmp_path / "in.json").write_text(json.dumps({"inputs": nested}))
    files = ["-i", str(tmp_path / "in.json"), "-o", str(tmp_path / "out.json"), "-t", "json"]
    # From another folder, without Knockout on the path.
    subprocess.run([*mlflow, "predict", *target, *files], check=True, env=environment, cwd="/")
    answers = [json.loads((tmp_path / "out.json").read_text())]
    server = subprocess.Popen(
        [*mlflow, "serve", *target, "-p", str(free_port)],
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    base = f"http://127.0.0.1:{free_port}"
    try:
        await_answer(f"{base}/ping")
        answers += [ask(base, {"inputs": nested}), ask(base, {"instances": flat})]
        with pytest.raises(HTTPError) as refusal:
            ask(base, {"inputs": [[1, 2, 3]]})
        assert "images of 8 x 8 pixels" in refusal.value.read().decode()
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)
    expected = champion.probabilities(images)
    for answer in answers:
        rows = answer["predictions"]
        assert [row["class"] for row in rows] == list(expected.argmax(axis=1))
        given = [[row[f"p{i}"] for i in range(10)] for row in rows]
        np.testing.assert_allclose(given, expected, rtol=1e-4)


def await_answer(address):
    for _ in range(240):
        try:
            urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.5)


def ask(base, content):
    body = json.dumps(content).encode()
    request = Request(f"{base}/invocations", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as response:
        return json.load(response)
