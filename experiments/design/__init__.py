"""What is asked: the study, its factors and levels, its design and rules.

Read in this order: `study`, and `study_section` (how it is read); `factors`, `value_range`,
`designs`, `fractional`, `rules`, `contrast_levels` and `replicates` (what varies, and how often);
`plan` and `run_source` (the runs, and the arms that they are tuned with), `tuning_settings` and
`tuning` (fair tuning), `step_arms` (the timed steps); `power` and `feasibility` (what a study can
see). Then how each part is read and tried: `recipe_reader`, `whole_recipe`, `component_reader`,
`component_trial`, `import_path`, `response_reader`, `dataset_sources`, `known_datasets`,
`field_values`, `clashes`, `shapes`, and `explain` (what was wrong).
"""
