"""`knockout init`: a folder that holds a study of one's own."""

from __future__ import annotations

from pathlib import Path

from experiments.errors import StudyError
from pipeline import atomic

# In an installed wheel this folder holds every file; in a checkout, those that only a new project
# has. The others are the checkout's own, so that nothing is written twice (pyproject.toml puts them
# into the wheel).
TEMPLATE = Path(__file__).parent / "new_project"
_CHECKOUT = Path(__file__).parents[2]
SHARED = (
    ".dvc/.gitignore",
    ".dvc/config",
    ".dvc/plots/effects.json",
    ".dvc/plots/learning_curves.json",
    ".dvc/plots/learning_rates.json",
    ".dvc/plots/page.html",
    ".gitignore",
    "dvc.yaml",
)
NO_GIT = "[core]\n    no_scm = true\n"


def project_files() -> dict[str, Path]:
    """Return where each file of a new project comes from, by its path in the project."""
    files = {name: _CHECKOUT / name for name in SHARED}
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            files[path.relative_to(TEMPLATE).as_posix()] = path
    return files


def init_lines(folder: Path) -> list[str]:
    """Lay out a new project in a folder, which may hold other files; return what to print.

    Nothing is written when a file of the new project exists already.
    """
    files = project_files()
    for name in files:
        if (folder / name).exists():
            raise StudyError(
                f"`knockout init` must not overwrite a file; {folder / name} exists. "
                "Name another folder."
            )
    for name, source in files.items():
        atomic.write_bytes(folder / name, source.read_bytes())
    lines = [f"{folder}: a study of digits in params.yaml, an optimizer of one's own in my_lab/"]
    if not any((parent / ".git").exists() for parent in (folder.resolve() / ".git").parents):
        # DVC refuses to work outside of a Git repository unless it is told to.
        atomic.write_text(folder / ".dvc" / "config.local", NO_GIT)
        lines.append("Not a Git repository: DVC works without history here.")
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder}, then "
    return [*lines, f"Next: {there}`knockout plan` and `dvc repro`"]
