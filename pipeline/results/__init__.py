"""What a study found: tables, sentences, figures and the page.

Read in this order: `study_results` (what the stages left) and `scored_runs` (how the study judges
it), `text` (how it is written), `sureness`, `answer` and `findings` (the sentences), `tables`,
`figures`, `report` (the page), and last `verdicts_of` (the verdicts read back).
"""
