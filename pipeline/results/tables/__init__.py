"""Tables: the analysis of a study's runs, joined, rounded and written.

Read in this order: `analyse` (from what is stored to every table) with `costs`; then what is shown:
`shown`, `comparison_table`, `component_tables`; and what is written: `answers`.
"""
