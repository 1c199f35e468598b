"""The champion as a registered model.

Read in this order: `served_model` (what answers), `package` (what goes with it), `model_card`,
`register`.
"""
