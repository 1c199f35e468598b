"""What a study consists of and how far it is, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.analysis import feasibility
from experiments.designs import cell_name
from experiments.fractional import aliases, generators, resolution
from experiments.plan import study_cells
from experiments.run_spec import RunSpec
from experiments.tuning import tuning_plan
from pipeline.dataset_card import draw_up
from pipeline.plans import planned
from pipeline.project import Project
from pipeline.training import finished

# Typical seed standard deviation of a paired difference, in percentage points: what the
# prediction of a study's power rests on until it has runs of its own.
_TYPICAL_SD = {"mnist": 0.10, "fashion_mnist": 0.22, "digits": 0.9}


def _counted(project: Project, specs: list[RunSpec]) -> str:
    stored = len(finished(project, specs))
    return f"{len(specs)} runs, {stored} stored, {len(specs) - stored} to train"


def plan_lines(project: Project) -> Iterator[str]:
    """Yield the cells, the runs per dataset, the alias table, and what the study can see."""
    study = project.study
    cells = study_cells(study)
    yield f"study {study.name}: {study.question}"
    yield (
        f"design {study.design}: {len(cells)} cells x {study.replicates} replicates, "
        "and a placebo arm"
    )
    for levels in cells:
        yield f"  {cell_name(study.factors, levels)}"
    if study.design == "fractional":
        yield from _fraction_lines(project)
    for name in study.datasets:
        yield from _dataset_lines(project, name)
    n_comparisons = len(study.datasets) * sum(len(f.levels) - 1 for f in study.factors)
    for outlook in feasibility(
        {name: _TYPICAL_SD.get(name, 0.5) for name in study.datasets},
        family="main effects of components",
        n_replicates=study.replicates,
        n_comparisons=n_comparisons,
        margins={name: study.margin(name) for name in study.datasets},
        alpha=study.alpha,
    ):
        yield from outlook.sentences


def _fraction_lines(project: Project) -> Iterator[str]:
    names = [factor.name for factor in project.study.factors]
    _, words = generators(names)
    if not words:
        yield "  with so few factors the fraction is the full design"
        return
    yield f"  resolution {resolution(words)}: " + ", ".join(
        f"{name} = {' x '.join(sorted(word))}" for name, word in words.items()
    )
    for group in aliases(names, words):
        yield "  cannot be told apart: " + " = ".join(" x ".join(sorted(p)) for p in group)


def _dataset_lines(project: Project, name: str) -> Iterator[str]:
    card = draw_up(project, name)
    if not card.available:
        yield f"{name}: not available, its runs are left out. {card.remedy}"
        return
    trials = [t.spec for t in tuning_plan(project.study, name, card.content_hash)]
    yield f"{name}: tuning {_counted(project, trials)}"
    if (project.results(name) / "tuning.parquet").exists():
        yield f"{name}: evaluation {_counted(project, planned(project, name))}"
    else:
        arms = len(study_cells(project.study)) + 1
        yield f"{name}: evaluation {arms * project.study.replicates} runs, after tuning"


def status_lines(project: Project) -> Iterator[str]:
    """Yield how many runs are stored, and what the runs that are not would be."""
    for name in project.study.datasets:
        if not (project.results(name) / "tuning.parquet").exists():
            yield f"{name}: not tuned yet; `dvc repro` trains it"
            continue
        specs = planned(project, name)
        done = finished(project, specs)
        yield f"{name}: {_counted(project, specs)}"
        missing = [spec for spec in specs if spec.run_key not in done]
        for spec in missing[:20]:
            yield f"  {spec.cell} replicate {spec.replicate}: {_why(project, spec)}"
        if len(missing) > 20:
            yield f"  and {len(missing) - 20} more"


def _why(project: Project, spec: RunSpec) -> str:
    stored = project.store.get(spec.run_key)
    if stored is not None:
        return f"failed: {stored.reason}"
    return "no run of this recipe, data and source is stored"
