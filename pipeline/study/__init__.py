"""One study on this machine.

Read in this order: `settings` (how params.yaml is read, and what it says beside the study),
`machine` (what there is to run on), `store` (finished runs on disk), `project` (where things lie),
`dataset_card` (what is known of a dataset), `plans` (which runs there are, and the looks so far),
`executors` (where runs are executed), `timing` (what a step costs), `planning` (how long it all
takes, and why a run is stale), `running` (train what is missing).
"""
