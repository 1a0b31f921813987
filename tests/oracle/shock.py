"""shock_affected_family as docs/shock.md defines it: membership, members, points and rank."""

import hashlib
from collections import Counter

from tests.oracle.events import Event, footprint_matches
from tests.oracle.registers import Key, Register, Told, key_of

STATUSES = ("confirmed", "suspected", "recovered", "dead")
FLAGS = {
    "is_under_5": "under_5_persons", "is_60_plus": "aged_60_plus_persons", "is_pregnant": "pregnant_persons",
    "has_disability": "disability_persons", "has_chronic_illness": "chronic_illness_persons",
    "lacks_caregiver": "lacks_caregiver_persons",
}  # fmt: skip


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
