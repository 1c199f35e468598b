"""The edges: stages, run store, executors, tracking, tables, figures, report, command line."""
