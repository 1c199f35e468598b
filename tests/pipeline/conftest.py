"""A made-up study whose numbers look like a real one's."""

import itertools

import numpy as np
import pandas as pd
import pytest

from experiments.design.factors import Factor, Level
from pipeline.champion.sample_images import Pictures
from pipeline.results.figures.material import Exhibits
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import analyse

BASE = {"mnist": (0.978, 0.0007), "fashion_mnist": (0.885, 0.0016), "digits": (0.965, 0.006)}
GAIN = {
    "momentum": (0.003, 0.004, 0.006),
    "rmsprop": (0.002, 0.003, 0.004),
    "adam": (0.004, 0.006, 0.008),
    "l2": (0.0002, 0.0001, 0.0),
    "dropout": (0.0016, 0.001, -0.004),
    "augmentation": (0.005, 0.002, 0.006),
}
TIME = {"momentum": 1.08, "rmsprop": 1.2, "adam": 1.3, "l2": 1.02, "dropout": 1.18}
TIME["augmentation"] = 1.5


def make_factors(on="on"):
    optimizers = tuple(Level(name, {}) for name in ("sgd", "momentum", "rmsprop", "adam"))
    switches = (
        Factor(name, (Level("off", {}), Level(on, {})), on)
        for name in ("l2", "dropout", "augmentation")
    )
    return (Factor("optimizer", optimizers, "adam"), *switches)


def cell_name(levels, factors):
    parts = []
    for factor in factors:
        label = levels[factor.name]
        if len(factor.labels) > 2:
            parts.append(label)
        elif label != factor.null:
            parts.append(factor.name)
    return "+".join(parts) or "baseline"


def design_cells(factors, design):
    cells = [
        dict(zip([f.name for f in factors], labels, strict=True))
        for labels in itertools.product(*(f.labels for f in factors))
    ]
    if design == "add_one_in":
        null = {f.name: f.null for f in factors}
        return [c for c in cells if sum(c[k] != null[k] for k in c) <= 1]
    return cells


def learning_curve(rng, dataset, accuracy, slow, seconds, epochs=20):
    epoch = np.arange(1, epochs + 1)
    gap = np.exp(-epoch / (3.0 if slow else 1.6)) * 0.5 * (1 - BASE[dataset][0]) * 8
    val = np.clip(accuracy - gap * 0.35 + rng.normal(0, 5e-4, epochs), 0, 1)
    train = np.clip(accuracy + 0.012 - gap * 0.4 - 0.012 * np.exp(-epoch / 6), 0, 1)
    return {
        "epoch": epoch,
        "train_loss": 3.5 * (1 - train),
        "train_accuracy": train,
        "val_loss": 3.5 * (1 - val) + 0.0012 * epoch,
        "val_accuracy": val,
        "learning_rate": np.full(epochs, 0.01),
        "elapsed_s": seconds * epoch / epochs,
    }


