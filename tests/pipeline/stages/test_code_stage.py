"""A stage rests on the source that it imports, on all of it, and on no more."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from experiments.source.modules import ROOT
from pipeline.stages import code_stage
from pipeline.stages.code_stage import STAGES, named_modules
from pipeline.study.project import open_project

PACKAGES = ("nn", "data_loaders", "experiments", "pipeline")
DVC = YAML(typ="safe", pure=True).load(ROOT / "dvc.yaml")["stages"]


class House:
    """A copy of the source, and what its stages rest on."""

    def __init__(self, root: Path) -> None:
        self.root, self.memory = root, {}

    def digests(self):
        wanted = {stage: [f"pipeline.stages.{stage}_stage"] for stage in STAGES}
        return code_stage.source_digests(wanted, [self.root], self.memory)

    @contextmanager
    def edited(self, file, change):
        """Change a file; take it back afterwards. Yields the stages that rest on it."""
        before, path = self.digests(), self.root / file
        text = path.read_text(encoding="utf-8")
        path.write_text(change(text), encoding="utf-8")
        after = self.digests()
        differ = {s: {f for f in after[s] if before[s].get(f) != after[s][f]}
                  for s in STAGES if before[s] != after[s]}  # fmt: skip
        assert all(files == {file} for files in differ.values())
        try:
            yield set(differ)
        finally:
            path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, root / package, ignore=ignored)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code_stage, "ROOT", root)
        yield House(root)


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("nn/optimizers/adam.py", set(STAGES)),
        ("pipeline/study/store/run_store.py", set(STAGES)),
        ("pipeline/study/executors/executor.py", {"train"}),
        ("pipeline/study/timing/process.py", {"time"}),
        ("pipeline/tracking/__init__.py", {"sync"}),
        ("pipeline/stages/report_stage.py", {"report"}),
        ("pipeline/doctor/doctor.py", set()),
        ("pipeline/cli.py", set()),
    ],
)
def test_a_changed_line_makes_the_stages_stale_that_import_it(house, file, stale):
    with house.edited(file, lambda text: text + "\nCHANGED = True\n") as found:
        # `data` is always asked.
        assert found - {"data"} == stale - {"data"}


def replaced(old, new):
    def change(text):
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("nn/optimizers/adam.py", replaced("class Adam(", "# A remark.\n\n\nclass Adam(")),
        ("pipeline/study/project.py", replaced("Return the results folder", "Give the folder")),
    ],
)
def test_comments_docstrings_and_layout_make_nothing_stale(house, file, change):
    with house.edited(file, change) as found:
        assert found == set()


def test_a_template_belongs_to_the_module_beside_it(house):
    page = next(path for path in (house.root / "pipeline/results").rglob("*.css"))
    file = page.relative_to(house.root).as_posix()
    with house.edited(file, replaced("body", "/* another look */ body")) as found:
        assert found == {"report"}


def test_what_was_read_before_is_not_read_again(house, monkeypatch):
    before = house.digests()
    monkeypatch.setattr(code_stage, "digest_source", None)
    assert house.digests() == before


def test_no_folder_is_listed_twice(house, monkeypatch):
    listed, names = [], code_stage._names
    monkeypatch.setattr(code_stage, "_names", lambda f: (listed.append(f), names(f))[1])
    house.digests()
    assert house.root / "nn" in listed
    assert len(listed) == len({*listed})


def of_signum(folder):
    wanted = {"train": ["lab.signum"]}
    return code_stage.source_digests(wanted, [ROOT, folder], {})["train"]


def test_a_user_s_component_is_followed(tmp_path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab/__init__.py").touch()
    (tmp_path / "lab/scale.py").write_text("FACTOR = 2\n")
    (tmp_path / "lab/signum.py").write_text("from lab.scale import FACTOR\nimport numpy\n")
    found = of_signum(tmp_path)
    assert list(found) == ["lab/__init__.py", "lab/scale.py", "lab/signum.py"]
    (tmp_path / "lab/scale.py").write_text("FACTOR = 30\n")
    changed = of_signum(tmp_path)
    assert {name for name in found if found[name] != changed[name]} == {"lab/scale.py"}


def test_import_paths_are_found_wherever_they_stand():
    study = {
        "datasets": {"own": "my_lab.data:load"},
        "factors": {"optimizer": ["sgd", {"my_lab.signum:Signum": {"beta": 0.9}}]},
        "question": "What does it do: anything?",
    }
    assert sorted(named_modules(study)) == ["my_lab.data", "my_lab.signum"]


def test_the_stage_writes_a_file_for_each_that_dvc_knows(tmp_path):
    (tmp_path / "params.yaml").write_text(
        "study: {datasets: [digits], factors: {dropout: [0, 0.2]}}"
    )
    project = open_project(tmp_path)
    # Whatever is left of an older version is no obstacle.
    memory = tmp_path / ".knockout/source_digests.json"
    memory.parent.mkdir(exist_ok=True)
    memory.write_text("[]")
    code_stage.run(project)
    files = {p: p.read_bytes() for p in (tmp_path / "results/code").iterdir()}
    wanted = {
        dep.removeprefix("results/code/")
        for stage in DVC.values()
        for dep in stage.get("deps", [])
        if dep.startswith("results/code/")
    }
    assert wanted | {"data.json"} == {path.name for path in files}
    assert b'"cpu"' in files[tmp_path / "results/code/time.json"]
    code_stage.run(project)
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("0.2", "0.3", {"time", "champion", "sync"}),
        ("[0, 0.2]", "[0.2, 0]", {"time", "champion", "sync"}),
        ("time: {rounds: 4}", "time: {rounds: 5}", {"time"}),
        ("time: {rounds: 4}", "# nothing more", {"time"}),
        ("study:", "# A remark.\nstudy:", set()),
    ],
)
def test_a_changed_setting_makes_the_stages_stale_whose_keys_dvc_does_not_compare(
    tmp_path, old, new, stale
):
    before = "study: {datasets: [digits], factors: {dropout: [0, 0.2]}}\ntime: {rounds: 4}\n"
    written = []
    for text in (before, before.replace(old, new)):
        (tmp_path / "params.yaml").write_text(text)
        code_stage.run(open_project(tmp_path))
        folder = tmp_path / "results/code"
        written.append({stage: (folder / f"{stage}.json").read_bytes() for stage in STAGES})
    assert {stage for stage in STAGES if written[0][stage] != written[1][stage]} == stale
    # DVC compares the others' keys by itself, but for `data`, which is always asked.
    assert {name for name, stage in DVC.items() if "params" in stage} == {"train", "report"}


def test_every_stage_depends_on_its_code_and_names_no_dataset():
    for name, stage in DVC.items():
        named = [*stage.get("deps", []), *map(str, stage.get("outs", []))]
        assert not [entry for entry in named if "mnist" in entry or "digits" in entry]
        code = [dep for dep in named if dep.startswith("results/code/")]
        assert code == ([] if stage.get("always_changed") else [f"results/code/{name}.json"])


def test_the_short_declared_studies_have_their_stage_and_leave_the_others_their_order():
    """DVC keeps the order of dvc.yaml while it holds half of all stages: eight for one dataset."""
    folder = ROOT / "experiments/studies"
    known = {path.stem for path in folder.glob("*.yaml")} - {"dvc"}
    long = {name for name in known if name.startswith(("coverage", "published_", "tutorial_"))}
    content = YAML(typ="safe", pure=True).load(folder / "dvc.yaml")
    (variables,) = content["vars"]
    assert set(variables["declared"]) == known - long
    own = len(variables["declared"]) * len(content["stages"])
    assert own <= len(YAML(typ="safe", pure=True).load(ROOT / "dvc.yaml")["stages"])
