"""The report: one self-contained page that answers the study's question.

Read in this order: `report`, `overview` (the first screen), `panel` (a dataset), `table_view`,
`glyph`, `method`, `runtime`.
"""
