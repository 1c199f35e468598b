"""What may stand in the repository, and what may not."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = {"https://pypi.org", "https://files.pythonhosted.org"}
PACKAGES = {"nn", "data_loaders", "experiments", "pipeline"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]


def test_the_lock_file_names_only_the_public_index() -> None:
    hosts = set(re.findall(r"https?://[^/\"]+", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == PUBLIC


def test_every_pinned_file_has_its_hash() -> None:
    installer = (ROOT / ".ci" / "uv.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in installer and "http" not in installer
    packages = [package for package in locked() if package["name"] != PROJECT["name"]]
    assert len(packages) > 100
    for package in packages:
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert files and all(file["hash"].startswith("sha256:") for file in files), package["name"]


def test_one_version_everywhere() -> None:
    cited = YAML(typ="safe", pure=True).load(ROOT / "CITATION.cff")["version"]
    (pinned,) = [entry["version"] for entry in locked() if entry["name"] == PROJECT["name"]]
    assert cited == pinned == PROJECT["version"]


def imported(path: Path) -> set[str]:
    """Return the top-level names that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_every_package_that_is_imported_is_declared() -> None:
    extras = PROJECT["optional-dependencies"].values()
    wanted = PROJECT["dependencies"] + [entry for extra in extras for entry in extra]
    declared = {re.split(r"[<>=\[;]", entry)[0].lower() for entry in wanted}
    own = PACKAGES | set(sys.stdlib_module_names)
    names = {name for package in PACKAGES for path in (ROOT / package).rglob("*.py")
             for name in imported(path)} - own  # fmt: skip
    known = packages_distributions()
    for name in sorted(names):
        offered = {distribution.lower() for distribution in known.get(name, [])}
        assert offered & declared, f"{name} of {sorted(offered)} is not in pyproject.toml"


def test_no_data_database_or_cache_is_tracked() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    # Data of one's own may be tracked, in a folder of one's own.
    ours = "nn|data_loaders|experiments|pipeline|tests|benchmarks|docs|examples|results|reports"
    forbidden = re.compile(
        rf"^({ours})/.*(\.(npy|npz|parquet|db|gz)|ubyte)$|^\.knockout/|^mlartifacts/|^mlflow\.db"
    )
    assert [name for name in listed.stdout.splitlines() if forbidden.search(name)] == []


def test_no_file_holds_an_unresolved_merge() -> None:
    found = subprocess.run(
        ["git", "grep", "-lE", "^(<<<<<<<|>>>>>>>) "],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode > 1:
        pytest.skip("not a git checkout")
    assert found.stdout == ""


@pytest.mark.parametrize("file", ["dvc.yaml", "experiments/studies/dvc.yaml"])
def test_dvc_finds_knockout_where_no_environment_is_active(file: str) -> None:
    content = YAML(typ="safe", pure=True).load(ROOT / file)
    values = {name: value for entry in content["vars"] for name, value in entry.items()}
    assert values["knockout"] == 'PATH="$DVC_ROOT/.venv/bin:$PATH" knockout'
    for name, stage in content["stages"].items():
        commands = stage["cmd"] if isinstance(stage["cmd"], list) else [stage["cmd"]]
        assert all(command.startswith("${knockout} ") for command in commands), name


@pytest.mark.parametrize("folder", ["", "experiments/studies"])
def test_the_lock_knows_no_stage_that_is_gone(folder: str) -> None:
    """DVC reads and writes the whole lock after each stage, and never drops one by itself."""
    stages, locked = (
        set(YAML(typ="safe", pure=True).load(ROOT / folder / name)["stages"])
        for name in ("dvc.yaml", "dvc.lock")
    )
    assert {name.split("@")[0] for name in locked} <= stages


def test_the_makefile_and_ci_agree_on_the_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
