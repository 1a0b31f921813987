"""Which versions of rules, models and eligibility were in force as of a day: they shape every judged figure."""

import csv
import json
from pathlib import Path

from include.settings import PROJECT

_SEEDS = PROJECT / "dbt_project" / "seeds" / "targeting"


def dated_versions(manifest: Path, as_of: str) -> dict:
    """Name what was in force on a day.

    Returns ``{"rules": {rule: version}, "welfare_model": version or None, "eligibility": {programme: valid from},
    "targeting_scenarios": [scenario]}``.
    """
    rules = [
        rule
        for node in json.loads(manifest.read_text())["nodes"].values()
        for rule in (node.get("config") or {}).get("meta", {}).get("catalogue", [])
        if isinstance(rule, dict)
    ]
    models = _in_force(_seed("pmt_models.csv"), as_of)
    return {
        "rules": {rule["id"]: rule["version"] for rule in sorted(_in_force(rules, as_of), key=lambda rule: rule["id"])},
        "welfare_model": max(models, key=lambda m: m["valid_from"])["model_version"] if models else None,
        "eligibility": {r["programme"]: r["valid_from"] for r in _in_force(_seed("programme_eligibility.csv"), as_of)},
        "targeting_scenarios": sorted(s["scenario_id"] for s in _in_force(_seed("targeting_scenarios.csv"), as_of)),
    }


def _seed(name: str) -> list[dict]:
    with (_SEEDS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _in_force(dated: list[dict], as_of: str) -> list[dict]:
    return [one for one in dated if one["valid_from"] <= as_of and as_of <= (one.get("valid_to") or as_of)]
