"""The best network of a dataset: kept, shown, and asked.

Read in this order: `saved_network`, `sample_images` (what the report shows), `framing` (a picture
from anywhere, made into what the network knows).
"""
