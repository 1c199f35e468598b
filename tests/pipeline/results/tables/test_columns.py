"""No factor has the name of another column of the tables that have a column per factor."""

from experiments.design.clashes import TAKEN
from pipeline.study.store.run_tables import runs_table


def test_every_column_beside_the_factors_is_taken(study, tables) -> None:
    own = {factor.name for factor in study.study.factors}
    columns = {*runs_table([], study.study).columns, *tables["cells"].columns} - own
    assert columns <= TAKEN
