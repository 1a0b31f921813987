"""Registers, affected families, unmatched persons and caseload of an event as docs/shock.md defines them."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from tests.oracle.documents import Document
from tests.oracle.figures import rounded
from tests.oracle.identity import is_usable_nik
from tests.oracle.landing import Row, day_of, event, whole

Told = dict[str, Any]
Key = tuple[str, int, int]
Point = tuple[float, float]

LEVELS = {"province": 2, "kab_kota": 4, "kecamatan": 7, "desa": 10}
STATUSES = ("confirmed", "suspected", "recovered", "dead")
FLAGS = {
    "is_under_5": "under_5_persons", "is_60_plus": "aged_60_plus_persons", "is_pregnant": "pregnant_persons",
    "has_disability": "disability_persons", "has_chronic_illness": "chronic_illness_persons",
    "lacks_caregiver": "lacks_caregiver_persons",
}  # fmt: skip


@dataclass(frozen=True)
class Register:
    """Enumerated families and their residents, and what the frame expects."""

    families: dict[Key, Told]
    persons: list[Told]
    expected: dict[str, int]
    as_of: date

    @cached_property
    def members(self) -> dict[Key, list[Told]]:
        """Residents by family."""
        members: dict[Key, list[Told]] = defaultdict(list)
        for person in self.persons:
            members[key_of(person)].append(person)
        return members

    @cached_property
    def bearers(self) -> Counter[str]:
        """Residents by NIK."""
        return Counter(person["nik"] for person in self.persons if person["nik"])

    @cached_property
    def on_file(self) -> Counter[str]:
        """Enumerated families by sub-SLS."""
        return Counter(key[0] for key in self.families)


@dataclass(frozen=True)
class Event:
    """What a folder says: its areas, polygons and standing list."""

    event_id: str
    said: Told
    polygons: list[list[list[Point]]] | None
    listed: list[Told]

    def names(self, sub_sls: str) -> bool:
        """Whether its code begins with one of the areas."""
        return sub_sls.startswith(tuple(map(str, self.said.get("areas") or ()))) if self.said.get("areas") else False

    @cached_property
    def status_of(self) -> dict[str, str]:
        """Status by NIK of the standing rows."""
        return {row["nik"]: row["status"] for row in self.listed if row["stands"]}


def key_of(row: Told) -> Key:
    """The family's."""
    return row["idsubsls"], row["building_number"], row["family_number"]


def register(documents: list[Document], welfare: list[Told], expected: dict[str, int], as_of: date) -> Register:
    """family_register and person_register."""
    deciles = {key_of(row): row for row in welfare}
    families, persons = {}, []
    for document in documents:
        if document.is_enumerated:
            key = dict(zip(("idsubsls", "building_number", "family_number"), document.key, strict=True))
            ranked = deciles.get(document.key, {})
            families[document.key] = key | _family(document) | {
                name: ranked.get(name) for name in ("decile_family_province", "decile_family_kab")
            } | {"as_of": as_of}  # fmt: skip
            persons += [key | _person(person, document) | {"as_of": as_of} for person in document.residents]
    return Register(families, persons, expected, as_of)


def _family(document: Document) -> Told:
    written = document.answers
    latitude, longitude = _degrees(written["latitude"], -12, 7), _degrees(written["longitude"], 94, 142)
    is_located = latitude is not None and longitude is not None
    return {
        "kab_code": document.idsubsls[:4],
        "bps_desa_code": document.idsubsls[:10],
        "document_id": document.document_id,
        "head_name": written["r108"].strip() or None,
        "address": written["r107"].strip() or None,
        "sls_name": written["r106"].strip() or None,
        "kk_number": written["r114"].strip() or None,
        "latitude": latitude if is_located else None,
        "longitude": longitude if is_located else None,
        "is_held": document.is_held,
        "field_day": document.field_day,
        "arrival_day": document.arrival_day,
        "resident_persons": len(document.residents),
    }


def _degrees(text: str, least: int, most: int) -> Fraction | None:
    try:
        value = rounded(Fraction(text.strip()), 6)
    except ValueError:
        return None
    return value if least <= value <= most else None


def _person(person: Row, document: Document) -> Told:
    age = whole(person["r407"])
    sex = whole(person["r405"])
    difficulties = [whole(person[f"r428{x}"]) for x in "abcdefghij"]
    return {
        "person_line": whole(person["r401"]),
        "kab_code": document.idsubsls[:4],
        "nik": _nik(person["r403"], document),
        "person_name": person["r402"].strip() or None,
        "sex": sex,
        "age_years": age,
        "is_under_5": age is not None and age < 5,
        "is_60_plus": age is not None and age >= 60,
        "is_pregnant": whole(person["r410"]) == 1,
        "has_disability": 1 in difficulties or 2 in difficulties,
        "has_chronic_illness": whole(person["r430"]) in range(2, 19),
        "lacks_caregiver": whole(person["r429"]) == 3,
    }


def _nik(written: str, document: Document) -> str | None:
    return written if is_usable_nik(written) and written != document.answers["r114"] else None


# ----- the event -----


