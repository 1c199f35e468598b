"""Neural networks from scratch on NumPy alone."""
