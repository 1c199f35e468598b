"""Figures: one function per file, which draws its part of the material and returns its caption.

Read in this order: `gallery`, `catalogue`, `kind`, `material`, `style`, `rows`, `svg`,
`intervals`, `mosaic`. Then the figures of the answer (`effect_forest`, `accuracy_cost`,
`step_cost_bars`, `interaction_heatmap`, `variance_shares`), of training (`learning_curves`,
`target_curves`, `component_times`, `run_time`, `learning_rate_ledger`, `budget_curve`), of images
(`confusion_matrix`, `most_confused`, `first_layer_weights`, `augmented_pairs`), and those of two
commands: `prediction`, `class_samples`.
"""
