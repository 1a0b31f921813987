"""Every gate rule as a line, from the suites and the limits. ``python -m expectations.catalogue`` prints the table."""

import importlib
import sys
from dataclasses import dataclass
from typing import Any

import yaml

from include.gates import GATES
from include.settings import PROJECT

_LIMITS = PROJECT / "expectations" / "thresholds.yaml"


@dataclass(frozen=True)
class Rule:
    """One rule; ``judged_from`` is the number of cases below which it is skipped, None where it is always judged."""

    id: str
    gate: str
    suite: str
    severity: str
    figure: str
    limit: str
    judged_from: float | None
    owner: str
    text_id: str
    text_en: str
    why: str


def rules() -> list[Rule]:
    """Every rule, gate by gate, in the order in which its suite lists it."""
    limits = yaml.safe_load(_LIMITS.read_text())
    modules = [(gate, importlib.import_module(f"expectations.suites.{name}")) for gate in GATES for name in GATES[gate]]
    return [
        _rule(gate, module.RELATION, expected, limits[module.RELATION])
        for gate, module in modules
        for expected in module.build(lambda name, own=limits[module.RELATION]: own[name]["value"]).expectations
    ]


def table() -> str:
    """The rules as a Markdown table."""
    head = "| rule | severity | figure | limit | judged from | owner | arti | meaning | why this limit |"
    lines = [
        f"| {r.id} | {r.severity} | `{r.figure}` | {r.limit} | {'' if r.judged_from is None else f'{r.judged_from:g}'} "
        f"| {r.owner} | {r.text_id} | {r.text_en} | {r.why} |"
        for r in rules()
    ]
    return "\n".join([head, "|---" * 9 + "|", *lines])


def _rule(gate: str, suite: str, expected: Any, limits: dict) -> Rule:  # noqa: ANN401 - an expectation
    name = expected.meta["limit"]
    limit = limits[name]
    return Rule(
        id=expected.meta["rule"],
        gate=gate,
        suite=suite,
        severity=str(getattr(expected.severity, "value", expected.severity)) + (", alert" * ("alert" in expected.meta)),
        figure=expected.column,
        limit=f"{'≥' if name.endswith('_min') else '≤'} {limit['value']:g}",
        judged_from=limits[expected.meta["judged_from"]]["value"] if "base" in expected.meta else None,
        owner=limit["owner"],
        text_id=limit["text_id"],
        text_en=limit["text_en"],
        why=limit["why"],
    )


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
