"""The best network of a dataset: kept, shown, and asked."""
