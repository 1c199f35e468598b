"""The report: one self-contained page that answers the study's question.

Read in this order: `report`, `template` (how it is filled), `overview` (the first screen), `panel`
(a dataset), `method`.
"""
