"""How results are written.

Read in this order: `rounding`, `measure` (the primary response), `estimates`, `titles`,
`words`, `markup` (what Markdown, LaTeX and spreadsheets would act on), `glossary`.
"""
