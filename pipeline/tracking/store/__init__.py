"""The tracking database or server: opened, read, and made to hold exactly the given records.

Read in this order: `address` and `database`, the two ways of writing (`database_rows`,
`client_calls`), `connection`, `experiments` (with the runs that are there), `synced_experiment`,
`leftovers`.
"""
