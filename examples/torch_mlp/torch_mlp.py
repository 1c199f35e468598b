"""A multilayer perceptron in PyTorch: that of Knockout's own library, trained by another."""

from itertools import pairwise
from math import prod
from typing import Annotated

import torch
from pydantic import Field
from torch import nn

from experiments.run import Recipe, Task, Trained


class TorchMLP(Recipe):
    """Dense layers with ReLU and dropout, cross entropy, SGD with a cosine schedule."""

    tuned = "learning_rate"

    hidden: tuple[int, ...] = (64, 32)
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    l2: Annotated[float, Field(ge=0)] = 0.0
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.0
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    batch_size: Annotated[int, Field(ge=1)] = 32
    epochs: Annotated[int, Field(ge=1)] = 20

    def centre(self) -> float:
        """Return the usual learning rate of SGD; momentum adds its steps up."""
        return 0.1 * (1 - self.momentum)

    def train(self, task: Task) -> Trained:
        """Train on mini-batches; the last epoch's network is the result."""
        torch.set_num_threads(1)
        initial, order = (torch.Generator().manual_seed(task.seed(p)) for p in ("init", "order"))
        x, y = torch.from_numpy(task.x.copy()), torch.from_numpy(task.y.copy())
        model = self._network(prod(task.shape), task.n_classes, initial)
        weights = [p for p in model.parameters() if p.ndim > 1]
        biases = [p for p in model.parameters() if p.ndim == 1]
        groups = [{"params": weights, "weight_decay": self.l2}, {"params": biases}]
        optimizer = torch.optim.SGD(groups, self.learning_rate, momentum=self.momentum)
        n_steps = self.epochs * -(-len(x) // self.batch_size)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
        loss = nn.CrossEntropyLoss()
        # Dropout draws from PyTorch's global generator: it is left as it was found.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(task.seed("dropout"))
            for epoch in range(1, self.epochs + 1):
                total = 0.0
                for rows in torch.randperm(len(x), generator=order).split(self.batch_size):
                    optimizer.zero_grad()
                    value = loss(model(x[rows]), y[rows])
                    value.backward()
                    optimizer.step()
                    schedule.step()
                    total += value.item() * len(rows)
                task.log(epoch, train_loss=total / len(x))
        model.eval()
        n_parameters = sum(p.numel() for p in model.parameters())

        @torch.no_grad()
        def predict(rows):
            return model(torch.from_numpy(rows.copy())).double().softmax(dim=1).numpy()

        return Trained(predict, n_parameters=n_parameters)

    def _network(self, n_inputs, n_classes, generator):
        layers = []
        for n_in, n_out in pairwise((n_inputs, *self.hidden)):
            layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(self.dropout)]
        layers.append(nn.Linear((n_inputs, *self.hidden)[-1], n_classes))
        for layer in layers:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, generator=generator)
                nn.init.zeros_(layer.bias)
        return nn.Sequential(*layers)
