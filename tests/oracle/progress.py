"""progress_area_daily and progress_enumerator_daily as docs/progress.md defines them."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from tests.oracle.documents import WINDOW, Document, accepted_bundles
from tests.oracle.figures import quotient, rounded
from tests.oracle.landing import in_force, read_bundle, seed, snapshot, whole

LEVELS = {"province": 2, "kab_kota": 4, "kecamatan": 7, "desa": 10, "sub_sls": 16}
OUTCOMES = {1: "complete", 2: "incomplete", 3: "no_respondent", 4: "refused", 5: "moved"}
SUPERSEDED = ("REVISION", "TOMBSTONE", "SAME_FAMILY")
ACCUMULATED = ("enumerated_families", "enumerated_persons")


def expectations(landing: Path, as_of: date) -> dict[str, int]:
    """Expected families by sub-SLS of the current frame: listed twice, the larger counts; unreadable is 0."""
    expected: dict[str, int] = {}
    for row in snapshot(landing, "frame", "sub_sls", as_of):
        families = whole(row["expected_families"]) or 0
        expected[row["idsubsls"]] = max(families, expected.get(row["idsubsls"], 0))
    return expected


def field_days(as_of: date) -> list[date]:
    """From the window's first day to the as-of day."""
    return [WINDOW[0] + timedelta(days=n) for n in range((as_of - WINDOW[0]).days + 1)]


def area_daily(landing: Path, documents: list[Document], as_of: date) -> list[dict[str, Any]]:
    """One row per area level, area and field day."""
    expected = expectations(landing, as_of)
    placed = [document for document in documents if document.has_place]
    sub_sls = set(expected) | {document.idsubsls for document in placed}
    counts: dict[tuple[str, str, date], Counter[str]] = defaultdict(Counter)
    for document in placed:
        for level, digits in LEVELS.items():
            counts[level, document.idsubsls[:digits], document.progress_day].update(_counted(document))
    rows = []
    for level, digits in LEVELS.items():
        for area in sorted({one[:digits] for one in sub_sls}):
            families = sum(n for one, n in expected.items() if one.startswith(area))
            to_date: Counter[str] = Counter()
            for day in field_days(as_of):
                to_date.update(counts[level, area, day])
                rows.append(_area_row(level, area, day, counts[level, area, day], to_date, families) | {"as_of": as_of})
    return rows


def _counted(document: Document) -> Counter[str]:
    """What one document adds to its day."""
    counts: Counter[str] = Counter()
    if document.is_winner:
        counts["held_documents" if document.is_held else "accepted_documents"] += 1
        if outcome := OUTCOMES.get(whole(document.answers["r205"]) or 0):
            counts[f"{outcome}_families"] += 1
    if document.outcome == "superseded" and document.reason in SUPERSEDED:
        counts["superseded_documents"] += 1
    if document.is_enumerated:
        counts["enumerated_families"] += 1
        counts["enumerated_persons"] += len(document.residents)
    return counts


def _area_row(
    level: str, area: str, day: date, counts: Counter[str], to_date: Counter[str], expected: int
) -> dict[str, Any]:
    enumerated, left = to_date["enumerated_families"], max((WINDOW[1] - day).days, 0)
    summed = [f"{name}_families" for name in OUTCOMES.values()] + [
        f"{name}_documents" for name in ("accepted", "held", "superseded")
    ]
    return {
        "area_level": level,
        "area_code": area,
        "field_day": day,
        "expected_families": expected,
        **{name: counts[name] for name in (*ACCUMULATED, *summed)},
        **{f"{name}_cumulative": to_date[name] for name in ACCUMULATED},
        "coverage_numerator": enumerated,
        "coverage_denominator": expected,
        "coverage_share": quotient(enumerated, expected, 6),
        "days_left": left,
        "required_families_per_day": quotient(max(expected - enumerated, 0), left, 3),
    }


