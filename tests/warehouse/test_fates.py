"""What becomes of bundles and documents, by the contract's table (docs/upload-contract.md §3), one scenario each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from include.settings import Settings
from tests.builders import (
    DAY,
    DESA,
    ENUMERATOR,
    NEIGHBOUR,
    OTHER_SUB_SLS,
    LandingZone,
    at,
    bundle_bytes,
    document_id,
    family,
    person,
    person_of,
)
from tests.pipeline import build_marts, rows

pytestmark = pytest.mark.core

NEXT_DAY, AS_OF = "2022-10-17", "2022-10-18"
LATER = {"ended_at": f"{DAY}T15:00:00+07:00"}


def furnish(zone: LandingZone) -> None:
    """Every scenario in one landing zone: each uses its own family numbers, so none touches another."""
    zone.with_frame()
    # 10: an ordinary document; 11: revised; 12: revised, the higher revision arriving first; 13: withdrawn; 14: revived
    zone.send([*(family(n) for n in (10, 11, 13, 14)), family(12, revision="2")])
    zone.send(
        [
            family(11, revision="2"), family(12), family(13, revision="2", is_deleted="1"),
            family(14, revision="2", is_deleted="1"), family(14, revision="3"),
        ],
        day=DAY, arrival=NEXT_DAY, sequence=2,
    )  # fmt: skip
    # 20: the same again; 21: same id and revision, other content; 22: a conflict that a higher revision settles
    zone.send([family(n) for n in (20, 21, 22)], day=NEXT_DAY)
    repeated = [family(20), family(21, r302="61"), family(22, r302="61")]
    zone.send(repeated, day=NEXT_DAY, sequence=2, uploaded_at=f"{NEXT_DAY}T20:00:00+07:00")
    zone.send([family(22, revision="2")], day=NEXT_DAY, sequence=3)
    # 23: same document, other persons; 24: a duplicate of a conflict
    zone.send([family(23), family(24)], day=NEXT_DAY, sequence=4)
    changed = [person_of(family(23)) | {"r407": "43"}, person_of(family(24))]
    zone.send([family(23), family(24, r302="61")], changed, day=AS_OF, sequence=1)
    zone.send([family(24, r302="61")], day=AS_OF, sequence=2)
    # 30/31 claim one key: the assigned enumerator's wins; 32/33: the later visit; 34/35: the larger id
    zone.send([family(30), family(33, r109="32", r110="32", **LATER)], day=DAY, sequence=3)
    zone.send([family(31, r109="30", r110="30", **LATER)], enumerator=NEIGHBOUR)
    zone.send([family(32), family(34), family(35, r109="34", r110="34")], day=DAY, sequence=4)
    # 40-45: rejected each for its own reason
    zone.send(
        [
            family(40, r105="1,20603E+15"), family(41, **at(f"{DESA}009900")), family(42, submission_id="no-uuid"),
            family(43, revision="0"), family(44, r109="1000"), family(45, r110=""),
        ],
        day=DAY, sequence=5,
    )  # fmt: skip
    # 50: not yet assigned on its field day, in the neighbour's sub-SLS; a lone document wins all the same
    zone.send([family(50, **at(OTHER_SUB_SLS))], day=DAY, sequence=6)
    # Bundles: the same bytes under another name, a stranger's, one that was broken and comes back mended
    copy = (zone.root / f"uploads/{DAY}/3573_{ENUMERATOR}_20221016_06.zip").read_bytes()
    zone.write(f"uploads/{NEXT_DAY}/3573_{ENUMERATOR}_20221016_09.zip", copy)
    zone.write(f"uploads/{NEXT_DAY}/anything.zip", copy)
    zone.send([family(60)], enumerator="P35739999")
    zone.write(f"uploads/{DAY}/3573_{ENUMERATOR}_20221017_07.zip", bundle_bytes([family(61)]))
    zone.write(f"uploads/{NEXT_DAY}/3573_{ENUMERATOR}_20221017_07.zip", bundle_bytes([family(61)]))
    # Persons: an orphan, a repeated line
    persons = [person(70, 1), person(70, 1, r407="41"), person(71, 1), person(70, 2, r404="3", r409="3")]
    zone.send([family(70, r112="1")], persons, day=DAY, sequence=8)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fates")


@pytest.fixture
def fates(built: Path, pointed_at: Callable[..., Settings]) -> dict[str, list[tuple]]:
    """Fate of every document by the last digits of its id, in order of judgement; built once."""
    configured = pointed_at(built)
    if not configured.warehouse.exists():
        furnish(LandingZone(Path(configured.landing)))
        build_marts(configured, AS_OF)
    found: dict[str, list[tuple]] = {}
    for document, revision, outcome, reason in rows(
        "select coalesce(document_id, submission_id), revision, outcome, reason from intermediate.int_documents__fate"
        " order by arrival_day, bundle_name, row_number"
    ):
        found.setdefault(document.removeprefix(document_id(0)[:-4]).lstrip("0"), []).append((revision, outcome, reason))
    return found


EXPECTED = {
    "10": [("1", "accepted", None)],
    "11": [("1", "superseded", "REVISION"), ("2", "accepted", None)],
    "12": [("2", "accepted", None), ("1", "superseded", "REVISION")],
    "13": [("1", "superseded", "TOMBSTONE"), ("2", "superseded", "TOMBSTONE")],
    "14": [("1", "superseded", "REVISION"), ("2", "superseded", "REVISION"), ("3", "accepted", None)],
    "20": [("1", "accepted", None), ("1", "duplicate", None)],
    "21": [("1", "accepted", None), ("1", "held", "CONFLICT")],
    "22": [("1", "superseded", "REVISION"), ("1", "superseded", "CONFLICT"), ("2", "accepted", None)],
    "23": [("1", "accepted", None), ("1", "held", "CONFLICT")],
    "24": [("1", "accepted", None), ("1", "held", "CONFLICT"), ("1", "duplicate", None)],
    "30": [("1", "accepted", None)],
    "31": [("1", "superseded", "SAME_FAMILY")],
    "32": [("1", "superseded", "SAME_FAMILY")],
    "33": [("1", "accepted", None)],
    "34": [("1", "superseded", "SAME_FAMILY")],
    "35": [("1", "accepted", None)],
    "40": [("1", "rejected", "BAD_AREA_CODE")],
    "41": [("1", "rejected", "UNKNOWN_SUB_SLS")],
    "no-uuid": [("1", "rejected", "BAD_ID")],
    "43": [("0", "rejected", "BAD_ID")],
    "44": [("1", "rejected", "BAD_FAMILY_NUMBER")],
    "45": [("1", "rejected", "BAD_FAMILY_NUMBER")],
    "50": [("1", "accepted", None)],
    "61": [("1", "accepted", None)],
    "70": [("1", "held", "RULES")],  # a person who moved still has an age
}


@pytest.mark.parametrize("document", EXPECTED)
def test_a_document_meets_the_fate_of_the_contract(fates: dict, document: str) -> None:
    # Two copies in one day are judged by the bundle's SHA-256, which no reader can guess: compare without order.
    assert sorted(fates[document], key=str) == sorted(EXPECTED[document], key=str)


def test_every_document_received_is_expected(fates: dict) -> None:
    assert set(fates) == set(EXPECTED)


def test_bundles_meet_the_fate_of_the_contract(fates: dict) -> None:
    found = {
        (str(day), name): (outcome, reason)
        for day, name, outcome, reason in rows(
            "select arrival_day, bundle_name, outcome, reason from intermediate.int_bundles__fate"
            " where outcome <> 'accepted'"
        )
    }
    assert found == {
        (NEXT_DAY, f"3573_{ENUMERATOR}_20221016_09.zip"): ("duplicate", None),
        (NEXT_DAY, "anything.zip"): ("duplicate", None),
        (DAY, "3573_P35739999_20221016_01.zip"): ("rejected", "UNKNOWN_ENUMERATOR"),
        (DAY, f"3573_{ENUMERATOR}_20221017_07.zip"): ("rejected", "FUTURE_FIELD_DAY"),
    }


def test_orphans_and_repeated_lines_are_not_loaded(fates: dict) -> None:
    assert rows(
        "select r401, r407, r404 from intermediate.int_persons__loaded"
        f" where submission_id in ('{document_id(70)}', '{document_id(71)}') order by r401"
    ) == [(1, 42, 1), (2, 42, 3)]


def test_progress_counts_winners_and_their_residents_only(fates: dict) -> None:
    fates_of_all = [(outcome, reason) for fate in EXPECTED.values() for _, outcome, reason in fate]
    winners = sum(outcome == "accepted" or reason == "RULES" for outcome, reason in fates_of_all)
    assert rows(
        "select enumerated_families_cumulative, enumerated_persons_cumulative, coverage_numerator, coverage_denominator"
        f" from marts.progress_area_daily where area_level = 'province' and field_day = '{AS_OF}'"
    ) == [(winners, winners, winners, 100)]


def test_documents_without_a_known_area_stand_under_unknown(fates: dict) -> None:
    assert rows(
        "select unit_level, received, rejected from marts.upload_accounting where unit_code = 'UNKNOWN' order by all"
    ) == [("desa", 2, 2), ("kab_kota", 2, 2), ("kecamatan", 2, 2)]


def test_rejected_and_duplicate_bundles_stand_in_the_accounting_with_nothing_received(fates: dict) -> None:
    assert rows(
        "select unit_code, received from marts.upload_accounting where unit_level = 'bundle' and received = 0"
        " order by 1"
    ) == [
        (f"3573_{ENUMERATOR}_20221016_09.zip", 0),
        (f"3573_{ENUMERATOR}_20221017_07.zip", 0),
        ("3573_P35739999_20221016_01.zip", 0),
        ("anything.zip", 0),
    ]
