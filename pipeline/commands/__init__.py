"""Commands of the command line that are more than one, and what all share."""
