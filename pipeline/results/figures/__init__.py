"""Figures: a function each, which draws its part of the material and returns its caption.

Read in this order: `gallery` (all there are), `material`, `style`, `svg`, `intervals`.
Then the figures: those with a row for each component or cell (`rows`, `component_rows`, `bars`),
points and curves (`accuracy_cost`, `curves`, `tuning_trials`), `matrices`, and images (`sheets`,
`images`).
"""
