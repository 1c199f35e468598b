"""What is asked: the study, its factors and levels, its design and rules."""
