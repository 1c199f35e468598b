"""Readers: IDX, arrays with names, tables, folders of pictures, Python functions.

Read in this order: `path` (which reader a path needs), `idx`, `named_arrays`, `tables`, `pictures`,
`function`; then archives with forms of their own: `emnist`, `qmnist`, `usps`.
"""
