"""Commands of the command line that are more than one call.

Each yields the lines to print. Bad input raises a `StudyError`, data that cannot be read a
`DataError`, a dataset that no source delivers a `DatasetUnavailableError`: the command line prints
them as one line, and they are not listed at each function.
"""
