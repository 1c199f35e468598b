"""Layers: each maps a batch of rows to a batch of rows and back-propagates through it."""
