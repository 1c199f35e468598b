"""One study on this machine.

Read in this order: `yaml_file` and `settings` (what params.yaml says beside the study), `store`
(finished runs on disk), `project` (where things lie), `dataset_card` (what is known of a dataset),
`plans` (which runs there are), `looks_file` (which looks were made), `environment` (what runs are
made on), `executors` (where they run), `timing` (what a step costs), `planning` (how long it all
takes, and why a run is stale), `running` (train what is missing).
"""
