"""Figures: one function per file; each draws on a given Axes and returns it."""
