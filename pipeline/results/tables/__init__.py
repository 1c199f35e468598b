"""Tables: the analysis of a study's runs, joined, rounded and written.

Read in this order: `analyse`, and what it joins: `counts`, `costs`, `times`. Then what is shown:
`shown`, `comparison_table`, `component_tables`, `ladder`. And what is written: `layout`,
`verdict_file`, `dvc_metrics`, `answers`.
"""
