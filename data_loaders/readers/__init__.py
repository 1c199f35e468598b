"""Readers: IDX, arrays with names, tables, folders of pictures, Python functions."""
