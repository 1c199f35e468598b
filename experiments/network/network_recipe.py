"""The recipe of a network on `nn`: its layers, and everything that decides how it is trained."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from experiments.network.parts import parts_of
from experiments.network.train_network import train_network
from experiments.run.component import Component
from experiments.run.fields import Kind, Off
from experiments.run.recipe import Recipe
from experiments.run.task import Task
from experiments.run.trained import Trained
from nn.early_stopping import Keep

_Fraction = Annotated[float, Field(ge=0, lt=1)]
_Positive = Annotated[float, Field(gt=0)]
_Strength = Annotated[float, Field(ge=0)]
_ZEROS = Component("initializer", "zeros", "nn.initializers.zeros:zeros")


class NetworkRecipe(Recipe):
    """One training recipe; each field can be a factor of a study.

    Parameters
    ----------
    hidden : tuple of int
        Units of the hidden layers, from the input on.
    block : tuple of Component
        What a hidden layer consists of, such as `[dense, batch_norm, relu, {dropout: 0.2}]`;
        layers that take a number of outputs get their units from `hidden`. Empty for the block
        that `activation`, `batch_norm` and `dropout` describe.
    activation, initializer, loss, optimizer, schedule : Component
        Entries of the tables of `nn`, or import paths of the user's own: a name, or
        {name: {option: value}}. Label smoothing is an option of the loss (`{cross_entropy:
        {label_smoothing: 0.1}}`), decoupled weight decay one of the optimizer (`{adamw:
        {weight_decay: 0.01}}`).
    output : tuple of Component
        Activations of the last layer, before the loss; empty for none, which losses with a softmax
        or a sigmoid of their own expect.
    target_scaling : {"standard", "none"}
        How numbers to predict are scaled, by constants of the training part: to mean 0 and
        variance 1, so that a learning rate means the same in any unit, or not at all.
    bias_initializer : Component
        Draws the biases, as `initializer` the weights.
    batch_norm : bool
        Batch normalization of each hidden layer, before the activation.
    learning_rate : float, optional
        Base learning rate; None takes the tuned one, or else the optimizer's default.
    layer_rates : tuple of float
        Multiple of the learning rate for each dense layer, from the input on, the last one
        included; 0 freezes a layer, empty is 1 for all.
    warmup : float
        Epochs over which the learning rate first rises linearly; the schedule gets the rest.
    batch_size, epochs : int
        Examples per step, passes over the training part.
    shuffle : bool
        Whether the training examples are permuted anew in each epoch.
    l1, l2 : float
        Strengths of the penalties l1 * sum(abs(w)) and l2/2 * sum(w**2) on weights.
    penalty : tuple of Component
        Further penalties on weights.
    dropout : float
        Probability in [0, 1) that a hidden unit is dropped.
    augmentation : tuple of Component
        Applied in order to each batch of training images.
    mixup : float
        Alpha of mixup, which mixes images and labels of a batch after the augmentation.
    clip_norm : float, optional
        Largest norm of the whole gradient.
    max_norm : float, optional
        Largest norm of a unit's incoming weights.
    average : float, optional
        Decay of an exponential moving average of the parameters.
    patience : int, optional
        Stop after so many epochs without improvement.
    keep : {"best", "last"}
        Which epoch's network is evaluated: the best by validation, or the last.
    """

    tuned: ClassVar[str | None] = "learning_rate"
    tuned_with: ClassVar[frozenset[str] | None] = frozenset(
        (
            "optimizer", "loss", "activation", "block", "output", "batch_norm", "initializer",
            "hidden", "batch_size", "schedule", "warmup", "layer_rates", "scaling",
        )
    )  # fmt: skip

    hidden: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field()] = (256, 128)
    block: Annotated[tuple[Component, ...], Kind("layer", "activation"), Off(())] = ()
    activation: Annotated[Component, Kind("activation")] = Component(
        "activation", "relu", "nn.activations.relu:ReLU"
    )
    output: Annotated[tuple[Component, ...], Kind("activation"), Off(())] = ()
    target_scaling: Annotated[Literal["standard", "none"], Off("standard")] = "standard"
    batch_norm: Annotated[bool, Off(False)] = False
    initializer: Annotated[Component, Kind("initializer")] = Component(
        "initializer", "he_normal", "nn.initializers.he:he_normal"
    )
    bias_initializer: Annotated[Component, Kind("initializer"), Off(_ZEROS)] = _ZEROS
    loss: Annotated[Component, Kind("loss")] = Component(
        "loss", "cross_entropy", "nn.losses.cross_entropy:CrossEntropy"
    )
    optimizer: Annotated[Component, Kind("optimizer")] = Component(
        "optimizer", "sgd", "nn.optimizers.sgd:SGD"
    )
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    layer_rates: Annotated[tuple[_Strength, ...], Off(())] = ()
    schedule: Annotated[Component, Kind("schedule")] = Component(
        "schedule", "cosine", "nn.schedules.cosine:cosine"
    )
    warmup: Annotated[_Strength, Off(0.0)] = 0.0
    batch_size: Annotated[int, Field(ge=1)] = 128
    epochs: Annotated[int, Field(ge=1)] = 10
    shuffle: Annotated[bool, Off(True)] = True
    l1: Annotated[_Strength, Off(0.0)] = 0.0
    l2: Annotated[_Strength, Off(0.0)] = 0.0
    penalty: Annotated[tuple[Component, ...], Kind("penalty"), Off(())] = ()
    dropout: Annotated[_Fraction, Off(0.0)] = 0.0
    augmentation: Annotated[tuple[Component, ...], Kind("augmentation"), Off(())] = ()
    mixup: Annotated[_Strength, Off(0.0)] = 0.0
    clip_norm: Annotated[_Positive | None, Off(None)] = None
    max_norm: Annotated[_Positive | None, Off(None)] = None
    average: Annotated[_Fraction | None, Off(None)] = None
    patience: Annotated[Annotated[int, Field(ge=1)] | None, Off(None)] = None
    keep: Annotated[Keep, Off("best")] = "best"

    def train(self, task: Task) -> Trained:
        """Train the network and return its class probabilities in evaluation mode."""
        return train_network(self, task)

    def shortened(self, share: float) -> NetworkRecipe:
        """Return a recipe of this share of the epochs, rounded up, and of the warm-up."""
        epochs = math.ceil(share * self.epochs)
        return self.with_fields({"epochs": epochs, "warmup": share * self.warmup})

    def centre(self) -> float:
        """Return the optimizer's usual learning rate."""
        return float(self.optimizer.target.default_learning_rate)

    @property
    def components(self) -> tuple[Component, ...]:
        """Everything by name that this recipe uses, what its shorthand stands for included."""
        return parts_of(self).components