def read_event(landing: Path, event_id: str) -> Event:
    """One event's folder; of rows with the same NIK the latest day stands, of equal days the later row."""
    said, lines = event(landing, event_id)
    listed = [
        {"row_number": n, "nik": line["nik"].strip(), "status": line["status"].strip(),
         "status_date": day_of(line["status_date"].strip())}
        for n, line in enumerate(lines, start=1)
    ]  # fmt: skip
    latest = {row["nik"]: row for row in sorted(listed, key=lambda r: (r["status_date"] or date.min, r["row_number"]))}
    for row in listed:
        row["is_valid"] = is_usable_nik(row["nik"])
        row["stands"] = row["is_valid"] and latest[row["nik"]] is row
    return Event(event_id, said, _polygons(said.get("footprint")), listed)


def _polygons(footprint: Told | None) -> list[list[list[Point]]] | None:
    if not footprint:
        return None
    drawn = footprint["coordinates"] if footprint["type"] == "MultiPolygon" else [footprint["coordinates"]]
    return [[[(corner[0], corner[1]) for corner in ring] for ring in polygon] for polygon in drawn]


def is_inside(polygons: list[list[list[Point]]], x: float, y: float) -> bool:
    """An odd number of sides of one polygon lies to the east; a hole is a ring like another."""
    return any(sum(_sides_crossed(ring, x, y) for ring in polygon) % 2 == 1 for polygon in polygons)


def _sides_crossed(ring: list[Point], x: float, y: float) -> int:
    return sum(
        (lat1 > y) != (lat2 > y) and x < (lon2 - lon1) * (y - lat1) / (lat2 - lat1) + lon1
        for (lon1, lat1), (lon2, lat2) in pairwise(ring)
    )


def footprint_matches(register: Register, event: Event) -> dict[Key, str]:
    """The most precise evidence by family."""
    inside = {
        key for key, one in register.families.items()
        if event.polygons and one["latitude"] is not None
        and is_inside(event.polygons, float(one["longitude"]), float(one["latitude"]))
    }  # fmt: skip
    reached = {key[0] for key in inside}
    return {key: _match(one, event, key in inside, key[0] in reached) for key, one in register.families.items()}


def _match(family: Told, event: Event, is_in: bool, has_neighbour_in: bool) -> str:
    if is_in:
        return "polygon"
    if event.polygons and family["latitude"] is not None:
        return "outside"
    if event.names(family["idsubsls"]):
        return "area"
    return "unlocated" if event.polygons and has_neighbour_in else "outside"


def unmatched(register: Register, event: Event) -> list[Told]:
    """Rows of the list that find nobody, with the first reason that applies."""
    rows = []
    for row in event.listed:
        reason = "invalid_nik" if not row["is_valid"] else "repeated" if not row["stands"] else "unknown_nik"
        if reason != "unknown_nik" or not register.bearers[row["nik"]]:
            rows.append({"event_id": event.event_id, "row_number": row["row_number"], "nik": row["nik"] or None,
                         "status": row["status"], "status_date": row["status_date"], "reason": reason,
                         "as_of": register.as_of})  # fmt: skip
    return rows


# ----- its families -----


def affected_families(register: Register, event: Event) -> list[Told]:
    """One row per family in the footprint, perhaps in it, or with an affected member; most points first."""
    rows = [
        _affected_row(register, event, key, match)
        for key, match in footprint_matches(register, event).items()
        if match != "outside" or any(person["nik"] in event.status_of for person in register.members[key])
    ]
    rows.sort(key=lambda row: (-row["priority_points"], -row["living_persons"], _tie(event.event_id, key_of(row))))
    return [row | {"priority_rank": rank} for rank, row in enumerate(rows, start=1)]


def _tie(event_id: str, key: Key) -> str:
    return hashlib.md5("|".join([event_id, *map(str, key)]).encode(), usedforsecurity=False).hexdigest()


def _affected_row(register: Register, event: Event, key: Key, match: str) -> Told:
    family, members = register.families[key], register.members[key]
    statuses = [event.status_of.get(person["nik"]) for person in members]
    counts = Counter(status for status in statuses if status)
    alive = [person for person, status in zip(members, statuses, strict=True) if status != "dead"]
    vulnerable = {name: sum(person[flag] for person in alive) for flag, name in FLAGS.items()}
    kept = ("idsubsls", "building_number", "family_number", "kab_code", "bps_desa_code", "document_id", "head_name",
            "address", "sls_name", "resident_persons", "decile_family_province", "decile_family_kab", "is_held",
            "field_day")  # fmt: skip
    row = {
        "event_id": event.event_id,
        "event_name": event.said["name"],
        **{name: family[name] for name in kept},
        "footprint_match": match,
        "in_footprint": match in ("polygon", "area"),
        "is_hit": match in ("polygon", "area") or counts.total() > 0,
        "affected_persons": counts.total(),
        **{f"{status}_persons": counts[status] for status in STATUSES},
        "shared_nik_persons": sum(
            register.bearers[person["nik"]] > 1 for person, status in zip(members, statuses, strict=True) if status
        ),
        "living_persons": family["resident_persons"] - counts["dead"],
        **vulnerable,
        "vulnerability_kinds": sum(count > 0 for count in vulnerable.values()),
        "staleness_days": max((register.as_of - family["field_day"]).days, 0),
        "as_of": register.as_of,
    }
    return row | {"priority_points": priority_points(row)}


