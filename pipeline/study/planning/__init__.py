"""What a study will take, how far it is, and why a run is stale.

Read in this order: `status` (all lines of plan and status), `design_lines` (what the study's design
says), `staleness` (why a run is not stored), `run_cost` and `calibration` (seconds and memory of a
run), `expected_cost` (what the rest takes).
"""
