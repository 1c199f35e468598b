"""Train what a plan asks for and the store does not hold.

Read in this order: `train_missing`, `progress` (how far, how long), `failed_runs`.
"""
