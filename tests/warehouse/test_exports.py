"""Exports go through the door that bundles go through: equal rows in raw, equal fates, and a day sees both."""

import datetime
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from include.contract import FAMILY_COLUMNS, PERSON_COLUMNS
from include.intake.exports.mapping_file import PACKAGED, MappingError
from include.intake.landing import LandingError, open_landing
from include.intake.pending import pending_days, take_in_pending
from include.intake.uploads import take_in_uploads
from include.settings import Settings
from tests.builders import DAY, ENUMERATOR, LandingZone, family, person
from tests.field_tools import TOOLS, Files
from tests.pipeline import build_marts, rows
from tests.unit.test_exports_tools import FAMILIES, PERSONS, expected_families

pytestmark = pytest.mark.core

NEXT_DAY = "2022-10-17"


def export(zone: LandingZone, mapping_id: str, files: Files, day: str = DAY) -> None:
    for name, content in files.items():
        zone.write(f"exports/{day}/{mapping_id}/{name}", content)


def as_bundle(zone: LandingZone, mapping_id: str, day: str = DAY) -> None:
    """Send as a bundle what the tool's export says."""
    families = expected_families(mapping_id, FAMILIES)
    id_of = {f["submission_id"]: said["submission_id"] for f, said in zip(FAMILIES, families, strict=True)}
    zone.send(families, [p | {"submission_id": id_of[p["submission_id"]]} for p in PERSONS], day=day)


def raw_rows(raw: Path, table: str, columns: tuple[str, ...]) -> list[tuple]:
    wanted = ", ".join(("arrival_day", "row_number", "form_version", "unknown_columns", *columns))
    return duckdb.sql(f"select {wanted} from read_parquet('{raw}/uploads/*/{table}.parquet') order by all").fetchall()


@pytest.mark.parametrize("mapping_id", TOOLS)
def test_an_export_and_a_bundle_of_the_same_families_give_equal_raw_rows(tmp_path: Path, mapping_id: str) -> None:
    found = []
    for way in ("bundle", "export"):
        zone = LandingZone(tmp_path / way / "landing")
        if way == "bundle":
            as_bundle(zone, mapping_id)
        else:
            export(zone, mapping_id, TOOLS[mapping_id](FAMILIES, PERSONS))
        take_in_uploads(open_landing(str(zone.root)), DAY, tmp_path / way / "raw")
        raw = tmp_path / way / "raw"
        found.append((raw_rows(raw, "documents", FAMILY_COLUMNS), raw_rows(raw, "persons", PERSON_COLUMNS)))
    assert found[0] == found[1]
    assert [len(table) for table in found[0]] == [2, 3]


def test_any_order_of_days_and_any_repetition_give_the_same_bytes(zone: LandingZone, tmp_path: Path) -> None:
    for mapping_id, tool in TOOLS.items():
        export(zone, mapping_id, tool(FAMILIES, PERSONS))
        export(zone, mapping_id, tool(FAMILIES[:1], PERSONS[:2]), NEXT_DAY)
    landing = open_landing(str(zone.root))
    found = []
    for days in ((DAY, NEXT_DAY), (NEXT_DAY, DAY, NEXT_DAY)):
        raw = tmp_path / f"raw-{len(days)}"
        for day in days:
            take_in_uploads(landing, day, raw)
        found.append({p.relative_to(raw): p.read_bytes() for p in sorted(raw.rglob("*")) if p.is_file()})
    assert found[0] == found[1]
    assert len(found[0]) == 10


