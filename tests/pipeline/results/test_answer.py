"""The five sentences that open the report."""

from dataclasses import replace

import pandas as pd

from pipeline.results.answer import answer, placebo_verdicts


def changed(tables, verdict, **columns):
    """Return the tables with one verdict for every component."""
    return {**tables, "effects": tables["effects"].assign(verdict=verdict, **columns)}


def test_five_sentences_name_every_component_in_each_dataset_once(study, tables):
    said = answer(study, tables)
    assert len(said) == 5
    assert [sentence.split(" — ")[0] for sentence in said] == [
        "What helps", "What hurts", "What it costs", "The best combination", "How sure",
    ]  # fmt: skip
    for _, row in tables["effects"].iterrows():
        place = {"helps": 0, "hurts": 1, "equivalent": 1, "inconclusive": 4}[row["verdict"]]
        assert row["title"] in said[place]


def test_the_largest_effect_of_a_dataset_comes_first(study, tables):
    helped = tables["effects"].query("verdict == 'helps' and dataset == 'mnist'")
    assert len(helped) > 1
    first = helped.sort_values("effect_pp")["title"].iloc[-1]
    assert f"MNIST: {first} +" in answer(study, tables)[0]


def test_numbers_carry_their_unit_interval_and_n(study, tables):
    for verdict, place in (("helps", 0), ("hurts", 1)):
        said = answer(study, changed(tables, verdict))[place]
        assert "with 95 % intervals over n = 5 replicates" in said
        assert said.count(" ± ") == said.count(" pp") == len(tables["effects"])


def test_costs_are_those_of_a_step_or_else_of_a_run(study, tables):
    by_step = answer(study, tables)[2]
    assert "digits: augmentation ×1.35 [1.33, 1.38], adam vs sgd ×1.14" in by_step
    assert by_step.startswith("What it costs — in CPU time of a training step, MNIST: ")
    assert by_step.endswith("the rest ×1.12 or less (with over without, 95 % intervals).")
    by_run = answer(study, changed(tables, "helps", step_ratio=float("nan")))[2]
    assert "in CPU time of a run, MNIST: " in by_run
    unknown = changed(tables, "helps", step_ratio=float("nan"), time_ratio=float("nan"))
    assert answer(study, unknown)[2] == "What it costs — runtime was not measured."


def test_nothing_shown_is_said_in_words(study, tables):
    lost = answer(study, changed(tables, "inconclusive"))
    assert lost[0] == "What helps — no component was shown to raise test accuracy."
    assert lost[1].startswith("What hurts — nothing was shown to; nothing was shown to change")
    assert "inconclusive, which is not the same as no effect: MNIST" in lost[4]
    assert "every component got a verdict" in answer(study, changed(tables, "helps"))[4]


def test_equivalence_names_its_margins(study, tables):
    assert "(less than ±0.1/0.3/0.5 pp)" in answer(study, changed(tables, "equivalent"))[1]


def test_an_effect_by_divergence_is_no_number(study, tables):
    sides = changed(tables, "hurts", verdict_reason="most runs with it diverged")
    assert "adam vs sgd by divergence" in answer(study, sides)[1]


def test_the_best_combination_stands_beside_the_baseline_and_says_what_chose_it(study, tables):
    said = answer(study, tables)[3]
    assert said.count("against the baseline's") == 3
    assert "chosen among 32 by validation accuracy, so that the test figure is fair" in said
    assert "the baseline is optimizer sgd, L2 off, dropout off, augmentation off" in said


def test_a_placebo_that_acts_raises_the_alarm(tables):
    cells = tables["cells"]
    assert "cannot be trusted" not in placebo_verdicts(cells.assign(verdict="equivalent"))
    assert "cannot be trusted" in placebo_verdicts(cells.assign(verdict="helps"))
    assert placebo_verdicts(cells[cells["arm"] == "cell"]) == "the study has no placebo arm"


def test_lost_runs_are_counted(study, tables):
    counts = tables["counts"].assign(diverged=2, missing=1)
    said = answer(study, {**tables, "counts": counts})[4]
    assert said.endswith("6 diverged, 3 missing.")
    assert answer(study, tables)[4].endswith("none diverged, failed or is missing.")


def test_without_runs_there_is_one_sentence(study, tables):
    empty = replace(study, runs=pd.DataFrame())
    said = answer(empty, {**tables, "effects": pd.DataFrame()})
    assert len(said) == 1
    assert "No run of this study has finished" in said[0]
