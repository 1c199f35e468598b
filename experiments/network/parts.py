"""What a network recipe's fields stand for: a list of components of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.run.component import Component

if TYPE_CHECKING:
    from experiments.network.network_recipe import NetworkRecipe

_WARMUP = Component("schedule", "warmup", "nn.schedules.warmup:warmup")


@dataclass(frozen=True)
class Parts:
    """The components of a recipe, shorthand written out.

    Parameters
    ----------
    block : tuple of Component
        The layers of each hidden layer, in order.
    penalties : tuple of Component
    augmentations : tuple of Component
    mixup, warmup : Component, optional
    output : tuple of Component
        The activations after the last layer.
    others : tuple of Component
        Those that every recipe has one of.
    """

    block: tuple[Component, ...]
    penalties: tuple[Component, ...]
    augmentations: tuple[Component, ...]
    mixup: Component | None
    warmup: Component | None
    output: tuple[Component, ...]
    others: tuple[Component, ...]

    @property
    def components(self) -> tuple[Component, ...]:
        """Return all of them."""
        optional = tuple(c for c in (self.mixup, self.warmup) if c is not None)
        layers = (*self.block, *self.output)
        return (*self.others, *layers, *self.penalties, *self.augmentations, *optional)


def parts_of(recipe: NetworkRecipe) -> Parts:
    """Return what a recipe consists of; a field that is off stands for nothing."""
    return Parts(
        block=recipe.block or _block(recipe),
        penalties=(*_strengths(recipe), *recipe.penalty),
        augmentations=recipe.augmentation,
        mixup=_optional("augmentation", "mixup", "nn.augmentation.mixup:Mixup", alpha=recipe.mixup),
        warmup=_WARMUP if recipe.warmup else None,
        output=recipe.output,
        others=(
            recipe.initializer,
            recipe.bias_initializer,
            recipe.loss,
            recipe.optimizer,
            recipe.schedule,
        ),
    )


def _block(recipe: NetworkRecipe) -> tuple[Component, ...]:
    layers = [Component("layer", "dense", "nn.layers.dense:Dense")]
    if recipe.batch_norm:
        layers.append(Component("layer", "batch_norm", "nn.layers.batch_norm:BatchNorm"))
    layers.append(recipe.activation)
    if recipe.dropout:
        options = {"rate": recipe.dropout}
        layers.append(Component("layer", "dropout", "nn.layers.dropout:Dropout", options))
    return tuple(layers)


def _strengths(recipe: NetworkRecipe) -> list[Component]:
    both = (
        _optional("penalty", "l1", "nn.penalties.l1:L1", strength=recipe.l1),
        _optional("penalty", "l2", "nn.penalties.l2:L2", strength=recipe.l2),
    )
    return [penalty for penalty in both if penalty is not None]


def _optional(kind: str, name: str, path: str, **strength: float) -> Component | None:
    """Return a component with its strength; None at 0."""
    return Component(kind, name, path, strength) if any(strength.values()) else None
