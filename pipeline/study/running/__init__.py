"""Train what is planned and not stored."""
