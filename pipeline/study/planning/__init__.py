"""What a study will take, how far it is, and why a run is stale."""
