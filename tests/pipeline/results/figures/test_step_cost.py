"""The step-cost bars."""

from __future__ import annotations

import pytest

from pipeline.results.figures.step_cost import step_cost
from pipeline.results.figures.style import new_axes
from pipeline.results.tables.step_rows import step_rows


@pytest.fixture
def rows(study):
    return step_rows(study, "mnist")


def drawn(rows) -> tuple[list[float], list[str]]:
    axes = step_cost(new_axes(7, 3), rows, dataset="MNIST")
    return [bar.get_width() for bar in axes.patches], [text.get_text() for text in axes.texts]


def test_bars_are_the_extra_cost_from_the_top(rows) -> None:
    widths, texts = drawn(rows)

    assert widths[::-1] == pytest.approx([3, 9, 14, 1, 12, 35, 0.1])
    assert "×1.14 [1.12, 1.16]" in texts
    assert "×1.001 [0.981, 1.026]" in texts
    assert any("the A/A control covers 1.00" in text for text in texts)


def test_a_control_that_misses_and_a_disturbed_row_are_marked(rows) -> None:
    control = rows["kind"] == "control"
    rows = rows.assign(
        ci_low=rows["ci_low"].mask(control, 1.0005), disturbed=rows["component"] == "dropout"
    )
    _, texts = drawn(rows)

    assert any("does not cover 1.00" in text and "0.1 % off" in text for text in texts)
    assert [text for text in texts if text.endswith("disturbed")] == [
        "×1.12 [1.10, 1.15] disturbed"
    ]
    assert any("disturbed: wall time exceeded CPU time" in text for text in texts)


def test_what_holds_for_all_rows_is_said_once(rows) -> None:
    _, texts = drawn(rows.assign(disturbed=True, confidence=0.9))

    assert not any(text.endswith("disturbed") for text in texts)
    assert any("all of them were disturbed" in text and "90 % interval" in text for text in texts)


def test_the_sum_is_marked_on_the_joint_bar(rows) -> None:
    rows = rows.assign(kind=rows["kind"].where(rows["component"] != "augmentation", "together"))
    rows = rows.assign(sum_ratio=rows["ratio"].add(0.2).where(rows["kind"] == "together"))
    axes = step_cost(new_axes(7, 3), rows, dataset="MNIST")

    (diamond,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert diamond.get_xdata()[0] == pytest.approx(55)
    assert diamond.get_ydata()[0] == 1
