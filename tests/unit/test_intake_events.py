"""Events from the landing zone to raw: a fault leaves out that event or that row alone, and is said without a value."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.intake import events
from include.intake.events import pending_events, take_in_event, take_in_pending_events
from include.intake.landing import open_landing
from include.intake.raw_schema import EVENT_TABLES
from include.intake.raw_store import partitions
from include.settings import PROJECT, Settings
from tests.builders import DESA, LandingZone, csv_bytes

NIK = "3573015001809001"
SQUARE = [[112.6, -8.0], [112.7, -8.0], [112.7, -7.9], [112.6, -7.9], [112.6, -8.0]]
HOLE = [[112.62, -7.98], [112.64, -7.98], [112.64, -7.96], [112.62, -7.98]]
NAN = b'{"event_id": "flood", "type": NaN, "name": "x", "started_on": "2022-10-16"}'
TWICE = b'{"event_id": "flood", "event_id": "flood", "type": "x", "name": "x", "started_on": "2022-10-16"}'


@pytest.fixture
def landing_zone(here: Settings) -> LandingZone:
    Path(here.landing).mkdir()
    return LandingZone(Path(here.landing))


def row(nik: str = NIK, status: str = "confirmed", status_date: str = "2022-10-17") -> dict[str, str]:
    return {"nik": nik, "status": status, "status_date": status_date}


def taken_in(here: Settings, event_id: str = "flood") -> dict[str, list[tuple]]:
    """The tables of an event's partition, without its id."""
    take_in_event(open_landing(here.landing), event_id, here.raw)
    home = here.raw / "events" / event_id
    return {
        table: duckdb.sql(f"select * exclude (event_id) from read_parquet('{home / table}.parquet')").fetchall()
        for table in EVENT_TABLES
    }


def finding(here: Settings) -> tuple:
    """The one finding of an event that is left out."""
    tables = taken_in(here)
    assert [table for table, rows in tables.items() if rows] == ["event_findings"]
    [(_, *found)] = tables["event_findings"]
    return tuple(found)


