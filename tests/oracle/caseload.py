"""shock_caseload as docs/shock.md defines it."""

from collections import Counter
from fractions import Fraction
from statistics import median

from tests.oracle.events import Event, unmatched
from tests.oracle.landing import day_of
from tests.oracle.registers import Register, Told
from tests.oracle.shock import FLAGS, STATUSES

LEVELS = {"province": 2, "kab_kota": 4, "kecamatan": 7, "desa": 10}


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
