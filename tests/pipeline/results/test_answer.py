"""The sentences that open the report."""

from dataclasses import replace

import pytest

from experiments.response import RESPONSES
from pipeline.results.answer import answer, dataset_answer
from pipeline.results.sureness import placebo_verdicts, sureness
from pipeline.results.tables.analyse import analyse
from tests.pipeline.conftest import without


def changed(tables, verdict, **columns):
    """Return the tables with one verdict for every component."""
    return {**tables, "effects": tables["effects"].assign(verdict=verdict, **columns)}


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "digits"])
def test_every_component_is_named_once_in_the_sentence_of_its_verdict(study, tables, dataset):
    lines = dataset_answer(study, tables, dataset)
    rows = tables["effects"][tables["effects"]["dataset"] == dataset]
    words = {"helps": "raised", "hurts": "lowered it", "equivalent": "changed it by less than",
             "depends": "It depends: ",
             "inconclusive": "Inconclusive, which is not the same as no effect"}  # fmt: skip
    for row in rows.to_dict("records"):
        naming = [line for line in lines if row["title"].lower() in line.lower()]
        assert any(words[row["verdict"]] in line for line in naming), row["title"]


def test_the_largest_effect_comes_first(study, tables):
    helped = tables["effects"].query("verdict == 'helps' and dataset == 'mnist'")
    assert len(helped) > 1
    first = helped.sort_values("effect_pp")["title"].iloc[-1]
    assert dataset_answer(study, tables, "mnist")[0].startswith(f"On MNIST {first} (+")


def test_numbers_carry_their_unit_interval_and_n(study, tables):
    line = dataset_answer(study, changed(tables, "helps"), "mnist")[0]
    assert line.endswith("(95 % intervals over n = 5 replicates).")
    assert line.count(" ± ") == line.count(" pp)") == 6


def test_the_most_costly_component_is_named_by_the_step_or_else_by_the_run(study, tables):
    def cost(made):
        return next(line for line in dataset_answer(study, made, "digits") if "costly" in line)

    assert "augmentation: ×1.35 [1.32, 1.38] the CPU time per training step" in cost(tables)
    nothing = float("nan")
    assert "the CPU time per run" in cost(changed(tables, "helps", step_ratio=nothing))
    unknown = changed(tables, "helps", step_ratio=nothing, time_ratio=nothing)
    assert "Runtime was not measured." in dataset_answer(study, unknown, "digits")


def test_nothing_shown_is_said_in_words(study, tables):
    lines = dataset_answer(study, changed(tables, "inconclusive"), "mnist")
    assert lines[0] == "On MNIST no component was shown to improve test accuracy."
    assert lines[1].startswith("Inconclusive, which is not the same as no effect: momentum vs sgd")


def test_equivalence_names_its_margin(study, tables):
    lines = dataset_answer(study, changed(tables, "equivalent"), "fashion_mnist")
    assert lines[1].endswith("augmentation changed it by less than ±0.3 pp.")


def test_a_component_that_another_one_turns_names_it(study, tables):
    sides = {f"simple_{side}{end}_pp": value for side, values in
             {"without": (0.01, -0.1, 0.12), "with": (-1.2, -1.4, -1.0)}.items()
             for end, value in zip(("", "_ci_low", "_ci_high"), values, strict=True)}  # fmt: skip
    on = "augmentation: on; optimizer: adam"
    turned = changed(tables, "depends", depends_on=on, **sides)
    assert (
        "L2 (on augmentation and adam: +0.01 ± 0.11 pp without augmentation, −1.20 ± 0.20 pp "
        "with it)"
    ) in dataset_answer(study, turned, "mnist")[1]


def test_a_response_of_which_less_is_better_is_lowered_by_what_helps(study, tables):
    responses = {"val_log_loss": RESPONSES["log_loss"]}
    loss = replace(study, study=study.study.model_copy(update={"responses": responses}))
    helped, hurt = (dataset_answer(loss, changed(tables, word), "mnist")[i]
                    for word, i in (("helps", 0), ("hurts", 1)))  # fmt: skip
    assert "lowered validation log loss" in helped
    assert " nats)" in helped
    assert hurt.endswith("raised it.")


def test_an_effect_by_divergence_is_no_number(study, tables):
    sides = changed(tables, "hurts", verdict_reason="most runs with it diverged")
    assert "adam vs sgd (by divergence)" in " ".join(dataset_answer(study, sides, "mnist"))


def test_the_best_recipe_stands_beside_the_baseline_and_says_what_chose_it(study, tables):
    line = dataset_answer(study, tables, "mnist")[-1]
    assert line.startswith("The best of 32 recipes is adam+")
    assert "against the baseline's 97." in line
    assert line.endswith("validation data chose it, so that its test figure is fair.")


def test_a_placebo_that_acts_raises_the_alarm(study, tables):
    cells = tables["cells"]
    assert "cannot be trusted" not in placebo_verdicts(study, cells.assign(verdict="equivalent"))
    assert "cannot be trusted" in placebo_verdicts(study, cells.assign(verdict="helps"))
    assert placebo_verdicts(study, cells[cells["arm"] == "cell"]) == "the study has no placebo arm"


def test_lost_runs_are_counted(study, tables):
    assert sureness(study, tables)[-1] == (
        "495 of 495 planned runs finished; none diverged, failed or is missing."
    )
    counts = tables["counts"].assign(diverged=2, missing=1)
    assert sureness(study, {**tables, "counts": counts})[-1].endswith("; 6 diverged and 3 missing.")


def test_without_runs_there_is_one_sentence(small):
    empty = without(small, "runs", "history")
    assert len(answer(empty, analyse(empty))) == 1


def test_one_planned_run_is_singular(study, tables):
    counts = tables["counts"].head(1).assign(planned=1, ok=1)
    assert sureness(study, {**tables, "counts": counts})[-1].startswith(
        "1 of 1 planned run finished"
    )


def test_the_answer_goes_through_the_datasets_in_order(study, tables):
    lines = answer(study, tables)
    places = [next(i for i, line in enumerate(lines) if line.startswith(f"On {name} "))
              for name in ("MNIST", "Fashion-MNIST", "digits")]  # fmt: skip
    assert places == sorted(places)
    assert lines[-3].startswith("The placebo")
    assert lines[-2].startswith("Tuned adam ≥ momentum ≥ sgd up to noise on MNIST, ")
    fewer = replace(study, cards={"mnist": study.cards["mnist"]})
    assert not any("digits" in line for line in answer(fewer, tables)[:-3])
