"""The cost of a training step, measured in fresh processes that do nothing else.

Read in this order: `length` (how much is measured), `measure_steps` (one process after the other),
`process` (what each does), `middle` (the middle of training beside its start), `step_cost_file`
(what is kept, and of what).
"""
