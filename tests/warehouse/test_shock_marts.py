"""Shock marts against a second reading in plain Python and Shapely, over one simulated province and its events."""

import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, shape

from include import transform
from include.intake.events import take_in_pending_events
from include.intake.landing import open_landing
from include.settings import Settings
from include.simulation import Plan, simulate
from include.warehouse import opened
from tests.builders import LandingZone, keys_file
from tests.pipeline import build_marts

PLAN = {"enumerators": 24, "days": 3, "seed": 11, "headquarters": "frame", "defects": True, "processes": 1}
STATUSES = ("confirmed", "suspected", "recovered", "dead")
VULNERABILITIES = {
    "is_under_5": "under_5_persons", "is_60_plus": "aged_60_plus_persons", "is_pregnant": "pregnant_persons",
    "has_disability": "disability_persons", "has_chronic_illness": "chronic_illness_persons",
    "lacks_caregiver": "lacks_caregiver_persons",
}  # fmt: skip
LEVELS = {"province": 2, "kab_kota": 4, "kecamatan": 7, "desa": 10}
UNKNOWN_NIK, UNKNOWN_AREA = "3573015001809999", "9999"

Row = dict[str, Any]
Key = tuple[str, int, int]


@dataclass
class Built:
    """The marts as rows, and where they stand."""

    landing: Path
    configured: Settings
    as_of: date
    marts: dict[str, list[Row]]

    def of(self, mart: str, event_id: str) -> list[Row]:
        return [row for row in self.marts[mart] if row["event_id"] == event_id]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("shock")
    plan = Plan(out=root / "landing", **PLAN)
    simulate(plan)
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    configured = Settings(landing=str(plan.out), **places)
    send_events(LandingZone(plan.out), configured)
    build_marts(configured, plan.last_day.isoformat())
    names = ["family_register", "person_register", "area", "shock_affected_family", "shock_caseload"]
    with opened(configured.warehouse, read_only=True) as connection:
        marts = {name: rows_of(connection, name) for name in [*names, "shock_unmatched_person", "shock_finding"]}
    return Built(plan.out, configured, plan.last_day, marts)


def rows_of(connection: duckdb.DuckDBPyConnection, mart: str) -> list[Row]:
    found = connection.execute(f"select * from marts.{mart}")
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def send_events(zone: LandingZone, configured: Settings) -> None:
    """Events beside the simulated flood: each names something else, one is re-sent, one is broken."""
    flood = json.loads((zone.root / "events" / "flood-01" / "event.json").read_text())
    [kecamatan] = flood["areas"]
    listed = [line.split(",")[0] for line in affected_csv(zone.root, "flood-01")[1:]]
    [*ring, _] = flood["footprint"]["coordinates"][0]
    inner = [
        [(x + sum(p[0] for p in ring) / len(ring)) / 2, (y + sum(p[1] for p in ring) / len(ring)) / 2] for x, y in ring
    ]
    hole = {"type": "Polygon", "coordinates": [[*ring, ring[0]], [*inner, inner[0]]]}
    two = {"type": "MultiPolygon", "coordinates": [[[*ring[:4], ring[0]]], [[*ring[4:], ring[0], ring[4]]]]}
    zone.shock("hole", areas=None, footprint=hole)
    zone.shock("two_parts", areas=None, footprint=two)
    zone.shock("quake", areas=[kecamatan[:4], UNKNOWN_AREA, kecamatan], affected=[
        listed_row(listed[0], "suspected", "2022-10-18"), listed_row(listed[0], "dead", "2022-10-17"),
        listed_row(listed[1], "dead", "2022-10-17"), listed_row(UNKNOWN_NIK), listed_row("12"),
    ])  # fmt: skip
    zone.shock("swapped", areas=None, footprint={"type": "Polygon", "coordinates": [[[0, 0], [0, 9], [9, 9], [0, 0]]]})
    zone.shock("nothing", areas=None)
    zone.write("events/broken/event.json", b"{")
    zone.shock("outbreak", areas=["35"], affected=[listed_row(nik) for nik in listed])
    take_in_pending_events(open_landing(configured.landing), configured.raw)
    zone.shock("outbreak", areas=[], affected=[listed_row(nik) for nik in listed[:5]])


