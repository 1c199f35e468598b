"""Datasets that are verified before they are believed: sources, cache, splits, batches.

Read in this order: `spec` and `parse_spec` (what a study says of a dataset); `known` and `registry`
(the built-in datasets); `sources` (where data come from), `readers` (files of each form) and `raw`
(what they found); `labels`, `encoding`, `examples`, `arrays` and `assemble` (how that becomes a
dataset, or is refused); `fetch`, `own`, `trust`, `cache` and `load` (how one is loaded and kept);
`datasets`, `split`, `scaling` and `batches` (what a training sees); `facts` (what a reader should
know); `errors`.
"""
