"""What a study will take, how far it is, and why a run is stale.

Read in this order: `status` (all lines of plan and status), `staleness` (why a run is not stored),
`run_cost` and `calibration` (seconds and memory of a run), `expected_cost` (what the rest takes),
`tuning_lines` (what is tuned apart), `outlook` (what the study will be able to see).
"""
