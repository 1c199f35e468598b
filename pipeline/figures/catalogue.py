"""The figures a report may hold, in its order."""

from pipeline.figures.answer_kinds import ANSWERS
from pipeline.figures.kind import Kind
from pipeline.figures.picture_kinds import PICTURES
from pipeline.figures.training_kinds import TRAINING

CATALOGUE: tuple[Kind, ...] = (*ANSWERS, *TRAINING, *PICTURES)
