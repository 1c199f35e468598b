"""Train what a plan asks for and the store does not hold.

Read in this order: `study_looks` (look by look, within a budget), `train_missing`, `progress` (how
far the whole study is, in every stage), `failed_runs`.
"""
