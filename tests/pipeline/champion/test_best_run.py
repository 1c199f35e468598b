"""The champion is the best cell of the comparison table."""

from experiments.analysis import best_run
from pipeline.results.figures.material import Exhibits, Material
from pipeline.results.tables.analyse import analyse


def test_the_rule_agrees_with_the_comparison_table(study):
    tables = analyse(study)
    for dataset in study.measured:
        own = study.runs[study.runs["dataset"] == dataset]
        key = best_run(own, study.study)
        cell = own.set_index("run_key").loc[key, "cell"]
        assert cell == Material(study, tables, dataset, Exhibits()).best_cell
