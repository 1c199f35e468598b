"""Datasets that are verified before they are believed: sources, cache, splits, batches."""
