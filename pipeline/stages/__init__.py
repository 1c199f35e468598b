"""The stages of the study, as DVC and the command line call them.

Read in this order: `code_stage`, `data_stage`, `train_stage`, `time_stage`, `champion_stage`,
`sync_stage`, `stored_stage` (with the seals), `report_stage`. Whatever stops a stage is
a `StudyError`.
"""
