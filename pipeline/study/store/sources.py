"""What the source behind a digest was made of, so that a stale run can say what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from experiments.design.run_source import modules_of
from experiments.run.run_spec import RunSpec
from experiments.source.digest import digest_of_modules, module_digests
from pipeline import atomic


def _path(root: Path, digest: str) -> Path:
    return root / "sources" / f"{digest}.json"


def modules_now(spec: RunSpec) -> dict[str, str]:
    """Return the digest of each module that a run uses, as the source stands."""
    return module_digests(modules_of(spec.recipe))


def remember_sources(root: Path, specs: Iterable[RunSpec]) -> None:
    """Write `<root>/sources/<source digest>.json` for each digest that is not there yet.

    A file is named by the hash of what it holds; a run needs no more than its digest.
    """
    for digest, spec in {spec.source_digest: spec for spec in specs}.items():
        modules = modules_now(spec)
        # The plan may be older than the source by now: then nothing true can be written.
        if not _path(root, digest).exists() and digest_of_modules(modules) == digest:
            text = json.dumps(modules, indent=1, sort_keys=True) + "\n"
            atomic.write_text(_path(root, digest), text)


def changed_modules(root: Path, digest: str, spec: RunSpec) -> list[str] | None:
    """Return the modules that differ between a stored digest and the source of `spec`.

    None when what the digest was made of was never written, or was damaged.
    """
    try:
        before = json.loads(_path(root, digest).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(before, dict) or digest_of_modules(before) != digest:
        return None
    now = modules_now(spec)
    return sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n))
