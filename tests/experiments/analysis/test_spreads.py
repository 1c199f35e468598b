"""How much effects moved from block to block in a study's own runs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.effects import component_effects
from experiments.analysis.spreads import measured_spreads
from tests.experiments.analysis.conftest import study_of


def test_a_studys_own_runs_give_its_spreads(run_table, switches) -> None:
    runs = run_table(switches, replicates=40, sd=0.004)
    effects = component_effects(runs, study_of(switches, runs), rng=np.random.default_rng(0))

    spreads = measured_spreads(effects)

    # Four pairs of cells, each with sd 0.4 √2 percentage points.
    assert spreads["mnist"]["a"] == pytest.approx(0.4 * np.sqrt(2 / 4), rel=0.3)
    assert set(spreads["mnist"]) == {"a", "b", "c"}


def test_no_spread_is_no_prediction(run_table, switches) -> None:
    runs = run_table(switches, replicates=1)
    effects = component_effects(runs, study_of(switches, runs), rng=np.random.default_rng(0))

    assert measured_spreads(effects) == {}