def make_dataset(rng, index, dataset, factors, *, replicates, design, n_test, n_classes=10):
    base, sd = BASE[dataset]
    blocks = rng.normal(0, sd * 0.5, replicates)
    runs, history, predictions = [], [], []
    labels = rng.integers(0, n_classes, n_test).astype(np.uint8)
    hardness = rng.normal(size=n_test)
    arms = [("cell", levels) for levels in design_cells(factors, design)]
    arms.append(("placebo", {f.name: f.null for f in factors}))
    for arm, levels in arms:
        active = [levels[f.name] if len(f.labels) > 2 else f.name
                  for f in factors if levels[f.name] != f.null]  # fmt: skip
        gain = sum(GAIN[a][index] for a in active)
        gain -= 0.0015 * (index + 1) * ({"dropout", "augmentation"} <= set(active))
        slow = float(np.prod([TIME[a] for a in active]))
        cell = "placebo" if arm == "placebo" else cell_name(levels, factors)
        for replicate in range(replicates):
            key = f"{dataset}-{cell}-{replicate}".replace("+", "")
            accuracy = base + gain + blocks[replicate] + rng.normal(0, sd)
            val = accuracy + rng.normal(0, sd) + 0.001
            errors = round((1 - accuracy) * n_test)
            wrong = np.zeros(n_test, bool)
            wrong[np.argsort(hardness + rng.normal(0, 0.5, n_test))[:errors]] = True
            guess = labels.copy()
            guess[wrong] = (labels[wrong] + rng.integers(1, 3, wrong.sum())) % n_classes
            seconds = (6.0, 6.4, 0.6)[index] * slow * rng.normal(1, 0.02)
            phases = np.array([0.12, 0.34, 0.38, 0.09, 0.05, 0.02]) * seconds
            names = ["data_s", "forward_s", "backward_s", "update_s", "evaluation_s", "other_s"]
            curve = learning_curve(rng, dataset, val, "adam" not in active, seconds)
            history.append(pd.DataFrame({"run_key": key, **curve}))
            predictions.append({"run_key": key, "labels": labels.tobytes(),
                                "predictions": guess.tobytes(),
                                "test_index": np.arange(n_test).tobytes()})  # fmt: skip
            runs.append({
                "run_key": key, "dataset": dataset, "cell": cell, **levels, "arm": arm,
                "replicate": replicate, "status": "ok", "reason": "", "learning_rate": 0.01,
                "best_epoch": 17.0, "epochs": 20.0, "val_accuracy": curve["val_accuracy"].max(),
                "test_accuracy": float(np.mean(guess == labels)), "test_errors": float(wrong.sum()),
                "n_test": float(n_test), "n_parameters": 235146.0, "fit_cpu_s": seconds,
                "fit_wall_s": seconds * 1.01, **dict(zip(names, phases, strict=True)),
                "diverged_epoch": np.nan, "diverged_step": np.nan, "shared_cores": True,
            })  # fmt: skip
    return pd.DataFrame(runs), pd.concat(history), pd.DataFrame(predictions)


def make_tuning(rng, index, dataset, trials=12):
    rows = []
    for optimizer, centre in [("sgd", -0.5), ("momentum", -1.3), ("rmsprop", -3), ("adam", -2.9)]:
        rates = 10 ** (centre - 2 + 4 * (np.arange(trials) + 0.5) / trials)
        value = BASE[dataset][0] - 0.01 * (np.log10(rates) - centre) ** 2
        value += rng.normal(0, 0.001, trials)
        for trial, (rate, accuracy) in enumerate(zip(rates, value, strict=True)):
            diverged = np.log10(rate) > centre + 1.6
            rows.append({
                "run_key": f"{dataset}-tune-{optimizer}-{trial}", "dataset": dataset,
                "arm": optimizer, "trial": trial, "learning_rate": rate, "replicate": 1000,
                "val_accuracy": np.nan if diverged else accuracy, "val_loss": 1 - accuracy,
                "status": "diverged" if diverged else "ok", "chosen": trial == np.argmax(value),
                "default": trial == 5,
            })  # fmt: skip
    return pd.DataFrame(rows)


def make_step_cost(dataset, on="on"):
    rows = []
    for level, ratio in [("momentum", 1.03), ("rmsprop", 1.09), ("adam", 1.14)]:
        rows.append(("optimizer", level, ratio))
    rows += [("l2", on, 1.01), ("dropout", on, 1.12), ("augmentation", on, 1.35)]
    rows.append(("control", "A/A", 1.001))
    frame = pd.DataFrame(rows, columns=["component", "level", "ratio"])
    return frame.assign(ci_low=frame["ratio"] - 0.02, ci_high=frame["ratio"] + 0.025,
                        n_processes=5, dataset=dataset)  # fmt: skip


