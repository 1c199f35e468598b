"""The study: factors, designs, cells, streams, tuning, one run, and the analysis of many."""
