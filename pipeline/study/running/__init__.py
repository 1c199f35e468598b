"""Train what a plan asks for and the store does not hold.

Read in this order: `study_looks` (which comparisons go on), `budget` (what fits), `train_missing`,
`progress` (how far, how long), `later_stages` (what comes after training), `study_bar`,
`failed_runs`.
"""
