"""One run, whatever is trained: `Recipe`, `Task` and `Trained` are what a training needs.

Read it in this order: `recipe`, `task`, `trained`, `execute`, `run_spec`, `result`.
"""

from experiments.run.recipe import Recipe
from experiments.run.task import Task
from experiments.run.trained import Trained

__all__ = ["Recipe", "Task", "Trained"]
