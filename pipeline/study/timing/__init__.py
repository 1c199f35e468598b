"""The cost of a training step, measured in fresh processes that do nothing else."""
