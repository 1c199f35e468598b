"""`knockout doctor`: check what a study rests on; each finding names what fixes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.doctor.environment_checks import check_blas, check_dvc, check_environment
from pipeline.doctor.finding import Finding
from pipeline.doctor.mlflow_checks import check_tracking
from pipeline.doctor.store_checks import check_data, check_store
from pipeline.study.project import Project

Check = Callable[[Project], Iterator[Finding]]
_OF_STUDY: tuple[Check, ...] = (check_data, check_store, check_tracking)
CHECKS = (*_OF_STUDY, check_dvc, check_environment, check_blas)


def doctor(project: Project, checks: Sequence[Check] = CHECKS) -> int:
    """Print what the checks find; return the exit code, 1 when something is a fault.

    A check that breaks is a finding and stops no other.
    """
    faults = 0
    for check in checks:
        try:
            for finding in check(project):
                print(finding, flush=True)
                faults += finding.level == "fault"
        except Exception as error:
            what = f"{check.__name__} broke: {type(error).__name__}: {error}"
            print(Finding("fault", what, "report it with the lines above"))
            faults += 1
    problems = "1 problem" if faults == 1 else f"{faults or 'No'} problems"
    print(f"{problems} found.")
    return 1 if faults else 0
