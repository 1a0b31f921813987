"""What is published where: ``publication_policy.csv``. A mart or column without a line is not published."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

TIERS = ("open", "restricted", "operational")
AS_IS, ONLY = "as_is", "only:"

# The marts of dbt_project/models/marts/adaptive: all that an event changes.
RESPONSE_MARTS = ("shock_affected_family", "shock_caseload", "shock_finding", "shock_unmatched_person")


class PolicyError(ValueError):
    """A line of the policy cannot be followed; the message names file and line."""


@dataclass
class PublishedMart:
    """One mart in one tier: its columns in order, and for some the only values whose rows are published."""

    name: str
    columns: list[str] = field(default_factory=list)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_policy(path: Path, tier: str) -> list[PublishedMart]:
    """Read the marts of one tier, sorted by name.

    Raises:
        PolicyError: an unknown tier or treatment, or a column named twice.
    """
    marts: dict[str, PublishedMart] = {}
    with path.open(newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=2):
            if line["tier"] not in TIERS:
                raise PolicyError(f"{path.name} line {number}: no tier {line['tier']!r}, one of {', '.join(TIERS)}")
            if line["tier"] == tier:
                _add(marts.setdefault(line["mart"], PublishedMart(line["mart"])), line, f"{path.name} line {number}")
    return [marts[name] for name in sorted(marts)]


def _add(mart: PublishedMart, line: dict[str, str], where: str) -> None:
    column, treatment = line["column"], line["treatment"]
    if column in mart.columns:
        raise PolicyError(f"{where}: {mart.name}.{column} stands twice")
    if treatment.startswith(ONLY):
        mart.only[column] = tuple(treatment.removeprefix(ONLY).split("|"))
    elif treatment != AS_IS:
        raise PolicyError(f"{where}: no treatment {treatment!r}, one of {AS_IS}, {ONLY}<values>")
    mart.columns.append(column)
