"""The edges: stages, run store, executors, tracking, tables, figures, report, command line.

Read in this order: `study` (plan and train), `results` (what was found), `tracking` (MLflow),
`champion` (the best network), `stages` (what DVC calls), `doctor`, `commands`, `cli`; `atomic` is
how every file is written.
"""
