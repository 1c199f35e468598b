"""Random streams: named, independent, and shared where a block shares them."""

import numpy as np

from experiments.run.streams import stream


def first(*arguments: object) -> int:
    return int(stream(*arguments).integers(2**63))  # type: ignore[arg-type]


def test_the_same_name_gives_the_same_stream() -> None:
    assert first(1, "mnist", 0, "evaluation", "init") == first(1, "mnist", 0, "evaluation", "init")


def test_every_part_of_the_name_makes_another_stream() -> None:
    base = (1, "mnist", 0, "evaluation", "init")
    others = [
        (2, "mnist", 0, "evaluation", "init"),
        (1, "digits", 0, "evaluation", "init"),
        (1, "mnist", 1, "evaluation", "init"),
        (1, "mnist", 0, "placebo", "init"),
        (1, "mnist", 0, "evaluation", "order"),
    ]
    drawn = [first(*name) for name in (base, *others)]
    assert len(set(drawn)) == len(drawn)


def test_the_placebo_arm_shares_only_the_split_of_its_block() -> None:
    purposes = ("split", "init", "order", "dropout", "augmentation")
    for purpose in purposes:
        drawn = [first(1, "mnist", 0, streams, purpose) for streams in ("evaluation", "placebo")]
        assert (drawn[0] == drawn[1]) == (purpose == "split")


def test_nothing_touches_the_global_generator() -> None:
    np.random.seed(3)  # noqa: NPY002 - the state that must not move
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first(1, "mnist", 0, "evaluation", "init")
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
