"""Commands of the command line that are more than one call.

Each yields the lines to print. Bad input raises a `StudyError`, data that cannot be read a
`DataError`, a dataset that no source delivers a `DatasetUnavailableError`: the command line prints
them as one line, and they are not listed at each function.

Read in this order: `study_option` (which every command takes), `stage`, `show_and_compare`,
`check`, `data`, `predict` with `one_picture`, `tutorials`, `init`.
"""
