"""PyTorch, with its plain, foreach and fused optimizers."""

from __future__ import annotations

import torch

from benchmarks.problem import N_EXAMPLES, Case, Round, data

torch.set_num_threads(1)


def make(case: Case, variant: str) -> Round:
    """Return an epoch with the optimizer variant "plain", "foreach" or "fused"."""
    x, y = (torch.from_numpy(part) for part in data(case))
    layers: list[torch.nn.Module] = []
    for n_in, n_out in zip(case.sizes, case.sizes[1:], strict=False):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    rule = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.optimizer]
    options = {"plain": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
    optimizer = rule(model.parameters(), lr=1e-3, **options[variant])
    loss = torch.nn.CrossEntropyLoss()

    def epoch() -> None:
        order = torch.randperm(N_EXAMPLES)
        for start in range(0, N_EXAMPLES, case.batch_size):
            rows = order[start : start + case.batch_size]
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()

    return epoch
