"""Step times against peers; off by default, run with `python -m benchmarks.step`."""
