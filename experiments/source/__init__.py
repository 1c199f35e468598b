"""What a run's code is known by: `code` reads it, `closure` follows imports, `digest` hashes."""