def make_study(
    datasets=("mnist", "fashion_mnist", "digits"), *, replicates=5, design="full", on="on",
    tuning=True, step_cost=True, n_test=2000, seed=7, unavailable=(), factors=None,
):  # fmt: skip
    """Return made-up results; every part can be switched off."""
    rng = np.random.default_rng(seed)
    factors = make_factors(on) if factors is None else factors
    parts = [make_dataset(rng, i, d, factors, replicates=replicates, design=design, n_test=n_test)
             for i, d in enumerate(datasets)]  # fmt: skip
    runs, history, predictions = (pd.concat(p, ignore_index=True) for p in zip(*parts, strict=True))
    cards = {d: {"name": d, "available": True, "n_train": 60000, "n_test": n_test, "n_classes": 10,
                 "class_names": [str(i) for i in range(10)], "image_shape": [28, 28],
                 "content_hash": "ab" * 32} for d in datasets}  # fmt: skip
    for name in unavailable:
        cards[name] = {"name": name, "available": False,
                       "reasons": ["mirror.example: timed out", "openml.org: 503"],
                       "remedy": "Set KNOCKOUT_DATA_MIRROR to a folder that holds it."}  # fmt: skip
    return StudyResults(
        name="main", question="What does each component do?", factors=factors, datasets=cards,
        runs=runs, history=history, predictions=predictions,
        tuning=pd.concat([make_tuning(rng, i, d) for i, d in enumerate(datasets)])
        if tuning else pd.DataFrame(),
        step_cost=pd.concat([make_step_cost(d, on) for d in datasets])
        if step_cost else pd.DataFrame(),
        margins={"mnist": 0.1, "fashion_mnist": 0.3, "digits": 0.5}, primary="test_accuracy",
        seed=0,
        protocol={"design": design, "replicates": replicates,
                  "tune": {"per": ["optimizer"], "trials": 12, "decades": 4.0, "replicates": 1},
                  "recipe": {d: {"hidden": [256, 128], "epochs": 20, "batch_size": 128}
                             for d in datasets}},
        alpha=0.05, environment={"python": "3.11.9", "numpy": "2.4.6", "blas": "openblas 0.3.30",
                                 "blas_kernels": "Haswell", "cpu": "2-core machine"},
        planned={d: len(runs[runs["dataset"] == d]) for d in datasets},
    )  # fmt: skip


def make_exhibits(results, seed=3):
    """Return made-up images and weights for every measured dataset."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:28, :28]
    exhibits = {}
    for name in results.measured:
        count = results.datasets[name]["n_test"]
        centres = rng.uniform(8, 20, (count, 2, 1, 1))
        far = (y - centres[:, 0]) ** 2 + (x - centres[:, 1]) ** 2
        images, middle = 255 * np.exp(-far / 20), np.exp(-((y - 14) ** 2 + (x - 14) ** 2) / 90)
        weights = rng.normal(size=(784, 64)) * middle.reshape(-1, 1)
        samples = images[:10].astype(np.float32)
        pictures = Pictures(np.arange(count), images.astype(np.uint8), samples,
                            np.roll(samples, 2, axis=2), "shift (max_shift 2)")  # fmt: skip
        exhibits[name] = Exhibits(pictures, weights, "adam+l2", "the champion's run")
    return exhibits


@pytest.fixture(scope="session")
def exhibits(study):
    """Images and weights for the made-up study."""
    return make_exhibits(study)


@pytest.fixture(scope="session")
def study():
    """The full made-up study: three datasets, 32 cells and a placebo, five replicates."""
    return make_study()


@pytest.fixture(scope="session")
def study_of():
    """The maker, for studies that lack something."""
    return make_study


@pytest.fixture(scope="session")
def tables(study):
    """The full study's tables."""
    return analyse(study)


@pytest.fixture(scope="session")
def small(study_of):
    """One dataset, few test images: quick to draw."""
    return study_of(("digits",), n_test=300)


@pytest.fixture(scope="session")
def small_tables(small):
    """The small study's tables."""
    return analyse(small)
