"""What SQL makes of hostile bundles: the same first reasons, and what only the staff list and other bundles can say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from include.settings import Settings
from tests.builders import DAY, ENUMERATOR, NEIGHBOUR, SUPERVISOR, LandingZone, bundle_bytes, family, person
from tests.hostile.case import CANARIES, NAME, Case
from tests.hostile.manifests import MANIFESTS
from tests.hostile.members import MEMBERS
from tests.hostile.pairs import PAIRS
from tests.hostile.zips import ZIPS
from tests.pipeline import build_marts, rows

pytestmark = pytest.mark.core

AS_OF = "2022-10-20"
LEFT, JOINED = "P35730050", "P35730051"
REJECTED = {name: case for name, case in (ZIPS | MANIFESTS | MEMBERS | PAIRS).items() if case.reason}


def name_of(case: Case, number: int) -> str:
    """A name for each case: its own, under a kab/kota number of its own, which is no reason to reject."""
    return case.name.replace("3573", f"{number:04d}", 1)


def furnish(zone: LandingZone) -> None:
    """The hostile corpus on one day; then staff who leave and join on 17 October, and single scenarios."""
    for number, case in enumerate(REJECTED.values()):
        zone.write(f"uploads/{DAY}/{name_of(case, number)}", case.content)
    staff = [
        {"staff_id": e, "role": "PPL", "name": "UJI", "kab_code": "3573", "supervisor_id": SUPERVISOR}
        for e in (ENUMERATOR, NEIGHBOUR, LEFT, JOINED)
    ] + [{"staff_id": SUPERVISOR, "role": "PML", "name": "UJI", "kab_code": "3573", "supervisor_id": ""}]
    zone.with_frame(staff=[s for s in staff if s["staff_id"] != JOINED])
    zone.with_frame("2022-10-17", staff=[s for s in staff if s["staff_id"] != LEFT])
    zone.send([family(1)], enumerator=LEFT, day=DAY, arrival="2022-10-18")
    zone.send([family(2)], enumerator=LEFT, day="2022-10-18")
    zone.send([family(3)], enumerator=JOINED, day=DAY, arrival="2022-10-18")
    zone.send([family(4)], enumerator=JOINED, day="2022-10-18")
    zone.send([family(5)], enumerator=SUPERVISOR, day="2022-10-18")
    # The arrival day is the earlier one: who has left by the field day named was staff when the bundle arrived.
    zone.send([family(6)], enumerator=LEFT, day="2022-10-19", arrival=DAY, sequence=9)
    # Rejected for its name, so judged again; then accepted, and from then on a duplicate under whatever name.
    mended = bundle_bytes([family(7)])
    for day, name in (("2022-10-17", "salah.zip"), ("2022-10-18", f"3573_{ENUMERATOR}_20221016_70.zip")):
        zone.write(f"uploads/{day}/{name}", mended)
    zone.write("uploads/2022-10-19/salah.zip", mended)
    zone.write(f"uploads/2022-10-20/3501_{NEIGHBOUR}_20221101_70.zip", mended)
    zone.write(f"uploads/2022-10-18/3501_{ENUMERATOR}_20221018_71.zip", bundle_bytes([family(8)]))
    zone.send([family(9, r201="2022-10-19")], day="2022-10-18", sequence=72)
    zone.send([family(10, r107="JAL\0AN", r108="SITI UJI")], day="2022-10-18", sequence=73)
    zone.send([family(10, r107="JAL\0AN", r108="siti\u00a0uji")], day="2022-10-19", sequence=73)
    zone.send([family(11)], [person(11, 1), person(11, 1, r407="9"), person(12, 1)], day="2022-10-18", sequence=74)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def fates(built: Path, pointed_at: Callable[..., Settings]) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Outcome and reason of every bundle by arrival day and name; built once."""
    configured = pointed_at(built)
    if not configured.warehouse.exists():
        furnish(LandingZone(Path(configured.landing)))
        build_marts(configured, AS_OF)
    found = rows("select arrival_day, bundle_name, outcome, reason from intermediate.int_bundles__fate")
    return {(str(day), name): (outcome, reason) for day, name, outcome, reason in found}


