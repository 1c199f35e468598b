"""Small `verdicts.json` files, as `knockout report` writes them."""

import json
from pathlib import Path
from typing import Any

PARAMS = """
study:
  datasets: [digits]
  replicates: 5
  factors: {l2: {off: 0, on: 1.0e-4}, dropout: {off: 0, on: 0.2}}
"""


def component(name: str, verdict: str, effect: float, half: float, **other: Any) -> dict[str, Any]:
    """Return what the file says of one component."""
    return {
        "dataset": "digits", "component": name, "level": "on", "null_level": "off",
        "title": name, "n": 5, "n_pairs": 2, "effect_pp": effect, "ci_low_pp": effect - half,
        "ci_high_pp": effect + half, "sd_pp": 0.5, "unit": "pp", "p_adjusted": 0.01,
        "margin_pp": 0.5, "alpha": 0.05, "family_size": 2, "verdict": verdict,
        "verdict_reason": f"rule of {verdict}", "step_ratio": 1.25, "step_low": 1.2,
        "step_high": 1.3, "time_ratio": 1.4, "time_ratio_low": None, "time_ratio_high": None,
        "conditioned_on": {"averaged_over": {"other": ["off", "on"]},
                           "held_fixed": {"epochs": 20, "patience": None}},
        "run_keys": [f"{name}-{i}" for i in range(4)],
        **other,
    }  # fmt: skip


def write(folder: Path, *components: dict[str, Any], **other: Any) -> Path:
    """Write a project with these verdicts and return its folder."""
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    (folder / "params.yaml").write_text(PARAMS, encoding="utf-8")
    content = {
        "study": "main", "question": "What helps?", "response": "test_accuracy", "alpha": 0.05,
        "sureness": ["The placebo came out equivalent.", "20 of 20 planned runs finished."],
        "components": components, **other,
    }  # fmt: skip
    (results / "verdicts.json").write_text(json.dumps(content), encoding="utf-8")
    return folder