def listed_row(nik: str, status: str = "confirmed", status_date: str = "2022-10-17") -> dict[str, str]:
    return {"nik": nik, "status": status, "status_date": status_date}


def affected_csv(landing: Path, event_id: str) -> list[str]:
    file = landing / "events" / event_id / "affected.csv"
    return file.read_text().splitlines() if file.exists() else ["nik,status,status_date"]


# The second reading ------------------------------------------------------------------------------------------------


def key_of(row: Row) -> Key:
    return row["idsubsls"], row["building_number"], row["family_number"]


def standing(landing: Path, event_id: str) -> dict[str, str]:
    """Status by well-formed NIK: the latest day, then the later row."""
    lines = [line.split(",") for line in affected_csv(landing, event_id)[1:]]
    latest = sorted((day, number, nik, status) for number, (nik, status, day) in enumerate(lines))
    return {nik: status for _, _, nik, status in latest if re.fullmatch("[0-9]{16}", nik)}


def read_again(built: Built, event_id: str) -> dict[Key, Row]:
    """What shock_affected_family should say of one event, by family, but for names."""
    event = json.loads((built.landing / "events" / event_id / "event.json").read_text())
    families = {key_of(row): row for row in built.marts["family_register"]}
    drawn = shape(event["footprint"]) if event.get("footprint") else None
    named = tuple(event.get("areas") or ["none"])
    statuses = standing(built.landing, event_id)
    bearers = Counter(person["nik"] for person in built.marts["person_register"])
    members: dict[Key, list[Row]] = defaultdict(list)
    for person in built.marts["person_register"]:
        members[key_of(person)].append(person | {"status": statuses.get(person["nik"])})
    inside = {key for key, f in families.items() if drawn and has_point(f) and drawn.contains(point_of(f))}
    touched = {key[0] for key in inside}
    told = {}
    for key, family in families.items():
        match = "outside"
        if key in inside:
            match = "polygon"
        elif key[0].startswith(named) and not (drawn and has_point(family)):
            match = "area"
        elif drawn and not has_point(family) and key[0] in touched:
            match = "unlocated"
        hit = [person for person in members[key] if person["status"]]
        if match != "outside" or hit:
            told[key] = weighed(built.as_of, family, match, members[key], sum(bearers[p["nik"]] > 1 for p in hit))
    order = sorted(
        told, key=lambda key: (-told[key]["priority_points"], -told[key]["living_persons"], tie(event_id, key))
    )
    return {key: told[key] | {"priority_rank": rank} for rank, key in enumerate(order, start=1)}


def has_point(family: Row) -> bool:
    return family["latitude"] is not None


def point_of(family: Row) -> Point:
    return Point(float(family["longitude"]), float(family["latitude"]))


def tie(event_id: str, key: Key) -> str:
    return hashlib.md5("|".join([event_id, *map(str, key)]).encode(), usedforsecurity=False).hexdigest()


def weighed(as_of: date, family: Row, match: str, members: list[Row], shared: int) -> Row:
    counts = Counter(person["status"] for person in members)
    alive = [person for person in members if person["status"] != "dead"]
    vulnerable = {name: sum(person[flag] for person in alive) for flag, name in VULNERABILITIES.items()}
    kinds = sum(count > 0 for count in vulnerable.values())
    in_footprint = match in ("polygon", "area")
    harm = 10 if counts["recovered"] else 5
    harm = 20 if in_footprint else harm
    harm = 30 if counts["suspected"] else harm
    harm = 50 if counts["confirmed"] or counts["dead"] else harm
    decile = family["decile_family_province"]
    living = family["resident_persons"] - counts["dead"]
    affected = sum(counts[status] for status in STATUSES)
    return {
        "footprint_match": match,
        "in_footprint": in_footprint,
        "is_hit": in_footprint or affected > 0,
        "affected_persons": affected,
        **{f"{status}_persons": counts[status] for status in STATUSES},
        "shared_nik_persons": shared,
        "resident_persons": family["resident_persons"],
        "living_persons": living,
        **vulnerable,
        "vulnerability_kinds": kinds,
        "decile_family_province": decile,
        "is_held": family["is_held"],
        "staleness_days": max((as_of - family["field_day"]).days, 0),
        "priority_points": harm + 5 * kinds + (2 * (11 - decile) if decile else 11) if living > 0 else 0,
    }


