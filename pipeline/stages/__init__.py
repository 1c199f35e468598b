"""The stages of the study, as DVC and the command line call them.

Read in this order: `code_stage` (with `source_digests`), `data_stage`, `train_stage`, `time_stage`,
`champion_stage`, `sync_stage`, `stored_stage`, `report_stage`; `seal` says for Git what large files
hold. Whatever a stage cannot go on with is a `StudyError`.
"""
