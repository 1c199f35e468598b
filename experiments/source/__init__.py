"""Source: `modules` finds it, `code` reads it, `closure` follows imports, `digest` hashes."""
