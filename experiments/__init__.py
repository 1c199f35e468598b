"""The study: factors, designs, cells, streams, tuning, one run, and the analysis of many.

Read in this order: `design` (what is asked), `run` (one training, whatever is trained), `network`
(the house's own), `response` (what a run is judged by), `source` (which code a run rests on),
`analysis` (from many runs to verdicts); `errors`.
"""
