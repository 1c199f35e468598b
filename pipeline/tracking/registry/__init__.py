"""The champion as a registered model.

Read in this order: `served_model` (what answers), `model_card`, `register`.
"""