def polygon(*rings: list, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": kind, "coordinates": list(rings)}


def test_an_event_lands_whole(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.shock(areas=[DESA, " 3573 "], footprint=polygon(SQUARE, HOLE), affected=[row(), row(nik=f" {NIK} ")])
    tables = taken_in(here)
    [(kind, name, started_on, digest)] = tables["events"]
    assert (kind, name, started_on, len(digest)) == ("flood", "Banjir Uji", "2022-10-16", 64)
    assert tables["event_areas"] == [(1, DESA), (2, "3573")]
    assert tables["event_affected"] == [(n, NIK, "confirmed", "2022-10-17") for n in (1, 2)]
    assert [edge[:3] for edge in tables["event_edges"]] == [(1, 1, n) for n in range(1, 5)] + [
        (1, 2, n) for n in range(1, 4)
    ]
    assert tables["event_edges"][0][3:] == (112.6, -8.0, 112.7, -8.0)
    assert tables["event_findings"] == []


def test_every_polygon_of_a_multipolygon_lands_under_its_number(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.shock(footprint=polygon([SQUARE, HOLE], [HOLE], kind="MultiPolygon"))
    edges = taken_in(here)["event_edges"]
    assert {edge[:2] for edge in edges} == {(1, 1), (1, 2), (2, 1)}


def test_a_height_beside_longitude_and_latitude_is_passed_over(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.shock(footprint=polygon([[*point, 12.5] for point in SQUARE]))
    assert taken_in(here)["event_edges"][0][3:] == (112.6, -8.0, 112.7, -8.0)


BAD_EVENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "an empty key": ({"name": ""}, "MISSING_KEY", "name"),
    "missing keys": ({"type": None, "started_on": None}, "MISSING_KEY", "type, started_on"),
    "another id": ({"event_id": "quake"}, "ID_MISMATCH", "event_id is not the folder's name"),
    "a number as name": ({"name": 7}, "BAD_VALUE", "name is no text of up to 200 letters"),
    "a long name": ({"name": "x" * 201}, "BAD_VALUE", "name is no text of up to 200 letters"),
    "no day": ({"started_on": "2022-02-30"}, "BAD_VALUE", "started_on is no day YYYY-MM-DD"),
    "a day of another form": ({"started_on": "20221016"}, "BAD_VALUE", "started_on is no day YYYY-MM-DD"),
    "areas as text": ({"areas": DESA}, "BAD_VALUE", "areas is no list of BPS codes"),
    "a code as number": ({"areas": [DESA, 3573]}, "BAD_VALUE", "areas, item 2: a BPS code is a text of digits"),
    "a blank code": ({"areas": [DESA, " "]}, "BAD_VALUE", "areas, item 2: a BPS code is a text of digits"),
    "a point": ({"footprint": {"type": "Point", "coordinates": [112.6, -8]}}, "NOT_A_POLYGON",
                "footprint is no GeoJSON Polygon or MultiPolygon"),
    "a footprint as text": ({"footprint": "everywhere"}, "NOT_A_POLYGON",
                            "footprint is no GeoJSON Polygon or MultiPolygon"),
    "a type that is no text": ({"footprint": {"type": ["Polygon"], "coordinates": [SQUARE]}}, "NOT_A_POLYGON",
                               "footprint is no GeoJSON Polygon or MultiPolygon"),
    "no rings": ({"footprint": polygon()}, "NOT_A_POLYGON", "polygon 1 is no list of rings"),
    "a ring of nothing": ({"footprint": polygon([])}, "BAD_RING", "polygon 1, ring 1: fewer than 4 points"),
    "too few points": ({"footprint": polygon([*SQUARE[:2], SQUARE[0]])}, "BAD_RING",
                       "polygon 1, ring 1: fewer than 4 points"),
    "an open ring": ({"footprint": polygon(SQUARE, [*HOLE[:3], SQUARE[0]])}, "BAD_RING",
                     "polygon 1, ring 2: its last point is not its first"),
    "latitude first": ({"footprint": polygon([[y, x] for x, y in SQUARE])}, "BAD_COORDINATE",
                       "polygon 1, ring 1, point 1: no [longitude, latitude] within 180 and 90 degrees"),
    "a text as number": ({"footprint": polygon([*SQUARE[:4], ["112.6", -8.0]])}, "BAD_COORDINATE",
                         "polygon 1, ring 1, point 5: no [longitude, latitude] within 180 and 90 degrees"),
    "a number beyond all": ({"footprint": polygon([[10**400, 0], *SQUARE])}, "BAD_COORDINATE",
                            "polygon 1, ring 1, point 1: no [longitude, latitude] within 180 and 90 degrees"),
    "too many corners": ({"footprint": polygon([[112.6, -8.0]] * 20_002)}, "TOO_LARGE",
                         "footprint of more than 20000 corners"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_EVENTS)
def test_a_bad_event_is_left_out_with_its_reason(landing_zone: LandingZone, here: Settings, fault: str) -> None:
    changes, reason, detail = BAD_EVENTS[fault]
    said = {"event_id": "flood", "type": "flood", "name": "x", "started_on": "2022-10-16", "areas": [DESA]} | changes
    content = json.dumps({key: value for key, value in said.items() if value is not None})
    landing_zone.write("events/flood/event.json", content.encode())
    landing_zone.write("events/flood/affected.csv", csv_bytes([row()], ("nik", "status", "status_date")))
    assert finding(here) == (reason, "event.json", None, detail)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, NAN, TWICE, b'"\\ud800"'])
def test_what_is_no_json_object_is_left_out(landing_zone: LandingZone, here: Settings, content: bytes) -> None:
    landing_zone.write("events/flood/event.json", content)
    assert finding(here)[:3] == ("NOT_JSON", "event.json", None)


BAD_LISTS = {
    "another encoding": (b"nik,status,status_date\n\xff,confirmed,\n", ("BAD_ENCODING", None, "not UTF-8")),
    "no header": (b"", ("MISSING_COLUMN", None, "nik, status, status_date")),
    "a missing column": (b"nik,status\n", ("MISSING_COLUMN", None, "status_date")),
    "a column twice": (b"nik,status,status_date,nik\n", ("BAD_CSV", None, "a header name stands twice")),
    "an open quote": (b'nik,status,status_date\n"1,confirmed,\n', ("BAD_CSV", 1, "unexpected end of data")),
}


@pytest.mark.parametrize("fault", BAD_LISTS)
def test_an_event_whose_list_cannot_be_read_is_left_out(landing_zone: LandingZone, here: Settings, fault: str) -> None:
    content, (reason, row_number, detail) = BAD_LISTS[fault]
    landing_zone.shock()
    landing_zone.write("events/flood/affected.csv", content)
    assert finding(here) == (reason, "affected.csv", row_number, detail)


def test_a_bad_row_is_left_out_alone_and_no_value_is_said(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.shock()
    lines = ["\ufeffstatus,note,nik,status_date", f"confirmed,x,{NIK},2022-10-17", f"confirmed,{NIK}", "",
             f"ill,x,{NIK},2022-10-17", f"dead,x,{NIK},17/10/2022", "suspected,x,,2022-10-17"]  # fmt: skip
    landing_zone.write("events/flood/affected.csv", "\r\n".join(lines).encode())
    tables = taken_in(here)
    assert tables["event_affected"] == [
        (1, NIK, "confirmed", "2022-10-17"), (4, NIK, "dead", "17/10/2022"), (5, None, "suspected", "2022-10-17")
    ]  # fmt: skip
    assert [found[1:4] for found in tables["event_findings"]] == [
        ("BAD_ROW", "affected.csv", 2), ("UNKNOWN_STATUS", "affected.csv", 3), ("BAD_STATUS_DATE", "affected.csv", 4)
    ]  # fmt: skip
    assert len(tables["events"]) == 1
    assert NIK not in str(tables["event_findings"])


@pytest.mark.parametrize(("member", "limit"), [("event.json", "8 MiB"), ("affected.csv", "64 MiB")])
def test_a_file_beyond_its_limit_is_left_out(
    landing_zone: LandingZone, here: Settings, monkeypatch: pytest.MonkeyPatch, member: str, limit: str
) -> None:
    landing_zone.shock(affected=[row()])
    whole = len((landing_zone.root / "events" / "flood" / member).read_bytes())
    monkeypatch.setitem(events._BYTES_MAX, member, whole)
    assert taken_in(here)["events"], "as large as it may be"
    monkeypatch.undo()
    landing_zone.write(f"events/flood/{member}", b" " * (events._BYTES_MAX[member] + 1))
    assert finding(here) == ("TOO_LARGE", member, None, f"more than {limit}")


def test_a_folder_without_its_event_or_with_another_name_is_left_out(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.write("events/flood/affected.csv", csv_bytes([row()], ("nik", "status", "status_date")))
    assert finding(here)[:2] == ("NO_EVENT_FILE", "event.json")
    landing_zone.shock("a flood")
    [(_, reason, *_)] = taken_in(here, "a flood")["event_findings"]
    assert reason == "BAD_EVENT_ID"


def test_an_event_that_names_nothing_stays_and_says_so(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.shock(areas=None)
    tables = taken_in(here)
    assert len(tables["events"]) == 1
    assert tables["event_findings"][0][1] == "EMPTY_EVENT"
    landing_zone.shock(areas=None, affected=[])
    assert taken_in(here)["event_findings"] == []


def test_a_bad_event_stops_no_other(landing_zone: LandingZone, here: Settings) -> None:
    landing_zone.shock()
    landing_zone.write("events/broken/event.json", b"{")
    assert take_in_pending_events(open_landing(here.landing), here.raw) == {"events": 2, "events_rejected": 1}
    assert set(partitions(here.raw, "events")) == {"broken", "flood"}


def test_an_event_is_pending_until_taken_in_again_when_re_sent_and_gone_with_its_folder(
    landing_zone: LandingZone, here: Settings
) -> None:
    landing = open_landing(here.landing)
    landing_zone.shock(affected=[row(), row(status="dead")])
    landing_zone.write("events/flood/photo.jpg", b"not of the contract")
    landing_zone.write("events/notes/readme.txt", b"no event")
    assert pending_events(landing, here.raw) == ["flood"]
    take_in_pending_events(landing, here.raw)
    before = partitions(here.raw, "events")["flood"].inputs_digest
    assert pending_events(landing, here.raw) == []
    landing_zone.shock(affected=[row(status="recovered")], name="Banjir Uji, diperbaiki")
    assert pending_events(landing, here.raw) == ["flood"]
    assert taken_in(here)["event_affected"] == [(1, NIK, "recovered", "2022-10-17")]
    assert partitions(here.raw, "events")["flood"].inputs_digest != before
    shutil.rmtree(landing_zone.root / "events" / "flood")
    assert take_in_pending_events(landing, here.raw) == {"events": 0, "events_rejected": 0}
    assert partitions(here.raw, "events") == {}


def test_a_kill_while_an_event_is_taken_in_leaves_the_old_one(
    landing_zone: LandingZone, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing_zone.shock()
    before = taken_in(here)
    landing_zone.shock(name="Banjir lain")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(events, "write_note", killed)
    with pytest.raises(KeyboardInterrupt):
        take_in_event(open_landing(here.landing), "flood", here.raw)
    home = here.raw / "events" / "flood"
    assert duckdb.sql(f"select name from read_parquet('{home}/events.parquet')").fetchall() == [("Banjir Uji",)]
    assert before["events"][0][1] == "Banjir Uji"
    assert pending_events(open_landing(here.landing), here.raw) == ["flood"]


def test_every_reason_of_intake_has_its_words_and_its_place_in_the_docs() -> None:
    words = (PROJECT / "dbt_project" / "macros" / "event_reasons.sql").read_text()
    docs = (PROJECT / "docs" / "shock.md").read_text()
    reasons = {reason for _, reason, _ in BAD_EVENTS.values()} | {reason for _, (reason, *_) in BAD_LISTS.values()}
    reasons |= {"NOT_JSON", "NO_EVENT_FILE", "BAD_EVENT_ID", "EMPTY_EVENT", "BAD_ROW", "UNKNOWN_STATUS"}
    reasons |= {"BAD_STATUS_DATE", "TOO_LARGE"}
    assert len(reasons) == 17
    assert {reason for reason in reasons if f"('{reason}'," not in words or f"`{reason}`" not in docs} == set()
