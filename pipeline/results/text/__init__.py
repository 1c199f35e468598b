"""How results are written: rounding and titles."""
