"""The house's own recipe: how a network of `nn` is trained."""
