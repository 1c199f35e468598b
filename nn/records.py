"""What training reports: one record per epoch, or that it diverged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochRecord:
    """One epoch of training.

    Parameters
    ----------
    epoch : int
        From 1.
    steps : int
        Updates in this epoch.
    train_loss, train_accuracy : float
        Running means over the epoch's examples, as the parameters move; without penalties.
    val_loss, val_accuracy : float
        After the epoch; NaN without validation.
    learning_rate : float
        That of the epoch's last step.
    data_s, forward_s, backward_s, update_s, evaluation_s : float
        Wall seconds per phase of this epoch. The loss counts as forward.
    elapsed_s : float
        Wall seconds since training began.
    best_epoch : int, optional
        The best epoch so far by validation; None without.
    """

    epoch: int
    steps: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    data_s: float
    forward_s: float
    backward_s: float
    update_s: float
    evaluation_s: float
    elapsed_s: float
    best_epoch: int | None = None


@dataclass(frozen=True)
class Diverged:
    """Training ended because a loss was not finite, at this epoch and step (both from 1)."""

    epoch: int
    step: int
    loss: float
