"""`knockout check`: validate the study and its own data."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.study.planning.design_lines import not_tuned_apart
from pipeline.study.project import Project


def study_lines(project: Project) -> Iterator[str]:
    """Yield that the study is valid: it was validated when it was opened, its data are now."""
    check_own(project)
    study = project.study
    file = f"{project.declared}.yaml" if project.declared else "params.yaml"
    yield f"{file} is valid: study {study.name}, datasets {', '.join(study.datasets)}"
    yield from not_tuned_apart(study)


def check_own(project: Project) -> None:
    """Read the study's own datasets, which need no network."""
    own = {
        name: spec
        for name, spec in project.study.sources.items()
        if not (spec.builtin or spec.openml)
    }
    if not own:
        return
    # What reads data takes longer to import than the rest of the check.
    from data_loaders.load import load
    from experiments.design.response_reader import check_responses
    from experiments.design.shapes import check_shape

    for name, spec in own.items():
        dataset = load(spec, folder=project.root)
        check_shape(project.study, name, dataset.x.shape[1:])
        check_responses(project.study.responses, name, regression=dataset.is_regression)
