"""The doctor names each fault with what mends it, and its exit code says whether there is one."""

import json
from types import SimpleNamespace

import pytest

from pipeline.doctor.doctor import check_blas, check_dvc, check_environment, doctor
from pipeline.doctor.finding import Finding


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    known = {"digits": SimpleNamespace(builtin="digits")}
    study = SimpleNamespace(name="main", datasets=("digits",), sources=known)
    return SimpleNamespace(
        root=tmp_path,
        study=study,
        store={},
        results=lambda name: tmp_path / "results" / name,
        declared=None,
        command=lambda words: f"knockout {words}",
    )


def finding_of(check, project):
    (found,) = check(project)
    return found


def test_a_fault_gives_exit_code_1_and_its_remedy_is_said(project, capsys):
    checks = [lambda _: iter([Finding("good", "a"), Finding("fault", "b", "fix b")])]
    assert doctor(project, checks) == 1
    assert capsys.readouterr().out == "good   a\nfault  b\n       → fix b\n1 problem found.\n"


def test_notes_are_no_faults(project, capsys):
    assert doctor(project, [lambda _: iter([Finding("note", "n")])]) == 0
    assert capsys.readouterr().out.endswith("No problems found.\n")


def test_a_check_that_breaks_is_a_fault_and_stops_no_other(project, capsys):
    def broken(_):
        raise RuntimeError("boom")

    assert doctor(project, [broken, lambda _: iter([Finding("good", "next")])]) == 1
    first, _, second, _ = capsys.readouterr().out.splitlines()
    assert first == "fault  broken broke: RuntimeError: boom"
    assert second == "good   next"


@pytest.mark.parametrize(
    ("output", "code", "level"),
    [("{}", 0, "good"), ("oops", 0, "fault"), ("", 1, "fault")],
)
def test_what_dvc_answers_is_read_or_told(project, monkeypatch, output, code, level):
    done = SimpleNamespace(stdout=output, stderr="ERROR: locked", returncode=code)
    monkeypatch.setattr("pipeline.doctor.doctor.subprocess.run", lambda *a, **k: done)
    (project.root / ".dvc").mkdir()
    assert finding_of(check_dvc, project).level == level


STALE = {"experiments/studies/dvc.yaml:study@optimizers": [], "data@digits": ["always changed"]}


@pytest.mark.parametrize(
    ("declared", "level", "remedy"),
    [
        (None, "good", ""),
        ("batch_norm", "good", ""),
        ("optimizers", "note", "dvc repro experiments/studies/dvc.yaml:study@optimizers"),
    ],
)
def test_each_study_is_told_of_its_own_stages(project, monkeypatch, declared, level, remedy):
    done = SimpleNamespace(stdout=json.dumps(STALE), stderr="", returncode=0)
    monkeypatch.setattr("pipeline.doctor.doctor.subprocess.run", lambda *a, **k: done)
    (project.root / ".dvc").mkdir()
    project.declared = declared
    found = finding_of(check_dvc, project)
    assert (found.level, found.remedy) == (level, remedy)


def test_a_project_without_dvc_is_told_how_to_begin(project):
    assert finding_of(check_dvc, project).remedy == "dvc init --no-scm"
    (project.root / ".git").mkdir()
    assert finding_of(check_dvc, project).remedy == "dvc init"


def write_lock(root, versions):
    (root / "pyproject.toml").write_text('[project]\ndependencies = ["numpy>=2", "absent-x==1"]\n')
    entries = [f'[[package]]\nname = "numpy"\nversion = "{v}"\n' for v in versions]
    (root / "uv.lock").write_text("".join(entries))


def test_installed_packages_are_compared_with_the_lock(project):
    import numpy

    assert finding_of(check_environment, project).level == "note"
    write_lock(project.root, ["0.1", numpy.__version__])
    assert finding_of(check_environment, project).level == "good"
    write_lock(project.root, ["0.1"])
    found = finding_of(check_environment, project)
    assert found.level == "fault" and f"numpy {numpy.__version__}, not 0.1" in found.what


def test_blas_keeps_to_one_thread(project):
    found = list(check_blas(project))
    assert found and all("one thread" in finding.what for finding in found)
