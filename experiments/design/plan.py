"""The plan: the ordered list of runs that a study consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from experiments.design.arms import arm_of
from experiments.design.designs import PLACEBO
from experiments.design.run_source import digest_of
from experiments.design.study import Study
from experiments.design.tuning import Choices, values_of
from experiments.run.run_spec import RunSpec


def whole_blocks(study: Study, n_blocks: int) -> dict[str, int]:
    """Return every cell with this number of blocks, the placebo arm among them."""
    return dict.fromkeys(study.cells, n_blocks)


def plan(
    study: Study,
    dataset: str,
    content_hash: str,
    choices: Choices,
    blocks: Mapping[str, int],
) -> Iterator[RunSpec]:
    """Yield the evaluation runs of one dataset, block by block, the placebo arm's last.

    Parameters
    ----------
    study : Study
        The validated study.
    dataset : str
        One of its datasets.
    content_hash : str
        Hash of the dataset's decoded arrays.
    choices : mapping
        The tuned values of each arm in each block; the runs of an arm that has none yet wait,
        and those of an arm none of whose trials came through are not tuned.
    blocks : mapping
        Cell → in how many blocks it is run.
    """
    cells = [
        (name, levels, study.recipe(dataset, levels), arm_of(study, dataset, levels, name))
        for name, levels in study.cells.items()
        if blocks.get(name, 0)
    ]
    digests = [digest_of(recipe) for _, _, recipe, _ in cells]
    for replicate in range(max(blocks.values(), default=0)):
        for (name, levels, recipe, arm), digest in zip(cells, digests, strict=True):
            if replicate >= blocks[name]:
                continue
            tuned, state = values_of(arm, choices, replicate)
            yield RunSpec(
                study=study.name,
                dataset=dataset,
                cell=name,
                arm="placebo" if name == PLACEBO else "cell",
                levels=levels,
                recipe=recipe.with_tuned(tuned) if tuned and state == "ready" else recipe,
                replicate=replicate,
                seed=study.seed,
                content_hash=content_hash,
                source_digest=digest,
                tuned=tuned,
                state=state,
            )
