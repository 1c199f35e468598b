"""The cost of a training step, measured in fresh processes that do nothing else.

Read in this order: `measure_steps` (one process after the other), `process`
(what each does), `step_cost_file` (what of it is kept).
"""
