"""What a night did, in a few lines: read from the run log, the warehouse and the published snapshot."""

import json
import sys
import textwrap
from datetime import date

from include.gates import GATES
from include.publication.operational_writer import LIST_COUNTS
from include.run_log import RunLog
from include.settings import settings
from include.warehouse import opened

_WIDTH = 120
_VERDICTS = {"open": "open", "closed": "CLOSED", "fault": "FAULT"}


def print_night(arrival_day: date, log: RunLog, *, seconds: float) -> None:
    """Print bundles in, documents by outcome, gates, marts and rows published, and where they are."""
    entries = {entry["step"]: entry for entry in log.entries()}
    published = _figures(entries, "publish")
    # The run may have failed all the same: its mirror did not follow.
    lines = [f"Night {arrival_day}  {'published' if published else 'NOT PUBLISHED'}  ({seconds:.1f} s)"]
    landing = _figures(entries, "check_landing")
    if landing.get("nothing_arrived"):
        lines.append("  nothing arrived: the landing zone has no folder of this day")
    if "build_marts" in entries and entries["build_marts"]["outcome"] == "done":
        lines += _counts(arrival_day, entries["build_marts"]["as_of"])
    lines += [line for gate in GATES if f"gate_{gate}" in entries for line in _gate(entries, gate)]
    lines += [line for tier in published.get("rows", {}) for line in _tier(published, tier)]
    lines += [f"  failed at   {e['step']}: {e['message']}" for e in entries.values() if e["outcome"] == "failed"]
    sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.flush()


def _figures(entries: dict[str, dict], step: str) -> dict:
    entry = entries.get(step)
    return json.loads(entry["figures"] or "{}") if entry and entry["outcome"] == "done" else {}


def _tier(published: dict, tier: str) -> list[str]:
    rows = ", ".join(f"{name} {count:,} {_unit(name)}" for name, count in sorted(published["rows"][tier].items()))
    said = textwrap.wrap(f"{tier}: {rows}", _WIDTH, initial_indent="  published   ", subsequent_indent=" " * 14)
    return [*said, f"              in {published['paths'][tier]}"]


def _unit(name: str) -> str:
    return "files" if name in LIST_COUNTS else "rows"


def _gate(entries: dict[str, dict], gate: str) -> list[str]:
    entry = entries[f"gate_{gate}"]
    figures = json.loads(entry["figures"] or "{}")
    verdict = figures.get("verdict", "fault")
    tripped, alerts = figures.get("tripped", []), figures.get("alerts", [])
    judged = f"{figures.get('rules', 0)} rules, {len(tripped)} tripped, {len(figures.get('skipped', []))} skipped"
    lines = [f"  gate {gate:6} {_VERDICTS[verdict]}: {judged if verdict != 'fault' else 'not judged, a fault of ours'}"]
    lines += [f"    {'ALERT' if sentence in alerts else 'tripped':10}{sentence}" for sentence in tripped]
    return [*lines, f"    {'page':10}{figures.get('data_docs', 'none')}"]


def _counts(arrival_day: date, as_of: str) -> list[str]:
    with opened(settings().warehouse, read_only=True) as connection:
        bundles = connection.execute(
            "select outcome, coalesce(reason, ''), count(*) from intermediate.int_bundles__fate"
            " where arrival_day = ? group by all order by all", [arrival_day]
        ).fetchall()  # fmt: skip
        documents = "select outcome, count(*) from intermediate.int_documents__fate where arrival_day"
        tonight = connection.execute(f"{documents} = ? group by all order by all", [arrival_day]).fetchall()
        to_date = connection.execute(f"{documents} <= ? group by all order by all", [as_of]).fetchall()
    return [
        f"  bundles in  {_listed([(f'{o} {r}'.strip(), n) for o, r, n in bundles])}",
        f"  documents   {_listed(tonight)}",
        f"  to date     {_listed(to_date)} (as of {as_of})",
    ]


def _listed(counted: list[tuple[str, int]]) -> str:
    return f"{sum(n for _, n in counted):,}: " + (", ".join(f"{name} {n:,}" for name, n in counted) or "none")
