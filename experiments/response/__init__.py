"""Responses: what a run is judged by. Read `scores`, then `response`, then `score`."""

from experiments.response.response import RESPONSES, Response, built_in, split_column
from experiments.response.score import score

__all__ = ["RESPONSES", "Response", "built_in", "score", "split_column"]
