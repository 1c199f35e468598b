"""The best network of a dataset: kept, shown, and asked.

Read in this order: `saved_network`, `predictions`, `sample_images` (what the report shows),
`picture_file` and `framing` (a picture from anywhere, made into what the network knows).
"""
