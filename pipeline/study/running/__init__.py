"""Train what a plan asks for and the store does not hold.

Read in this order: `study_looks` (tune, train, judge, go on), `budget` (whether a look fits),
`train_missing`, `progress` (how far, how long), `later_stages` (what comes after training),
`study_bar`, `failed_runs`.
"""
