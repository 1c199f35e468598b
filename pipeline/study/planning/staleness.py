"""Why a planned run is not stored: never run, or what changed since, down to the source modules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from experiments.design.run_source import modules_of
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from experiments.source.digest import digest_of_modules, module_digests
from pipeline import atomic
from pipeline.study.store.stored_runs import Entry

NEVER = "never run"
UNTUNED = "its arm is not tuned yet"
NOT_TUNED = "every trial of its arm diverged or failed"


@cache
def _defaults(trainer: type[Recipe]) -> dict[str, Any]:
    return trainer().as_dict()


def _place(identity: Mapping[str, Any], trainer: type[Recipe], tuned: Collection[str]) -> str:
    """Return what names a cell and replicate, whatever its tuned values, data and source were."""
    # Fields at their default are left out: one that is new takes no stored run out of its place.
    known = _defaults(trainer)
    recipe = {n: v for n, v in identity["recipe"].items() if known.get(n, known) != v}
    recipe |= dict.fromkeys(set(tuned) & set(recipe), "tuned")
    recipe.pop(trainer.tuned, None)
    block = [identity[name] for name in ("dataset", "streams", "seed", "replicate")]
    block.append("trial" in identity)
    return json.dumps([recipe, block], sort_keys=True)


def _differences(spec: RunSpec, identity: Mapping[str, Any]) -> list[str]:
    now, before = spec.identity, identity["recipe"]
    differ = [name for name in ("content_hash", "source_digest") if identity[name] != now[name]]
    return differ + [name for name in spec.tuned if before.get(name) != now["recipe"].get(name)]


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


class Missing(NamedTuple):
    """A planned run that is not stored, and why."""

    spec: RunSpec
    why: str
    stale: bool = False


def _explain(spec: RunSpec, near: Sequence[Entry], root: Path) -> Missing:
    if not near:
        return Missing(spec, NEVER)
    nearest = min(near, key=lambda e: (len(_differences(spec, e.identity)), -e.modified_ns))
    differ, reasons = _differences(spec, nearest.identity), []
    if "content_hash" in differ:
        reasons.append("data changed")
    for tuned in (name for name in spec.tuned if name in differ):
        before, now = nearest.identity["recipe"].get(tuned), spec.tuned[tuned]
        was = "none" if before is None else f"{before:.3g}"
        reasons.append(f"{tuned.replace('_', ' ')} retuned: {was} -> {now:.3g}")
    if "source_digest" in differ:
        modules = changed_modules(root, nearest.identity["source_digest"], spec)
        named = "modules not recorded" if modules is None else ", ".join(modules)
        reasons.append(f"source changed: {named}")
    return Missing(spec, "; ".join(reasons) or "a field of the recipe is new", stale=True)


def missing_runs(
    specs: Sequence[RunSpec], stored: Mapping[str, Entry], root: Path
) -> list[Missing]:
    """Return each planned run that is not finished, and why.

    `stored` is what the store holds by run key; its folder `root` knows what its sources were.
    """
    # Only what may have been run before under another key has a place worth looking up.
    unknown = [s for s in specs if s.state == "ready" and s.run_key not in stored]
    trainer, datasets = type(specs[0].recipe) if specs else Recipe, {s.dataset for s in unknown}
    tuned = {name for spec in unknown for name in spec.tuned}
    near: dict[str, list[Entry]] = {}
    for entry in stored.values() if unknown else ():
        if entry.status != "failed" and entry.identity["dataset"] in datasets:
            near.setdefault(_place(entry.identity, trainer, tuned), []).append(entry)
    found = []
    for spec in specs:
        known = stored.get(spec.run_key)
        if known and known.status != "failed":
            continue
        if spec.state != "ready":
            found.append(Missing(spec, UNTUNED if spec.state == "waits" else NOT_TUNED))
        elif known:
            found.append(Missing(spec, f"failed: {known.reason}"))
        else:
            place = _place(spec.identity, trainer, tuned)
            found.append(_explain(spec, near.get(place, ()), root))
    return found


def counted(specs: Sequence[RunSpec], missing: Sequence[Missing]) -> str:
    """Return "90 runs, 60 stored, 30 to train (20 stale, 8 never run, 2 failed)"."""
    names = {NEVER: NEVER, UNTUNED: "after tuning", NOT_TUNED: "not tuned"}
    kinds = Counter("stale" if m.stale else names.get(m.why, "failed") for m in missing)
    order = ("stale", NEVER, "after tuning", "failed", "not tuned")
    named = ", ".join(f"{kinds[k]} {k}" for k in order if kinds[k])
    head = f"{len(specs)} runs, {len(specs) - len(missing)} stored, {len(missing)} to train"
    return f"{head} ({named})" if named else head
