"""The figures a report may hold, in its order."""

from pipeline.results.figures.answer_kinds import ANSWERS
from pipeline.results.figures.kind import Kind
from pipeline.results.figures.picture_kinds import PICTURES
from pipeline.results.figures.training_kinds import TRAINING

CATALOGUE: tuple[Kind, ...] = (*ANSWERS, *TRAINING, *PICTURES)