def test_sql_gives_every_hostile_bundle_the_reason_that_its_case_names(fates: dict) -> None:
    found = {name: fates[DAY, name_of(case, number)] for number, (name, case) in enumerate(REJECTED.items())}
    assert len(found) > 350
    assert {name: fate for name, fate in found.items() if fate != ("rejected", REJECTED[name].reason)} == {}


def test_staff_count_on_the_earlier_of_field_day_and_arrival_day(fates: dict) -> None:
    unknown = ("rejected", "UNKNOWN_ENUMERATOR")
    assert fates["2022-10-18", f"3573_{LEFT}_20221016_01.zip"] == ("accepted", None)
    assert fates["2022-10-18", f"3573_{LEFT}_20221018_01.zip"] == unknown
    assert fates["2022-10-18", f"3573_{JOINED}_20221016_01.zip"] == unknown
    assert fates["2022-10-18", f"3573_{JOINED}_20221018_01.zip"] == ("accepted", None)
    assert fates[DAY, f"3573_{LEFT}_20221019_09.zip"] == ("rejected", "FUTURE_FIELD_DAY")


def test_a_supervisor_is_no_enumerator(fates: dict) -> None:
    assert fates["2022-10-18", f"3573_{SUPERVISOR}_20221018_01.zip"] == ("rejected", "UNKNOWN_ENUMERATOR")


def test_bytes_are_judged_again_until_accepted_and_then_are_duplicates_whatever_their_name(fates: dict) -> None:
    assert fates["2022-10-17", "salah.zip"] == ("rejected", "NAME_MISMATCH")
    assert fates["2022-10-18", f"3573_{ENUMERATOR}_20221016_70.zip"] == ("accepted", None)
    assert fates["2022-10-19", "salah.zip"] == ("duplicate", None)
    assert fates["2022-10-20", f"3501_{NEIGHBOUR}_20221101_70.zip"] == ("duplicate", None)


def test_a_foreign_kab_and_a_visit_after_arrival_are_warnings_of_accepted_bundles(fates: dict) -> None:
    warned = rows(
        "select bundle_name, warning, row_number, outcome from intermediate.int_bundles__warnings"
        " where arrival_day = '2022-10-18' order by 1"
    )
    assert warned == [
        (f"3501_{ENUMERATOR}_20221018_71.zip", "OTHER_KAB", None, "accepted"),
        (f"3573_{ENUMERATOR}_20221018_72.zip", "FUTURE_VISIT_DAY", 1, "accepted"),
    ]


def test_nothing_of_a_rejected_bundle_is_loaded(fates: dict) -> None:
    accepted = {place for place, (outcome, _) in fates.items() if outcome == "accepted"}
    for model in ("int_documents__received", "int_persons__loaded"):
        loaded = rows(f"select distinct arrival_day, bundle_name from intermediate.{model}")
        assert {(str(day), name) for day, name in loaded} <= accepted
        assert len(loaded) > 5


def test_copies_that_differ_only_in_how_a_name_is_written_are_in_conflict(fates: dict) -> None:
    assert (
        rows("select r107, r108 from staging.stg_field__documents where bundle_name like '%\\_73.zip' escape '\\'")
        == [("JAL\0AN", "SITI UJI")] * 2
    )
    assert rows(
        "select outcome, reason from intermediate.int_documents__fate"
        " where bundle_name like '%\\_73.zip' escape '\\' order by arrival_day"
    ) == [("accepted", None), ("held", "CONFLICT")]


def test_orphans_and_repeated_lines_of_one_bundle_stay_out(fates: dict) -> None:
    assert rows(
        "select r401, r407 from intermediate.int_persons__loaded"
        f" where bundle_name = '3573_{ENUMERATOR}_20221018_74.zip'"
    ) == [(1, 42)]


def test_no_finding_that_sql_can_see_holds_a_persons_value(fates: dict) -> None:
    said = str(rows("select reason, member, detail from staging.stg_field__bundle_findings"))
    assert NAME not in said
    assert len(said) > 10_000
    assert not [canary for canary in CANARIES if canary in said]
