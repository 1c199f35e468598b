"""The tracking database or server: opened, read, and made to hold exactly the given records.

Read in this order: `address` and `database`, `connection`, `experiments`, `held` (what is there),
`writer` with its two ways (`database_rows`, `client_calls`), `synced_experiment`, `leftovers`.
"""
