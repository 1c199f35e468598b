"""A made-up study whose numbers look like a real one's, read by the real parser."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.step_cost import ROUND_COLUMNS, step_costs
from experiments.design.designs import PLACEBO
from experiments.design.plan import arms_of_cells, whole_blocks
from experiments.design.step_arms import CONTROL, step_arms
from experiments.design.study import parse_study
from experiments.design.tuning import trial_points
from experiments.run.outputs import compact
from pipeline.champion.sample_images import Pictures
from pipeline.results.figures.gallery import CATALOGUE, FigureFile, draw_figures
from pipeline.results.figures.material import Exhibits
from pipeline.results.findings import verdicts
from pipeline.results.scored_runs import scored
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import analyse, empty_tables
from pipeline.results.tables.answers import write_answers
from pipeline.stages import champion_stage, data_stage, train_stage
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.project import open_project
from pipeline.study.store.run_tables import predictions_table

EVIL = '"><img src=x onerror=window.hit=1><script>window.hit=1</script></svg>$x$'
NAMING = {"effect_forest", "accuracy_cost", "interaction_heatmap", "run_time", "learning_curves"}
BASE = {"mnist": (0.978, 0.0007), "fashion_mnist": (0.885, 0.0016), "digits": (0.965, 0.006)}
GAIN = {
    "momentum": (0.003, 0.004, 0.006),
    "rmsprop": (0.002, 0.003, 0.004),
    "adam": (0.004, 0.006, 0.008),
    "l2": (0.0002, 0.0001, 0.0),
    "dropout": (0.0016, 0.001, -0.004),
    "augmentation": (0.005, 0.002, 0.006),
}
# Logarithms: half a power of ten and less beside each optimizer's usual rate.
BEST_RATE = {"sgd": -0.5, "momentum": -1.3, "rmsprop": -3, "adam": -2.9}
TIME = {"momentum": 1.08, "rmsprop": 1.2, "adam": 1.3, "l2": 1.02, "dropout": 1.18}
TIME["augmentation"] = 1.5


STEP = {"momentum": 1.03, "rmsprop": 1.09, "adam": 1.14, "l2": 1.01, "dropout": 1.12}
STEP |= {"augmentation": 1.35, CONTROL: 1.001}
ENVIRONMENT = {"python": "3.11.9", "numpy": "2.4.6", "blas": "openblas 0.3.30",
               "blas_kernels": "Haswell", "blas_threads": "1", "cpu": "an example", "cores": "2",
               "platform": "Linux"}  # fmt: skip


def make_design(datasets, *, replicates, design, on, **further):
    """Return the study as params.yaml would declare it."""
    return parse_study({
        "datasets": list(datasets), "design": design, "replicates": replicates,
        "question": "What does each component do?",
        "factors": {
            "optimizer": ["sgd", "momentum", "rmsprop", "adam"],
            "l2": {"off": 0, on: 1e-4}, "dropout": {"off": 0, on: 0.2},
            "augmentation": {"off": "none", on: {"shift": {"max_shift": 1}}},
        },
        "recipe": {"hidden": [256, 128], "epochs": 20, "batch_size": 128},
        "tune": {"trials": 12, "decades": 4}, **further,
    })  # fmt: skip


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
        "steps": np.full(epochs, 20),
        **dict.fromkeys(("data_s", "forward_s", "backward_s", "update_s", "evaluation_s"), 0.01),
    }


def make_dataset(rng, index, dataset, study, n_test, n_classes=10):
    factors, replicates = study.factors, study.looks[dataset][-1]
    base, sd = BASE[dataset]
    blocks = rng.normal(0, sd * 0.5, replicates)
    runs, history, predictions = [], [], []
    labels = rng.integers(0, n_classes, n_test).astype(np.uint8)
    hardness = rng.normal(size=n_test)
    for cell, levels in study.cells.items():
        arm = PLACEBO if cell == PLACEBO else "cell"
        active = [levels[f.name] if len(f.labels) > 2 else f.name
                  for f in factors if levels[f.name] != f.null]  # fmt: skip
        gain = sum(GAIN[a][index] for a in active)
        gain -= 0.0015 * (index + 1) * ({"dropout", "augmentation"} <= set(active))
        slow = float(np.prod([TIME[a] for a in active]))
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
            outputs = compact(np.full((n_test, n_classes), 0.02) + np.eye(n_classes)[guess])
            predictions.append({"run_key": key, "n_classes": n_classes,
                                "labels": labels.astype("<u2").tobytes(),
                                "outputs": outputs.tobytes(),
                                "test_index": np.arange(n_test).tobytes(),
                                "val_labels": labels.astype("<u2").tobytes(),
                                "val_outputs": outputs.tobytes()})  # fmt: skip
            runs.append({
                "run_key": key, "dataset": dataset, "cell": cell, **levels, "arm": arm,
                "replicate": replicate, "status": "ok", "reason": "", "learning_rate": 0.01,
                "val_loss": 0.1,
                "best_epoch": 17.0, "epochs": 20.0, "val_accuracy": curve["val_accuracy"].max(),
                "test_accuracy": float(np.mean(guess == labels)), "test_errors": float(wrong.sum()),
                "n_test": float(n_test), "n_parameters": 235146.0, "fit_cpu_s": seconds,
                "fit_wall_s": seconds * 1.01, **dict(zip(names, phases, strict=True)),
                "diverged_epoch": np.nan, "diverged_step": np.nan, "shared_cores": True,
                "parameters_sha256": "ab" * 32, **ENVIRONMENT,
            })  # fmt: skip
    return pd.DataFrame(runs), pd.concat(history), pd.DataFrame(predictions)


def make_tuning(rng, index, dataset, study):
    """Return the ledger of trials at the study's own trial points, each block's best chosen."""
    rows, every = [], whole_blocks(study, study.looks[dataset][-1])
    for arm, n_blocks in arms_of_cells(study, dataset, every):
        ((field, ends),) = arm.ranges.items()
        best = BEST_RATE[arm.levels["optimizer"]]
        for replicate in range(n_blocks):
            shares = trial_points(study.tune.trials - 1, 1, rng)[:, 0]
            rates = np.array([ends.usual, *(ends.at(share) for share in shares)])
            value = BASE[dataset][0] - 0.01 * (np.log10(rates) - best) ** 2
            value += rng.normal(0, 0.001, len(rates))
            diverged = np.log10(rates) > best + 1.6
            value[diverged] = np.nan
            for trial, rate in enumerate(rates):
                rows.append({
                    "run_key": f"{dataset}-tune-{arm.label}-{replicate}-{trial}",
                    "dataset": dataset, "arm": arm.label, "tuned": field, "replicate": replicate,
                    "trial": trial, field: rate, "value": value[trial],
                    "val_accuracy": value[trial], "val_loss": 1 - value[trial],
                    "fit_cpu_s": 1.0, "fit_wall_s": 1.01,
                    "status": "diverged" if diverged[trial] else "ok",
                    "chosen": trial == np.nanargmax(value), "default": trial == 0,
                })  # fmt: skip
    return pd.DataFrame(rows)


def make_step_cost(rng, study, dataset):
    """Return step costs from made-up rounds, by the analysis that stage `time` uses."""
    rows = []
    for arm in step_arms(study, dataset)[1]:
        cost = STEP.get(arm.level, STEP.get(arm.component, 1.62))
        for process in range(5):
            for number in range(4):
                seconds = 100e-6 * 20 * cost * (1 + 0.01 * (process - 2)) * np.ones(2)
                rows.append((process, arm.component, arm.level, number, 100e-6 * 20, 100e-6 * 20,
                             *seconds, 20))  # fmt: skip
    return step_costs(pd.DataFrame(rows, columns=list(ROUND_COLUMNS))).assign(dataset=dataset)


def make_study(
    datasets=("mnist", "fashion_mnist", "digits"), *, replicates=5, design="full", on="on",
    tuning=True, step_cost=True, n_test=1000, seed=7, unavailable=(), **further,
):  # fmt: skip
    """Return made-up results; every part can be switched off."""
    rng = np.random.default_rng(seed)
    names = (*datasets, *unavailable)
    study = make_design(names, replicates=replicates, design=design, on=on, **further)
    parts = [make_dataset(rng, i, d, study, n_test) for i, d in enumerate(datasets)]
    runs, history, predictions = (pd.concat(p, ignore_index=True) for p in zip(*parts, strict=True))
    made = {
        "runs": runs, "history": history, "predictions": predictions,
        "tuning": pd.concat([make_tuning(rng, i, d, study) for i, d in enumerate(datasets)]),
        "step_cost": pd.concat([make_step_cost(rng, study, d) for d in datasets]),
    }  # fmt: skip
    empty = empty_tables(study)
    made |= {} if tuning else {"tuning": empty["tuning"]}
    made |= {} if step_cost else {"step_cost": empty["step_cost"]}
    cards = {d: DatasetCard(d, True, True, "ab" * 32, 60000, n_test, (28, 28),
                            tuple(str(i) for i in range(10))) for d in datasets}  # fmt: skip
    for name in unavailable:
        reasons = ("mirror.example: timed out", "openml.org: 503")
        remedy = "Set KNOCKOUT_DATA_MIRROR to a folder that holds it."
        cards[name] = DatasetCard(name, True, False, reasons=reasons, remedy=remedy)
    planned = {name: len(study.cells) * study.looks[name][-1] for name in cards}
    # Answers on validation data are there for whoever scores them anew.
    empty["predictions"] = predictions_table([])
    tables = {name: table[list(empty[name].columns)] for name, table in made.items()}
    tables["runs"] = scored(tables["runs"], tables["predictions"], study.responses)
    return StudyResults(study, cards, planned, **tables)


def without(results, *names):
    """Return results that lack the rows of some tables."""
    empty = empty_tables(results.study)
    return replace(results, **{name: empty[name] for name in names})


def make_exhibits(results, seed=3):
    """Return made-up images and weights for every measured dataset."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:28, :28]
    exhibits = {}
    for name in results.measured:
        count = results.cards[name].n_test
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