def test_fates_do_not_depend_on_the_door(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    """Each tool's families, sent on one day as bundles and on the other way as exports, and once more a day later."""
    fates = []
    for way in ("bundles", "exports"):
        configured = pointed_at(tmp_path / way)
        zone = LandingZone(Path(configured.landing)).with_frame()
        for number, mapping_id in enumerate(TOOLS):
            families = [family(10 * number + n, notes="x") for n in (1, 2)]
            persons = [person(10 * number + n) for n in (1, 2)]
            for day in (DAY, NEXT_DAY):
                if way == "exports":
                    export(zone, mapping_id, TOOLS[mapping_id](families, persons), day)
                    continue
                said = expected_families(mapping_id, families)
                people = [p | {"submission_id": f["submission_id"]} for p, f in zip(persons, said, strict=True)]
                zone.send(said, people, day=DAY, arrival=day, sequence=number + 1)
        build_marts(configured, NEXT_DAY)
        bundles = "select arrival_day, outcome, reason, count(*) from intermediate.int_bundles__fate group by all"
        documents = "select arrival_day, document_id, outcome, reason from intermediate.int_documents__fate"
        accounting = "select * from marts.upload_accounting where unit_level <> 'bundle'"  # whose code is its name
        fates.append([rows(f"{query} order by all") for query in (bundles, documents, accounting)])
    assert fates[0] == fates[1]
    days = [datetime.date.fromisoformat(day) for day in (DAY, NEXT_DAY)]
    assert fates[1][0] == [(days[0], "accepted", None, 8), (days[1], "duplicate", None, 8)]
    assert {row[2] for row in fates[1][1]} == {"accepted"}


def test_an_export_by_a_stranger_is_rejected_as_a_strangers(zone: LandingZone, here: Settings) -> None:
    export(zone, "surveycto_long_k", TOOLS["surveycto_long_k"]([family(1, r202="P35739999")], [person(1)]))
    build_marts(here, DAY)
    found = rows("select bundle_name, outcome, reason from intermediate.int_bundles__fate")
    assert found == [("exports/surveycto_long_k/P35739999", "rejected", "UNKNOWN_ENUMERATOR")]


def test_a_broken_export_is_in_the_ledger_and_the_days_bundles_are_loaded(zone: LandingZone, here: Settings) -> None:
    zone.send([family(1)])
    export(zone, "stata_k", {"keluarga.dta": b"rusak", "anggota.dta": b"rusak"})
    build_marts(here, DAY)
    found = rows("select bundle_name, outcome, reason from intermediate.int_bundles__fate order by 1")
    assert found == [
        (f"3573_{ENUMERATOR}_20221016_01.zip", "accepted", None),
        ("exports/stata_k", "rejected", "NOT_A_ZIP"),
    ]


def test_a_day_with_exports_only_is_a_day_and_a_late_export_makes_it_pending(zone: LandingZone, here: Settings) -> None:
    landing = open_landing(here.landing)
    files = TOOLS["odk_central_k"](FAMILIES, PERSONS)
    export(zone, "odk_central_k", files)
    assert pending_days(landing, here.raw, NEXT_DAY) == [DAY]
    assert take_in_pending(landing, here.raw, NEXT_DAY) == {"days": 1, "bundles": 1, "days_taken_in_again": []}
    assert pending_days(landing, here.raw, NEXT_DAY) == []
    zone.write(f"exports/{DAY}/odk_central_k/.listing", b"hidden")
    assert pending_days(landing, here.raw, NEXT_DAY) == []
    export(zone, "kobotoolbox_k", TOOLS["kobotoolbox_k"](FAMILIES, PERSONS))
    assert pending_days(landing, here.raw, NEXT_DAY) == [DAY]
    assert take_in_pending(landing, here.raw, NEXT_DAY) == {"days": 1, "bundles": 2, "days_taken_in_again": [DAY]}


def test_a_changed_mapping_makes_its_days_pending_and_no_others(
    zone: LandingZone, here: Settings, tmp_path: Path
) -> None:
    mappings = tmp_path / "mappings"
    mappings.mkdir()
    text = (PACKAGED / "odk_central_k.yaml").read_text(encoding="utf-8")
    (mappings / "odk_central_k.yaml").write_text(text, encoding="utf-8")
    landing = open_landing(here.landing)
    export(zone, "odk_central_k", TOOLS["odk_central_k"](FAMILIES, PERSONS))
    zone.send([family(9)], day=NEXT_DAY)
    take_in_pending(landing, here.raw, NEXT_DAY, mappings)
    assert pending_days(landing, here.raw, NEXT_DAY, mappings) == []
    (mappings / "odk_central_k.yaml").write_text(text + "# revised\n", encoding="utf-8")
    assert pending_days(landing, here.raw, NEXT_DAY, mappings) == [DAY]


def test_a_mapping_that_does_not_validate_stops_the_day_and_leaves_no_partition(
    zone: LandingZone, here: Settings, tmp_path: Path
) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "odk_central_k.yaml").write_text("id: odk_central_k\n", encoding="utf-8")
    export(zone, "odk_central_k", TOOLS["odk_central_k"](FAMILIES, PERSONS))
    with pytest.raises(MappingError, match=r"odk_central_k.yaml: tool: Field required"):
        take_in_uploads(open_landing(here.landing), DAY, here.raw, tmp_path / "mappings")
    assert not list((here.raw / "uploads").glob("*"))


def test_a_misnamed_folder_of_exports_is_an_error_that_says_how_to_rename_it(zone: LandingZone, here: Settings) -> None:
    zone.write("exports/hari ini/odk_central_k/x.csv", b"")
    with pytest.raises(LandingError, match="exports/hari ini: rename it to YYYY-MM-DD"):
        pending_days(open_landing(here.landing), here.raw, NEXT_DAY)


def test_nested_folders_are_listed_through_any_filesystem() -> None:
    landing = open_landing("memory://")
    landing.files.pipe_file(f"/exports/{DAY}/stata_k/data/keluarga.dta", b"x")
    landing.files.pipe_file(f"/exports/{DAY}/stata_k/anggota.dta", b"y")
    found = landing.tree("exports", DAY)
    assert [(file.name, file.size) for file in found] == [("stata_k/anggota.dta", 1), ("stata_k/data/keluarga.dta", 1)]
    assert [landing.read(file) for file in found] == [b"y", b"x"]