def priority_points(row: Told) -> int:
    """Harm, vulnerability and poverty; 0 where nobody lives any more."""
    if row["living_persons"] <= 0:
        return 0
    harms = [
        (50, row["confirmed_persons"] or row["dead_persons"]), (30, row["suspected_persons"]),
        (20, row["in_footprint"]), (10, row["recovered_persons"]), (5, row["footprint_match"] == "unlocated"),
    ]  # fmt: skip
    decile = row["decile_family_province"]
    return max(points for points, applies in harms if applies) + 5 * row["vulnerability_kinds"] + (
        11 if decile is None else 2 * (11 - decile)
    )  # fmt: skip


# ----- its caseload -----


def caseload(register: Register, event: Event, affected: list[Told]) -> list[Told]:
    """One row per area and decile."""
    cells: dict[tuple[str, str, str], list[Told]] = {("province", "35", "all"): []}
    for row in affected:
        _put(cells, row["idsubsls"], str(row["decile_family_province"] or "unranked"), row)
    for sub_sls in _touched(register, event, affected):
        families, persons = _unvisited(register, sub_sls)
        _put(cells, sub_sls, "unranked" if families else "all", {"unvisited": families, "unvisited_persons": persons})
    said = {"event_id": event.event_id, "event_type": event.said["type"], "event_name": event.said["name"],
            "started_on": day_of(event.said["started_on"]), "as_of": register.as_of}  # fmt: skip
    rows = []
    for (level, area, decile), those in cells.items():
        lists = _list_counts(register, event, is_whole=(level, decile) == ("province", "all"))
        rows.append(said | {"area_level": level, "area_code": area, "decile": decile} | _counted(those) | lists)
    return rows


def _put(cells: dict[tuple[str, str, str], list[Told]], sub_sls: str, decile: str, row: Told) -> None:
    for level, digits in LEVELS.items():
        for shown in {"all", decile}:
            cells.setdefault((level, sub_sls[:digits], shown), []).append(row)


def _touched(register: Register, event: Event, affected: list[Told]) -> set[str]:
    """Sub-SLS with a family in the footprint, or named and not spared by anything known."""
    located = {key[0] for key, one in register.families.items() if one["latitude"] is not None}
    known = set(register.expected) | set(register.on_file)
    named = {one for one in known if event.names(one) and not (event.polygons and one in located)}
    return named | {row["idsubsls"] for row in affected if row["in_footprint"]}


def _unvisited(register: Register, sub_sls: str) -> tuple[int, int]:
    families = max(register.expected.get(sub_sls, 0) - register.on_file[sub_sls], 0)
    return families, -(-families * len(register.persons) // max(len(register.families), 1))


def _list_counts(register: Register, event: Event, *, is_whole: bool) -> Told:
    if not is_whole:
        return {"listed_persons": None, "unmatched_persons": None}
    reasons = Counter(row["reason"] for row in unmatched(register, event))
    return {
        "listed_persons": len(event.listed) - reasons["repeated"],
        "unmatched_persons": reasons["unknown_nik"] + reasons["invalid_nik"],
    }


def _counted(rows: list[Told]) -> Told:
    families = [row for row in rows if "unvisited" not in row]
    hit = [row for row in families if row["is_hit"]]
    footprint = [row for row in families if row["in_footprint"]]
    unlocated = [row for row in families if row["footprint_match"] == "unlocated" and not row["affected_persons"]]
    low = [row for row in hit if not row["is_held"]]
    unvisited = sum(row.get("unvisited", 0) for row in rows)
    unvisited_persons = sum(row.get("unvisited_persons", 0) for row in rows)
    days = [row["staleness_days"] for row in hit]
    return {
        "footprint_families": len(footprint),
        "footprint_persons": _persons_of(footprint),
        "affected_families": sum(row["affected_persons"] > 0 for row in families),
        "hit_families": len(hit),
        "hit_persons": _persons_of(hit),
        **{f"{status}_persons": sum(row[f"{status}_persons"] for row in families) for status in STATUSES},
        **{name: sum(row[name] for row in hit) for name in FLAGS.values()},
        "unlocated_families": len(unlocated),
        "unlocated_persons": _persons_of(unlocated),
        "unvisited_families": unvisited,
        "unvisited_persons": unvisited_persons,
        "families_low": len(low),
        "persons_low": _persons_of(low),
        "families_high": len(hit) + len(unlocated) + unvisited,
        "persons_high": _persons_of(hit) + _persons_of(unlocated) + unvisited_persons,
        "staleness_median_days": Fraction(median(days)) if days else None,
        "staleness_max_days": max(days, default=None),
    }


def _persons_of(families: list[Told]) -> int:
    return sum(row["resident_persons"] for row in families)
