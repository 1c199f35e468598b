"""What a study found: tables, sentences, figures and the page.

Read in this order: `study_results` and `stored` (what the stages left), `text` (how it is written),
`findings` and `answer` (the sentences), `tables`, `figures`, `report` (the page), and last
`verdicts_of` (the verdicts read back).
"""
