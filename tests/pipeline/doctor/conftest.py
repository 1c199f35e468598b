"""A tracking store and made-up runs, as the tests of tracking have them."""

from tests.pipeline.tracking.conftest import (  # noqa: F401 - fixtures
    connection,
    make_pairs,
    project,
)
