"""Figures: one function per file, which draws on what it is given and returns its caption.

Read in this order: `gallery`, `catalogue`, `kind`, `material`, `style`, `svg`, `intervals`,
`mosaic`. Then the kinds of figures and what they draw with: `answer_kinds` (`effect_forest`,
`accuracy_cost`, `step_cost_bars`, `interaction_heatmap`, `variance_shares`), `training_kinds`
(`learning_curves`, `target_curves`, `component_times`, `run_time`, `learning_rate_ledger`,
`budget_curve`), `picture_kinds` (`confusion_matrix`, `most_confused`, `first_layer_weights`,
`augmented_pairs`), and those of two commands: `prediction`, `class_samples`.
"""