EVENTS = ("flood-01", "hole", "two_parts", "quake", "swapped", "nothing", "outbreak")


@pytest.mark.parametrize("event_id", EVENTS)
def test_families_agree_with_the_second_reading_to_the_last_row(built: Built, event_id: str) -> None:
    mine = read_again(built, event_id)
    theirs = {key_of(row): row for row in built.of("shock_affected_family", event_id)}
    assert len(theirs) == len(built.of("shock_affected_family", event_id))
    columns = list(next(iter(mine.values()))) if mine else []
    assert {key: {column: row[column] for column in columns} for key, row in theirs.items()} == mine


@pytest.mark.parametrize("event_id", EVENTS)
def test_the_caseload_agrees_with_the_second_reading_to_the_last_row(built: Built, event_id: str) -> None:
    mine = caseload_again(built, event_id)
    theirs = {(r["area_level"], r["area_code"], r["decile"]): r for r in built.of("shock_caseload", event_id)}
    assert set(theirs) == set(mine)
    for place, counts in mine.items():
        assert {name: theirs[place][name] for name in counts} == counts, place


def caseload_again(built: Built, event_id: str) -> dict[tuple[str, str, str], Row]:
    event = json.loads((built.landing / "events" / event_id / "event.json").read_text())
    told = read_again(built, event_id)
    register = built.marts["family_register"]
    on_file = Counter(family["idsubsls"] for family in register)
    located = {family["idsubsls"] for family in register if has_point(family)}
    residents = sum(family["resident_persons"] for family in register)
    named = tuple(event.get("areas") or ["none"])
    cells: dict[tuple[str, str, str], list[Row]] = {("province", "35", "all"): []}
    for key, row in told.items():
        put(cells, key[0], str(row["decile_family_province"] or "unranked"), row)
    for area in built.marts["area"]:
        code = area["area_code"]
        spared = event.get("footprint") and code in located
        hit = any(key[0] == code and row["in_footprint"] for key, row in told.items())
        if area["area_level"] == "sub_sls" and (hit or (code.startswith(named) and not spared)):
            unvisited = max(area["expected_families"] - on_file[code], 0)
            persons = -(-unvisited * residents // len(register))
            put(cells, code, "unranked" if unvisited else None, {"unvisited": unvisited, "unvisited_persons": persons})
    return {place: counted(rows) for place, rows in cells.items()}


def put(cells: dict[tuple[str, str, str], list[Row]], idsubsls: str, decile: str | None, row: Row) -> None:
    for level, digits in LEVELS.items():
        for shown in {"all", decile} - {None}:
            cells.setdefault((level, idsubsls[:digits], shown), []).append(row)


def counted(rows: list[Row]) -> Row:
    families = [row for row in rows if "unvisited" not in row]
    hit = [row for row in families if row["is_hit"]]
    unlocated = [row for row in families if not row["is_hit"]]
    low = [row for row in hit if not row["is_held"]]
    footprint = [row for row in families if row["in_footprint"]]
    unvisited = sum(row.get("unvisited", 0) for row in rows)
    unvisited_persons = sum(row.get("unvisited_persons", 0) for row in rows)
    return {
        "footprint_families": len(footprint),
        "footprint_persons": persons_of(footprint),
        "affected_families": sum(row["affected_persons"] > 0 for row in families),
        "hit_families": len(hit),
        "hit_persons": persons_of(hit),
        **{f"{status}_persons": sum(row[f"{status}_persons"] for row in families) for status in STATUSES},
        **{name: sum(row[name] for row in hit) for name in VULNERABILITIES.values()},
        "unlocated_families": len(unlocated),
        "unvisited_families": unvisited,
        "unvisited_persons": unvisited_persons,
        "families_low": len(low),
        "persons_low": persons_of(low),
        "families_high": len(hit) + len(unlocated) + unvisited,
        "persons_high": persons_of(hit) + persons_of(unlocated) + unvisited_persons,
        "staleness_median_days": median(row["staleness_days"] for row in hit) if hit else None,
        "staleness_max_days": max((row["staleness_days"] for row in hit), default=None),
    }


def persons_of(families: list[Row]) -> int:
    return sum(row["resident_persons"] for row in families)


# What must be seen -------------------------------------------------------------------------------------------------


def test_the_events_reach_every_kind_of_family(built: Built) -> None:
    families = built.marts["shock_affected_family"]
    assert {row["footprint_match"] for row in families} == {"polygon", "area", "unlocated", "outside"}
    assert {row["is_held"] for row in families} == {True, False}
    assert any(row["dead_persons"] and row["resident_persons"] for row in families), "listed dead, yet enumerated"
    assert any(row["decile_family_province"] is None for row in families)


def test_a_hole_is_outside_and_a_second_part_is_inside(built: Built) -> None:
    inside = {e: {key_of(r) for r in built.of("shock_affected_family", e) if r["footprint_match"] == "polygon"}
              for e in ("flood-01", "hole", "two_parts")}  # fmt: skip
    assert set() < inside["hole"] < inside["flood-01"]
    assert set() < inside["two_parts"] <= inside["flood-01"]


def test_every_row_of_a_list_is_matched_or_said_to_be_unmatched(built: Built) -> None:
    assert sorted((r["row_number"], r["reason"]) for r in built.of("shock_unmatched_person", "quake")) == [
        (2, "repeated"), (4, "unknown_nik"), (5, "invalid_nik")
    ]  # fmt: skip
    borne = {person["nik"] for person in built.marts["person_register"]}
    for event_id in EVENTS:
        rows = len(affected_csv(built.landing, event_id)) - 1
        matched = sum(nik in borne for nik in standing(built.landing, event_id))
        assert rows == matched + len(built.of("shock_unmatched_person", event_id)), event_id
        [total] = [
            r for r in built.of("shock_caseload", event_id) if (r["area_level"], r["decile"]) == ("province", "all")
        ]
        repeated = [r for r in built.of("shock_unmatched_person", event_id) if r["reason"] == "repeated"]
        assert total["listed_persons"] == rows - len(repeated)
        assert total["unmatched_persons"] == len(built.of("shock_unmatched_person", event_id)) - len(repeated)


def test_findings_name_what_is_wrong_and_an_event_left_out_has_nothing_else(built: Built) -> None:
    found = {(r["event_id"], r["reason"], r["outcome"], r["first_row_number"]) for r in built.marts["shock_finding"]}
    assert found == {
        ("broken", "NOT_JSON", "event_left_out", None), ("nothing", "EMPTY_EVENT", "kept", None),
        ("quake", "UNKNOWN_AREA", "kept", 2), ("swapped", "FOOTPRINT_WITHOUT_FAMILIES", "kept", None),
    }  # fmt: skip
    assert built.of("shock_caseload", "broken") == []
    assert built.of("shock_affected_family", "nothing") == []


def test_an_event_re_sent_says_what_its_newest_content_says(built: Built) -> None:
    families = built.of("shock_affected_family", "outbreak")
    assert {row["footprint_match"] for row in families} == {"outside"}
    assert 0 < sum(row["affected_persons"] for row in families) <= 5


def test_the_registers_hold_every_enumerated_winner_and_every_resident(built: Built) -> None:
    with opened(built.configured.warehouse, read_only=True) as connection:
        [(winners, persons)] = connection.execute(
            "select count(*), sum(resident_persons) from intermediate.int_documents__winners where is_enumerated"
        ).fetchall()
    assert len(built.marts["family_register"]) == winners
    assert len(built.marts["person_register"]) == persons
    residents = Counter(key_of(person) for person in built.marts["person_register"])
    assert all(residents[key_of(f)] == f["resident_persons"] for f in built.marts["family_register"])


# Points and polygons -----------------------------------------------------------------------------------------------

CENTRE = (112.63, -7.97)


@pytest.fixture(scope="module")
def located(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models' own SQL over relations in memory: ask ``inside`` after filling ``points`` and ``edges``."""
    transform.parse(built.configured)
    manifest = json.loads(transform.manifest_path(built.configured.scratch).read_text())
    code = {node["name"]: node.get("compiled_code") for node in manifest["nodes"].values()}
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as regsosek")
    connection.execute(f"attach '{built.configured.warehouse}' as built (read_only)")
    for relation in ("intermediate.int_events__areas", "intermediate.int_events__listed", "marts.person_register",
                     "intermediate.int_events__current", "marts.family_register", "marts.area"):  # fmt: skip
        schema, name = relation.split(".")
        connection.execute(f"create schema if not exists regsosek.{schema}")
        connection.execute(f"create table regsosek.{schema}.{name} as select * from built.{schema}.{name} limit 0")
    numbers = ", ".join(f"{number}_number integer" for number in ("polygon", "ring", "edge"))
    connection.execute(
        "create schema regsosek.staging; create table regsosek.staging.stg_events__edges "
        f"(event_id varchar, {numbers}, lon1 double, lat1 double, lon2 double, lat2 double)"
    )
    connection.execute(
        "insert into regsosek.intermediate.int_events__current (event_id, has_footprint) values ('x', true)"
    )
    connection.execute(f"create view regsosek.intermediate.int_events__sides as {code['int_events__sides']}")
    connection.execute(f"create view regsosek.marts.inside as {code['shock_affected_family']}")
    yield connection
    connection.close()


def star(centre: tuple[float, float], radii: list[float]) -> list[tuple[float, float]]:
    """A ring around a centre with one corner a direction: simple, and as jagged as its radii."""
    turn = 2 * math.pi / len(radii)
    ring = [(centre[0] + r * math.cos(n * turn), centre[1] + r * math.sin(n * turn)) for n, r in enumerate(radii)]
    return [*ring, ring[0]]


RADII = st.lists(st.floats(0.01, 0.09), min_size=3, max_size=12)
POINTS = st.lists(st.tuples(st.integers(-120_000, 320_000), st.integers(-120_000, 120_000)), min_size=1, max_size=40)


@given(radii=RADII, second=RADII, corner=st.integers(0, 11), points=POINTS, has_hole=st.booleans())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_point_is_inside_where_shapely_says_so(
    located: duckdb.DuckDBPyConnection, radii: list[float], second: list[float], corner: int,
    points: list[tuple[int, int]], has_hole: bool,
) -> None:  # fmt: skip
    rings = [star(CENTRE, radii)] + ([star(CENTRE, [r / 2 for r in radii])] if has_hole else [])
    parts = [rings, [star((CENTRE[0] + 0.2, CENTRE[1]), second)]]
    fence = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in parts])
    # Whole millionths of a degree, as the register holds them; one level with a corner, where a ray meets two sides.
    places = {(CENTRE[0] + x / 1e6, CENTRE[1] + y / 1e6) for x, y in points}
    places.add((CENTRE[0], rings[0][corner % len(radii)][1]))
    places = {(round(x, 6), round(y, 6)) for x, y in places}
    told = inside(located, parts, sorted(places))
    for number, place in enumerate(sorted(places), start=1):
        if fence.boundary.distance(Point(place)) > 1e-9:
            assert (number in told) == fence.contains(Point(place)), place


def inside(connection: duckdb.DuckDBPyConnection, parts: list[list[list]], places: list[tuple]) -> set[int]:
    connection.execute("delete from regsosek.staging.stg_events__edges; delete from regsosek.marts.family_register")
    edges = [
        ("x", polygon, ring, number, *start, *end)
        for polygon, rings in enumerate(parts, start=1)
        for ring, corners in enumerate(rings, start=1)
        for number, (start, end) in enumerate(pairwise(corners), start=1)
    ]
    connection.executemany("insert into regsosek.staging.stg_events__edges values (?, ?, ?, ?, ?, ?, ?, ?)", edges)
    families = [(number, *place) for number, place in enumerate(places, start=1)]
    connection.executemany(
        "insert into regsosek.marts.family_register (idsubsls, building_number, family_number, longitude, latitude) "
        "values ('3573010001000100', 1, ?, ?, ?)",
        families,
    )
    found = connection.execute("select family_number from regsosek.marts.inside where footprint_match = 'polygon'")
    return {number for (number,) in found.fetchall()}
