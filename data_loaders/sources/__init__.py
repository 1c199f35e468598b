"""Where data come from: a local mirror, public mirrors, OpenML, Keras's npz, scikit-learn.

Read in this order: `source` (what each offers), `bundled`, `local_mirror`, `http_mirror`,
`keras_npz`, `openml`; a user's own `sklearn_loader` and `openml_table`; and what those need that
reach the network: `download`, `contact`, `watch`, `reasons`.
"""
