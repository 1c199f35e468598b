"""The words that a reader may not know, each in a sentence or two."""

from __future__ import annotations

GLOSSARY: dict[str, str] = {
    "verdict": (
        "What the study can say of a component: helps, hurts, equivalent (smaller than the "
        "margin), depends (another component turns its effect), or inconclusive."
    ),
    "interval": (
        "The range that a repeated study would put the true value into 95 times out of 100 (or as "
        "often as stated), from Student's t over replicates."
    ),
    "margin": (
        "The difference below which a change does not matter in practice. Equivalent means shown "
        "to be smaller than this, by two one-sided tests."
    ),
    "n": "Replicates: independent repetitions with their own split, initial weights and order.",
    "Holm": (
        "A correction for many comparisons: with it, the chance of even one false claim in the "
        "whole family stays below α (5 % unless stated)."
    ),
    "p": "The chance of a difference this large if there were none, before any correction.",
    "d_z": "The effect divided by its standard deviation between replicates: how steady it is.",
    "P(better)": "The probability that a run with the component beats its partner without it.",
    "sign-flip": (
        "A test that asks how often random signs on the paired differences would give as large a "
        "mean; it assumes no distribution."
    ),
    "test images": (
        "Another set of test images would give another result: the crossed bootstrap draws runs "
        "and images anew, so that this interval covers both."
    ),
    "Shapley": (
        "A component's gain averaged over all orders in which the components can be added, so that "
        "the shares sum to the gain of the full recipe."
    ),
    "share of variance": "How much of the spread between all runs goes back to this component.",
    "A/A": (
        "A control that times the baseline against itself: its ratio must cover 1.00, or the "
        "timing is off by that much."
    ),
    "placebo": (
        "The baseline trained once more under other random streams and compared like a component; "
        "it should be inconclusive or equivalent."
    ),
    "cost per step": (
        "CPU time of a training step with the component over that without, timed separately in "
        "fresh processes; ≈ marks the sum of what single components add."
    ),
    "time to target": (
        "Training time until validation accuracy reaches the target: the median of runs, counted "
        "in epochs and put on the clock by the measured step cost."
    ),
    "rank": "The mean place of a cell within its replicate, 1 the best; a description, not a test.",
    "cell": "One combination of levels: one recipe that was trained.",
    "baseline": "The recipe with every component at its first level; all is compared with it.",
    "pp": "Percentage points: a difference between two percentages.",
}
