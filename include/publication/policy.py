"""What is published where: ``publication_policy.csv``. A mart or column without a line is not published.

A treatment is ``as_is``; ``idsubsls``, as is, and every value a sub-SLS of the frame; ``only:<values>``, rows of these
values alone; ``released``, as released last and not as counted tonight (docs/disclosure.md); or one that makes a column
of others, which it names last, separated by ``|``, or of itself:
``pseudonym:<kind>[:<columns>]``, ``age_group:<column>``, ``kecamatan:<column>``. Tier ``none`` says of a whole mart
(column ``*``) why no tier has it.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TIERS = ("open", "restricted", "operational")
NOWHERE = "none"
AS_IS, SUB_SLS, RELEASED, ONLY = "as_is", "idsubsls", "released", "only:"
PSEUDONYM, AGE_GROUP, KECAMATAN = "pseudonym", "age_group", "kecamatan"
KINDS = ("family", "document", "person", "enumerator", "nik", "kk")

# The marts of dbt_project/models/marts/adaptive: all that an event changes.
RESPONSE_MARTS = ("shock_affected_family", "shock_caseload", "shock_finding", "shock_unmatched_person")


class PolicyError(ValueError):
    """A line of the policy cannot be followed; the message names file and line."""


@dataclass(frozen=True)
class Made:
    """How a published column is made of a mart's columns; ``kind`` of a pseudonym, else empty."""

    treatment: str
    kind: str
    sources: tuple[str, ...]


@dataclass
class PublishedMart:
    """One mart in one tier: its columns in order, the only values whose rows are published, and columns made anew."""

    name: str
    columns: list[str] = field(default_factory=list)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    sub_sls: set[str] = field(default_factory=set)
    is_released: bool = False

    @property
    def read(self) -> list[str]:
        """The mart's own columns that the published ones are made of, each once."""
        sources = [self.made[name].sources if name in self.made else (name,) for name in self.columns]
        return list(dict.fromkeys(source for several in sources for source in several))


def read_policy(path: Path, tier: str) -> list[PublishedMart]:
    """Read the marts of one tier, sorted by name.

    Raises:
        PolicyError: an unknown tier or treatment, or a column named twice.
    """
    marts: dict[str, PublishedMart] = {}
    for where, line in _lines(path):
        if line["tier"] == tier:
            _add(marts.setdefault(line["mart"], PublishedMart(line["mart"])), line, where)
    return [marts[name] for name in sorted(marts)]


def unpublished(path: Path) -> dict[str, str]:
    """Why a mart is in no tier, by mart.

    Raises:
        PolicyError: an unknown tier, or a mart that is published nowhere and somewhere.
    """
    lines = list(_lines(path))
    somewhere = {line["mart"] for _, line in lines if line["tier"] != NOWHERE}
    for where, line in lines:
        if line["tier"] == NOWHERE and (line["mart"] in somewhere or line["column"] != "*" or not line["treatment"]):
            raise PolicyError(
                f"{where}: {line['mart']} is published nowhere as a whole (*), with a reason, or in a tier"
            )
    return {line["mart"]: line["treatment"] for _, line in lines if line["tier"] == NOWHERE}


def _lines(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=2):
            where = f"{path.name} line {number}"
            if line["tier"] not in (*TIERS, NOWHERE):
                raise PolicyError(f"{where}: no tier {line['tier']!r}, one of {', '.join((*TIERS, NOWHERE))}")
            yield where, line


def _add(mart: PublishedMart, line: dict[str, str], where: str) -> None:
    column, treatment = line["column"], line["treatment"]
    if column in mart.columns:
        raise PolicyError(f"{where}: {mart.name}.{column} stands twice")
    if treatment.startswith(ONLY):
        mart.only[column] = tuple(treatment.removeprefix(ONLY).split("|"))
    elif treatment == SUB_SLS:
        mart.sub_sls.add(column)
    elif treatment == RELEASED:
        mart.is_released = True
    elif treatment != AS_IS:
        mart.made[column] = _made(column, treatment, line["tier"], where)
    mart.columns.append(column)


def _made(column: str, treatment: str, tier: str, where: str) -> Made:
    name, *arguments = treatment.split(":")
    if name not in (PSEUDONYM, AGE_GROUP, KECAMATAN):
        known = f"{AS_IS}, {SUB_SLS}, {RELEASED}, {ONLY}<values>, {PSEUDONYM}:<kind>, {AGE_GROUP}, {KECAMATAN}"
        raise PolicyError(f"{where}: no treatment {treatment!r}, one of {known}")
    if tier != "restricted":
        raise PolicyError(f"{where}: {name} is made in tier restricted alone")
    kind = arguments.pop(0) if name == PSEUDONYM and arguments else ""
    if name == PSEUDONYM and kind not in KINDS:
        raise PolicyError(f"{where}: no kind of pseudonym {kind!r}, one of {', '.join(KINDS)}")
    sources = tuple(arguments[0].split("|")) if arguments else (column,)
    if len(arguments) > 1 or not all(sources) or (name != PSEUDONYM and len(sources) > 1):
        raise PolicyError(f"{where}: {treatment!r} names its columns wrongly")
    return Made(name, kind, sources)
