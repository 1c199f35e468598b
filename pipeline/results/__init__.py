"""What a study found: tables, sentences, figures and the page.

Read in this order: `study_results` (what the stages left) and `scored_runs` (every response of
it), `judgement` (the analysis under the study's settings), `text` (how it is written), `findings`,
`answer` and `sureness` (the sentences), `tables`, `figures`, `report` (the page), and last
`verdicts_of` (the verdicts read back).
"""
