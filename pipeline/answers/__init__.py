"""What the results say, in words."""
