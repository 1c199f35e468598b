"""A random forest of scikit-learn as a training: each field can be a factor."""

from typing import Annotated

from pydantic import Field
from sklearn.ensemble import RandomForestClassifier

from experiments.run import Recipe, Task, Trained


class Forest(Recipe):
    """Trees on bootstrap samples, or on all examples, with a choice of features per split."""

    trees: Annotated[int, Field(ge=1)] = 50
    bootstrap: bool = True
    depth: Annotated[int, Field(ge=1)] | None = None
    max_features: str | float = "sqrt"

    def train(self, task: Task) -> Trained:
        """Grow the forest."""
        model = RandomForestClassifier(
            self.trees,
            bootstrap=self.bootstrap,
            max_depth=self.depth,
            max_features=self.max_features,
            random_state=task.seed("init"),
        )
        model.fit(task.x, task.y)
        n_nodes = sum(tree.tree_.node_count for tree in model.estimators_)
        return Trained(model.predict_proba, metrics={"nodes": n_nodes})
