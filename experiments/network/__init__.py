"""The house's own training, on `nn`: `network_recipe`, `parts`, `build`, `train_network`."""
