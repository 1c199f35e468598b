"""The best network is a registered model that anybody can serve."""

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest

import nn
from pipeline.tracking import Champion, register_champion
from pipeline.tracking.model_card import model_card

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:mlflow", "ignore::FutureWarning")
SCALE, SHIFT = 0.25, -1.5


def make_network(seed=0):
    layers = [nn.Dense(8), nn.ACTIVATIONS["relu"](), nn.Dense(10)]
    return nn.Network(layers, n_inputs=64, batch_size=4, rng=np.random.default_rng(seed))


def sha256(network):
    return hashlib.sha256(network.parameters.tobytes()).hexdigest()


@pytest.fixture
def champion(project, make_pairs):
    network = make_network()
    nn.save(network, project / "network.safetensors")
    spec, result = make_pairs(1, 1)[0]
    return Champion(
        spec=spec,
        result=replace(result, parameters_sha256=sha256(network)),
        network=project / "network.safetensors",
        scale=SCALE,
        shift=SHIFT,
        image_shape=(8, 8),
        class_names=tuple("abcdefghij"),
        row={"mean_accuracy": 0.981, "mean_ci_low": 0.975, "mean_ci_high": 0.987, "n": 5},
    )


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 17, (5, 64)).astype(np.float32)


def expected(images):
    return nn.softmax(make_network().logits(images * np.float32(SCALE) + np.float32(SHIFT)))


def test_the_registered_model_gives_the_networks_classes_and_probabilities(
    connection, champion, images
):
    import mlflow.pyfunc

    registered = register_champion(connection, champion)
    assert registered.created and registered.version == "1"
    again = register_champion(connection, champion)
    assert not again.created and again.version == "1"
    known = connection.client.get_model_version_by_alias(registered.name, "champion")
    assert "98.10 % [97.50, 98.70]" in known.description
    model = mlflow.pyfunc.load_model(known.source)
    answer = model.predict(images)
    probabilities = expected(images)
    assert list(answer["class"]) == list(probabilities.argmax(axis=1))
    assert list(answer["name"]) == ["abcdefghij"[i] for i in probabilities.argmax(axis=1)]
    np.testing.assert_allclose(answer[[f"p{i}" for i in range(10)]], probabilities, rtol=1e-5)
    unwrapped = model.unwrap_python_model()
    square = unwrapped.predict(None, images.reshape(-1, 8, 8).astype(np.uint8))
    assert square.equals(unwrapped.predict(None, images))


def test_another_network_is_another_version_and_the_alias_moves_back_and_forth(
    connection, champion, project, monkeypatch
):
    monkeypatch.setattr(
        "pipeline.tracking.champion.save_model",
        lambda _, folder: (folder.mkdir(), (folder / "MLmodel").write_text("x")),
    )
    other = make_network(seed=9)
    nn.save(other, project / "other.safetensors")
    second = replace(
        champion,
        network=project / "other.safetensors",
        result=replace(champion.result, parameters_sha256=sha256(other)),
    )
    assert register_champion(connection, champion).version == "1"
    assert register_champion(connection, second).version == "2"
    back = register_champion(connection, champion)
    assert (back.version, back.created) == ("1", False)
    aliased = connection.client.get_model_version_by_alias(back.name, "champion")
    assert str(aliased.version) == "1"


def test_a_file_with_another_network_is_refused(connection, champion):
    nn.save(make_network(seed=5), champion.network)
    with pytest.raises(ValueError, match="must hold the network of run"):
        register_champion(connection, champion)


def test_the_model_card_says_how_it_was_chosen_and_how_good_it_is(champion):
    card = model_card(champion)
    assert "highest validation accuracy" in card and "models:/knockout-main-digits@champion" in card
    assert "360 test images" in card
    unread = replace(champion, result=replace(champion.result, metrics={}), row={})
    assert "was not read" in model_card(unread)


@pytest.mark.slow
def test_mlflow_predicts_and_serves_it(connection, champion, images, tmp_path, free_port):
    registered = register_champion(connection, champion)
    environment = {**os.environ, "MLFLOW_TRACKING_URI": connection.uri, "PYTHONPATH": ""}
    mlflow = [sys.executable, "-W", "ignore", "-m", "mlflow", "models"]
    target = ["-m", registered.uri, "--env-manager", "local"]
    body = json.dumps({"inputs": images.tolist()})
    (tmp_path / "in.json").write_text(body)
    files = ["-i", str(tmp_path / "in.json"), "-o", str(tmp_path / "out.json"), "-t", "json"]
    subprocess.run([*mlflow, "predict", *target, *files], check=True, env=environment, cwd="/")
    classes = list(expected(images).argmax(axis=1))
    answers = [json.loads((tmp_path / "out.json").read_text())]
    server = subprocess.Popen(
        [*mlflow, "serve", *target, "-p", str(free_port)],
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    try:
        answers.append(ask(f"http://127.0.0.1:{free_port}", body))
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)
    for answer in answers:
        assert [row["class"] for row in answer["predictions"]] == classes
        assert all(
            abs(sum(row[f"p{i}"] for i in range(10)) - 1) < 1e-6 for row in answer["predictions"]
        )


def ask(base, body):
    for _ in range(240):
        try:
            urlopen(f"{base}/ping", timeout=2)
            break
        except OSError:
            time.sleep(0.5)
    request = Request(f"{base}/invocations", body.encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as response:
        return json.load(response)


def test_the_saved_model_holds_no_pickle(connection, champion, project):
    registered = register_champion(connection, champion)
    source = connection.client.get_model_version(registered.name, registered.version).source
    files = [path.name for path in Path(source.removeprefix("file://")).rglob("*")]
    assert "network.safetensors" in files
    assert not [name for name in files if name.endswith((".pkl", ".pickle", ".joblib"))]