@pytest.fixture(scope="session")
def written(small, small_tables, shared):
    """The folder with the small study's answers."""
    return shared(
        "written",
        lambda folder: write_answers(small, small_tables, verdicts(small, small_tables), folder),
    )


@pytest.fixture(scope="session")
def gallery(shared):
    """Return what draws a study once in a session, whoever asks first: that takes seconds."""

    def drawn(name, results, tables, exhibits, kinds=CATALOGUE):
        def draw(folder):
            figures = draw_figures(results, tables, folder / "figures", exhibits, kinds)
            said = {f.svg.stem: (f.kind.name, f.dataset, f.heading, f.caption) for f in figures}
            (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")

        folder, by_name = shared(name, draw), {kind.name: kind for kind in CATALOGUE}
        said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
        return [FigureFile(by_name[kind], *words, *(folder / f"figures/{stem}.{end}"
                           for end in ("svg", "png")))
                for stem, (kind, *words) in said.items()]  # fmt: skip

    return drawn


@pytest.fixture(scope="session")
def drawn(small, small_tables, gallery):
    """Every figure of the small study."""
    return gallery("drawn", small, small_tables, make_exhibits(small))


@pytest.fixture
def few_figures(monkeypatch):
    """Let stage `report` draw one figure: all of them take seconds, and other tests draw them."""

    def draw(*arguments):
        return draw_figures(*arguments, CATALOGUE[:1])

    monkeypatch.setattr("pipeline.stages.report_stage.draw_figures", draw)


@pytest.fixture(scope="session")
def evil():
    """A study with a level that would act if a single place forgot to escape it."""
    return make_study(("digits",), n_test=300, on=EVIL, replicates=2, design="pairs")


@pytest.fixture(scope="session")
def evil_tables(evil):
    """The hostile study's tables."""
    return analyse(evil)


@pytest.fixture(scope="session")
def evil_drawn(evil, evil_tables, gallery):
    """The figures of the hostile study that write names."""
    kinds = [kind for kind in CATALOGUE if kind.name in NAMING]
    return gallery("evil", evil, evil_tables, {}, kinds)


REAL = """
study:
  datasets: [digits]
  replicates: 2
  factors:
    dropout: {off: 0, on: 0.2}
    augmentation: {off: none, on: {shift: {max_shift: 1}}}
  recipe: {hidden: [16], batch_size: 64, epochs: 2, learning_rate: 0.1}
  tune: {per: [dropout], trials: 1}
run: {executor: in-process}
"""


@pytest.fixture(scope="session")
def real_study(shared):
    """The folder of a small study that was trained, with its champion; only read it."""

    def train(root):
        (root / "params.yaml").write_text(REAL, encoding="utf-8")
        project = open_project(root)
        for stage in (data_stage, train_stage, champion_stage):
            stage.run(project, "digits")

    return shared("real-study", train)