def enumerator_daily(landing: Path, documents: list[Document], as_of: date) -> list[dict[str, Any]]:
    """One row per enumerator and field day."""
    loads, replaced = _loads(landing, as_of)
    staff = {row["staff_id"]: row for row in snapshot(landing, "frame", "staff", as_of) if row["role"] == "PPL"}
    his: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        his[document.enumerator_id].append(document)
    bundles, new_winners = _bundles(landing, documents)
    rows = []
    for enumerator in sorted(staff):
        load = loads[enumerator]
        if load > 0 or enumerator in replaced:
            brought = [(day, new_winners[name, day]) for name, day in bundles[enumerator]]
            families = sum(document.is_enumerated for document in his[enumerator])
            told = {
                "enumerator_id": enumerator, "supervisor_id": staff[enumerator]["supervisor_id"],
                "kab_code": staff[enumerator]["kab_code"], "load_families": load,
                "status": _status(families, load, brought, as_of), "as_of": as_of,
            }  # fmt: skip
            rows += [told | _enumerator_day(his[enumerator], day, load) for day in field_days(as_of)]
    return rows


def _loads(landing: Path, as_of: date) -> tuple[Counter[str], set[str]]:
    """Load by enumerator, and those who had an assignment that has ended."""
    expected = expectations(landing, as_of)
    assignments = snapshot(landing, "frame", "assignments", as_of)
    assigned = {(row["enumerator_id"], row["idsubsls"]) for row in in_force(assignments, as_of)}
    loads: Counter[str] = Counter()
    for enumerator, sub_sls in assigned:
        loads[enumerator] += expected.get(sub_sls, 0)
    return loads, {row["enumerator_id"] for row in assignments if row["valid_to"] and row["valid_to"] < str(as_of)}


def _enumerator_day(documents: list[Document], day: date, load: int) -> dict[str, Any]:
    received = [d for d in documents if d.progress_day == day and d.reason != "CONFLICT"]
    families = [d for d in documents if d.progress_day == day and d.is_enumerated]
    to_date = sum(d.is_enumerated and d.progress_day <= day for d in documents)
    minutes = [d.minutes for d in families if d.minutes is not None and d.minutes > 0]
    lags = [(d.arrival_day - d.field_day).days for d in received]
    return {
        "field_day": day,
        "documents": len(received),
        "families": len(families),
        "persons": sum(len(d.residents) for d in families),
        "median_minutes": rounded(median(minutes), 2) if minutes else None,
        "median_upload_lag_days": rounded(Fraction(median(lags)), 2) if lags else None,
        "families_cumulative": to_date,
        "done_share": quotient(to_date, load, 6),
    }


def _bundles(landing: Path, documents: list[Document]) -> tuple[dict[str, list], Counter[tuple[str, date]]]:
    """Accepted bundles by enumerator in their order, and how many new winners each brought."""
    by_enumerator: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for row in accepted_bundles(landing):
        day = date.fromisoformat(row["arrival_day"])
        sender = read_bundle(landing / "uploads" / row["arrival_day"] / row["bundle_name"]).enumerator_id
        by_enumerator[sender].append((row["bundle_name"], day))
    first_came = {}
    for document in documents:
        first_came.setdefault(document.document_id, (document.bundle_name, document.arrival_day))
    brought = [(d.bundle_name, d.arrival_day) for d in documents if d.is_winner]
    firsts = [first_came[d.document_id] for d in documents if d.is_winner]
    return by_enumerator, Counter(here for here, first in zip(brought, firsts, strict=True) if here == first)


def _status(families: int, load: int, brought: list[tuple[date, int]], as_of: date) -> str:
    """The first that applies; `brought` is arrival day and new winners of each bundle, in order."""
    working = working_days(as_of)
    days = (WINDOW[1] - WINDOW[0]).days + 1
    if families >= load:
        return "finished"
    if len(working) >= 2 and not any(day >= working[-2] for day, _ in brought):
        return "inactive"
    if len(brought) >= 2 and not any(new for _, new in brought[-2:]):
        return "stagnant"
    if Fraction(families, load) < Fraction(3, 10) and Fraction((as_of - WINDOW[0]).days + 1, days) > Fraction(1, 2):
        return "at_risk"
    return "on_track"


def working_days(as_of: date) -> list[date]:
    """Monday to Saturday without public holidays, from the window's first day on."""
    holidays = {row["date"] for row in seed("reference/holidays.csv")}
    return [day for day in field_days(as_of) if day.weekday() < 6 and str(day) not in holidays]
