"""What each component does to the secondary responses, as a reader wants it."""

from __future__ import annotations

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.column import DESCRIPTION, Column, Row
from pipeline.results.text.measure import Measure
from pipeline.results.text.titles import dataset_title


def secondary_columns(results: StudyResults) -> list[Column]:
    """Return the columns of the table, one row per dataset × component × secondary response."""
    measures = {measure.column: measure for measure in results.secondary}

    def of(row: Row) -> Measure:
        return measures[row["response"]]

    def side(word: str) -> Column:
        name = f"accuracy_{word}"
        return Column(word, lambda row: f"{of(row).value(row[name])}{of(row).unit}", name)

    return [
        Column("dataset", lambda row: dataset_title(row["dataset"])),
        Column("component", lambda row: row["title"]),
        Column("measure", lambda row: of(row).title),
        side("without"),
        side("with"),
        Column(
            f"difference{DESCRIPTION}",
            lambda row: of(row).change(row["difference_pp"], row["ci_low_pp"], row["ci_high_pp"]),
            "difference_pp",
            "interval",
        ),
        Column("better is", lambda row: of(row).response.better),
        Column("n", lambda row: str(row["n"]), "n", "n"),
    ]
