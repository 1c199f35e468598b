"""What a study found: tables, sentences, figures and the page.

Read in this order: `study_results`, `stored` and `scored_runs` (what the stages left, and every
response of it), `judgement` (the analysis under the study's settings), `text` (how it is written),
`findings`, `tuning_order` and `answer` (the sentences), `tables`, `figures`, `report` (the page),
and last `verdicts_of` (the verdicts read back).
"""
