"""What a stage needs before it can run, when it is called by hand."""

from __future__ import annotations

from experiments.errors import StudyError, closest
from pipeline.study.project import Project

_MADE_BY = {"dataset.json": "data", "runs.parquet": "train"}
# How many of these each stage reads; DVC knows the same from dvc.yaml.
_NEEDED = {"train": 1, "time": 1, "champion": 2, "sync": 2}


def check_inputs(project: Project, stage: str, dataset: str) -> None:
    """Refuse a dataset that the study does not know, and a stage whose input does not exist.

    Raises
    ------
    StudyError
        With the stage that makes what is missing.
    """
    folder, known = project.results(dataset), project.study.datasets
    # A dataset that left the study still has its card.
    if dataset not in known and not (folder / "dataset.json").exists():
        raise StudyError(
            f"{dataset!r} is an unknown dataset; the study has others. {closest(dataset, known)}"
        )
    for name in list(_MADE_BY)[: _NEEDED.get(stage, 0)]:
        if not (folder / name).exists():
            raise StudyError(
                f"`knockout stage {stage} {dataset}` needs {folder.name}/{name}, which does not "
                f"exist. Run `knockout stage {_MADE_BY[name]} {dataset}` first."
            )
