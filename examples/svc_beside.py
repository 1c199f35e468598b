"""A support vector machine beside the networks of a study, on the same splits."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from sklearn.svm import SVC

from experiments.network.network_recipe import NetworkRecipe
from experiments.run import Task, Trained


class NetworkOrSVC(NetworkRecipe):
    """A network, or scikit-learn's SVC: the factor `learner` says which.

    Parameters
    ----------
    learner : {"network", "svc"}
    cost : float
        The SVC's C; its kernel and width are the defaults, which no scaling of pixels as a whole
        changes.

    Notes
    -----
    The SVC answers with its class, at probability 1: what it offers as probabilities can
    contradict its own classes.
    """

    learner: Literal["network", "svc"] = "network"
    cost: Annotated[float, Field(gt=0)] = 10.0

    def train(self, task: Task) -> Trained:
        """Train whichever it is."""
        if self.learner == "network":
            return super().train(task)
        model = SVC(C=self.cost).fit(task.x, task.y)

        def predict(x: np.ndarray) -> np.ndarray:
            return np.eye(task.n_classes)[model.predict(x)]

        return Trained(predict, metrics={"support_vectors": float(model.n_support_.sum())})
