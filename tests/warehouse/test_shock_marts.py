"""Shock marts against a second reading in plain Python and Shapely, over one simulated province and its events."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon

from include import transform
from include.intake.events import take_in_pending_events
from include.intake.landing import open_landing
from include.settings import Settings
from include.simulation import Plan, simulate
from include.warehouse import opened
from tests.builders import LandingZone, keys_file
from tests.oracle.caseload import caseload
from tests.oracle.compare import differences
from tests.oracle.events import read_event, unmatched
from tests.oracle.registers import Register, key_of
from tests.oracle.shock import affected_families
from tests.pipeline import build_marts

PLAN = {"enumerators": 24, "days": 3, "seed": 11, "headquarters": "frame", "defects": True, "processes": 1}
UNKNOWN_NIK, UNKNOWN_AREA = "3573015001809999", "9999"

Row = dict[str, Any]


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


# The second reading: tests/oracle/shock.py, over the registers as the warehouse shows them ---------------------------

EVENTS = ("flood-01", "hole", "two_parts", "quake", "swapped", "nothing", "outbreak")


@pytest.fixture(scope="module")
def register(built: Built) -> Register:
    families = {key_of(row): row for row in built.marts["family_register"]}
    sub_sls = [row for row in built.marts["area"] if row["area_level"] == "sub_sls"]
    expected = {row["area_code"]: row["expected_families"] for row in sub_sls}
    return Register(families, built.marts["person_register"], expected, built.as_of)


@pytest.mark.parametrize("event_id", EVENTS)
def test_an_event_agrees_with_the_second_reading_to_the_last_row(
    built: Built, register: Register, event_id: str
) -> None:
    event = read_event(built.landing, event_id)
    affected = affected_families(register, event)
    for mart, mine, key in (
        ("shock_affected_family", affected, ("idsubsls", "building_number", "family_number")),
        ("shock_unmatched_person", unmatched(register, event), ("row_number",)),
        ("shock_caseload", caseload(register, event, affected), ("area_level", "area_code", "decile")),
    ):
        assert differences(mine, built.of(mart, event_id), *key) == []


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
        matched = sum(nik in borne for nik in read_event(built.landing, event_id).status_of)
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
