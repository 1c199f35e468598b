"""What a component costs per training step: which recipes are timed, and how."""
