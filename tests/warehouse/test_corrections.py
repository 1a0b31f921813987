"""Decided corrections, from the log in the landing zone to the marts: one scenario each (docs/corrections.md)."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from include.contract import HEADQUARTERS
from include.intake.landing import LandingError, open_landing
from include.intake.pending import take_in_pending_snapshots
from include.publication.pointer import live
from include.publication.policy import read_policy
from include.settings import Settings
from tests.builders import DAY, DESA, OTHER_SUB_SLS, SUB_SLS, LandingZone, csv_bytes, document_id, family, person
from tests.pipeline import build_marts, rows, run_night, take_in

pytestmark = pytest.mark.core

NEXT_DAY, AS_OF = "2022-10-17", "2022-10-18"
LOG_COLUMNS = HEADQUARTERS["corrections"]["corrections"]
MANGLED = "1,20603E+15"


def correction(number: int, variable: str, old: str, new: str, **changes: str) -> dict[str, str]:
    """One decided correction of a family's answer; ``line`` makes it a person's."""
    return {
        "submission_id": document_id(number), "revision": "1", "line": "", "variable": variable, "old_value": old,
        "new_value": new, "decided_by": "KOSEKA 01", "decided_at": f"{NEXT_DAY}T08:00:00+07:00", "reason": "telepon",
    } | changes  # fmt: skip


def decide(zone: LandingZone, corrections: list[dict[str, str]], day: str = NEXT_DAY) -> Path:
    """Put a day's corrections log into the landing zone."""
    return zone.write(f"corrections/{day}/corrections.csv", csv_bytes(corrections, LOG_COLUMNS))


def furnish(zone: LandingZone) -> None:
    """Every scenario in one landing zone: each has its own family, so none touches another."""
    zone.with_frame()
    persons = [person(n, r401=str(line), r407=age) for n in (16, 17) for line, age in ((1, "42"), (2, "8"))]
    plain = [family(n) for n in (10, 11, 12, 13, 14, 15, 18, 19, 20)]
    people = [person(n) for n in (10, 11, 12, 13, 14, 15, 18, 19, 20)]
    zone.send([*plain, family(16, r112="2"), family(17, r112="2")], [*people, *persons])
    # 21: a mangled place that the log mends; 22: one it moves; 23: one it moves out of the frame
    zone.send([family(21, r105=MANGLED), family(22), family(23)], sequence=2)
    # 19: revised after the correction; 20: sent again, the same; 24: mangled, then sent again mended
    zone.send([family(19, revision="2", r302="70"), family(20), family(23)], arrival=AS_OF, sequence=3)
    zone.send([family(24, r105=MANGLED)], sequence=4)
    zone.send([family(24)], arrival=NEXT_DAY, sequence=5)
    # 25 arrives a day after its correction; 26: draft form, corrected in the final codes; 27: only in a rejected bundle
    zone.send([family(25)], arrival=AS_OF, sequence=6)
    zone.send([family(26, r305="5")], sequence=7, form_version="K-2022-draft")
    zone.send([family(27)], sequence=8, enumerator="P35739999")
    decide(zone, [
        correction(10, "r302", "60", "45"),
        correction(11, "r302", "61", "45"),
        correction(12, "r302", "60", "45"),
        correction(13, "r302", "60", "45"),
        correction(13, "r302", "60", "45", decided_at=f"{NEXT_DAY}T09:00:00+07:00"),
        correction(14, "r302", "60", "45", revision="7"),
        correction(15, "r302x", "60", "45"),
        correction(15, "revision", "1", "2"),
        correction(16, "r407", "42", "4", line="1"),
        correction(16, "r404", "1", "3", line="2"),
        correction(17, "r407", "42", "4", line="9"),
        correction(18, "r205", "1", "4"),
        correction(19, "r302", "60", "45"),
        correction(20, "r302", "60", "45"),
        correction(20, "r407", "42", "43", line="1"),
        correction(21, "r105", MANGLED, SUB_SLS[10:]),
        correction(22, "r105", SUB_SLS[10:], OTHER_SUB_SLS[10:]),
        correction(23, "r105", SUB_SLS[10:], "009900"),
        correction(24, "r302", "60", "45"),
        correction(25, "r302", "60", "45"),
        correction(26, "r305", "6", "2"),
        correction(27, "r302", "60", "45"),
        correction(99, "r302", "60", "45"),
    ])  # fmt: skip
    decide(zone, [correction(12, "r302", "045", "30"), correction(10, "r302", "60", "99")], day=AS_OF)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corrections")


@pytest.fixture
def built(root: Path, pointed_at: Callable[..., Settings]) -> Settings:
    """Every scenario as of the last day; built once."""
    configured = pointed_at(root)
    if not configured.warehouse.exists():
        furnish(LandingZone(Path(configured.landing)))
        build_marts(configured, AS_OF)
    return configured


def replayed(number: int) -> list[tuple]:
    return rows(
        "select variable, current_value, status, overtaken from marts.correction_replay"
        f" where submission_id = '{document_id(number)}' order by correction_day, row_number"
    )


def as_corrected(number: int, column: str) -> list[tuple]:
    """A column of a document, copy by copy: arrival day, value, last corrected on."""
    return rows(
        f"select arrival_day::varchar, {column}, corrected_on::varchar from intermediate.int_documents__as_corrected"
        f" where document_id = '{document_id(number)}' order by arrival_day, row_number"
    )


def fate(number: int) -> list[tuple]:
    return rows(
        "select revision_number, outcome, reason, idsubsls from intermediate.int_documents__fate"
        f" where document_id = '{document_id(number)}' order by arrival_day, row_number"
    )


def test_a_correction_changes_the_answer_and_says_since_when(built: Settings) -> None:
    assert as_corrected(10, "r302") == [(DAY, 45, NEXT_DAY)]
    assert replayed(10)[0] == ("r302", "60", "applied", False)
    assert rows(
        f"select pcfloor from intermediate.int_families__pmt_inputs where document_id = '{document_id(10)}'"
    ) == [(45,)]


def test_a_corrected_answer_moves_the_score(built: Settings) -> None:
    scores = rows(
        "select building_number, pmt_score from marts.family_welfare where building_number in (10, 11)"
        " order by building_number"
    )
    assert [number for number, _ in scores] == [10, 11]
    assert scores[0][1] != scores[1][1]


def test_a_correction_whose_old_value_no_longer_stands_is_stale_and_never_applied(built: Settings) -> None:
    assert replayed(11) == [("r302", "60", "stale", False)]
    assert as_corrected(11, "r302") == [(DAY, 60, None)]
    assert replayed(10)[1] == ("r302", "45", "stale", False)


def test_corrections_of_one_answer_follow_one_another(built: Settings) -> None:
    assert replayed(12) == [("r302", "60", "applied", False), ("r302", "45", "applied", False)]
    assert as_corrected(12, "r302") == [(DAY, 30, AS_OF)]


def test_the_same_correction_twice_is_applied_once(built: Settings) -> None:
    assert replayed(13) == [("r302", "60", "applied", False), ("r302", "45", "stale", False)]
    assert as_corrected(13, "r302") == [(DAY, 45, NEXT_DAY)]


def test_a_correction_that_points_nowhere_says_so(built: Settings) -> None:
    assert replayed(14) == [("r302", None, "unknown_document", False)]
    assert replayed(99) == [("r302", None, "unknown_document", False)]
    assert replayed(15) == [("r302x", None, "not_correctable", False), ("revision", None, "not_correctable", False)]
    assert replayed(17) == [("r407", None, "unknown_line", False)]


def test_a_document_of_a_rejected_bundle_was_not_received(built: Settings) -> None:
    assert replayed(27) == [("r302", None, "unknown_document", False)]


def test_a_persons_answer_is_corrected_on_the_persons_line_only(built: Settings) -> None:
    assert replayed(16) == [("r407", "42", "applied", False), ("r404", "1", "applied", False)]
    assert rows(
        "select r401, r407, r404 from intermediate.int_persons__loaded"
        f" where submission_id = '{document_id(16)}' order by r401"
    ) == [(1, 4, 1), (2, 8, 3)]
    assert rows(
        "select r401, corrected_on::varchar from intermediate.int_persons__as_corrected"
        f" where submission_id = '{document_id(17)}' order by r401"
    ) == [(1, None), (2, None)]


def test_a_corrected_presence_counts_in_the_residents(built: Settings) -> None:
    assert rows(
        "select document_id, resident_persons from intermediate.int_documents__winners"
        f" where document_id in ('{document_id(16)}', '{document_id(17)}') order by 1"
    ) == [(document_id(16), 1), (document_id(17), 2)]


def test_a_corrected_outcome_of_the_visit_counts_in_progress(built: Settings) -> None:
    assert rows(
        f"select sum(refused_families) from marts.progress_area_daily where area_code = '{SUB_SLS}'"
    ) == [(1,)]  # fmt: skip


def test_a_later_revision_overtakes_the_correction(built: Settings) -> None:
    assert replayed(19) == [("r302", "60", "applied", True)]
    assert as_corrected(19, "r302") == [(DAY, 45, NEXT_DAY), (AS_OF, 70, None)]
    assert [line[:3] for line in fate(19)] == [(1, "superseded", "REVISION"), (2, "accepted", None)]


def test_a_copy_sent_again_after_the_correction_stays_a_duplicate(built: Settings) -> None:
    assert [line[:3] for line in fate(20)] == [(1, "accepted", None), (1, "duplicate", None)]
    assert as_corrected(20, "r302") == [(DAY, 45, NEXT_DAY), (AS_OF, 45, NEXT_DAY)]


@pytest.mark.parametrize("table", ["documents", "persons"])
def test_what_copies_are_compared_by_is_what_was_sent(built: Settings, table: str) -> None:
    keys = "arrival_day, bundle_name, row_number"
    corrected = rows(f"select {keys}, content from intermediate.int_{table}__corrected order by all")
    assert len(corrected) >= 4
    assert set(corrected) <= set(rows(f"select {keys}, content from staging.stg_field__{table}"))


def test_a_correction_of_the_place_admits_a_rejected_document(built: Settings) -> None:
    assert fate(21) == [(1, "accepted", None, SUB_SLS)]
    assert rows(
        f"select kab_code, idsubsls from marts.correction_replay where submission_id = '{document_id(21)}'"
    ) == [("3573", SUB_SLS)]


def test_a_correction_of_the_place_moves_a_document(built: Settings) -> None:
    assert fate(22) == [(1, "accepted", None, OTHER_SUB_SLS)]


def test_a_correction_to_a_place_nobody_knows_rejects_every_copy(built: Settings) -> None:
    assert fate(23) == [(1, "rejected", "UNKNOWN_SUB_SLS", "UNKNOWN")] * 2
    assert rows(
        f"select kab_code, idsubsls from marts.correction_replay where submission_id = '{document_id(23)}'"
    ) == [("3573", "UNKNOWN")]


def test_a_correction_reaches_the_copy_that_stands_not_the_rejected_one(built: Settings) -> None:
    assert replayed(24) == [("r302", "60", "applied", False)]
    assert [line[:3] for line in fate(24)] == [(1, "rejected", "BAD_AREA_CODE"), (1, "accepted", None)]
    assert as_corrected(24, "r302") == [(DAY, 60, None), (NEXT_DAY, 45, NEXT_DAY)]


def test_a_correction_waits_for_its_document(built: Settings) -> None:
    assert replayed(25) == [("r302", "60", "applied", False)]
    assert as_corrected(25, "r302") == [(AS_OF, 45, NEXT_DAY)]


def test_a_correction_of_a_draft_form_speaks_the_final_codes(built: Settings) -> None:
    assert replayed(26) == [("r305", "6", "applied", False)]
    assert as_corrected(26, "r305") == [(DAY, 2, NEXT_DAY)]


def test_every_line_of_the_log_has_one_fate_and_its_words(built: Settings) -> None:
    assert rows("select count(*), count(status_text_id), count(status_text_en) from marts.correction_replay") == [
        (25, 25, 25)
    ]
    assert rows(
        "select enumerator_id, supervisor_id, kab_code, decided_by, reason from marts.correction_replay"
        f" where submission_id = '{document_id(99)}'"
    ) == [(None, None, "UNKNOWN", "KOSEKA 01", "telepon")]


def test_the_accounting_counts_every_document_where_its_correction_put_it(built: Settings) -> None:
    assert rows(
        "select unit_code, received, accepted, held, superseded, rejected from marts.upload_accounting"
        f" where unit_level = 'desa' and arrival_day = '{DAY}' order by unit_code"
    ) == [(DESA, 14, 10, 3, 1, 0), ("UNKNOWN", 2, 0, 0, 0, 2)]


def test_raw_stays_as_it_was_sent(built: Settings) -> None:
    assert rows(f"select r302 from raw.documents where submission_id = '{document_id(10)}'") == [("60",)]
    assert rows(f"select r105 from raw.documents where submission_id = '{document_id(21)}'") == [(MANGLED,)]


def test_corrections_are_published_to_nobody_in_open(built: Settings) -> None:
    assert read_policy(built.publication_policy, "open")
    assert "correction_replay" not in {mart.name for mart in read_policy(built.publication_policy, "open")}


def test_before_the_day_of_the_log_the_document_stands_as_sent(zone: LandingZone, here: Settings) -> None:
    zone.send([family(1)])
    decide(zone, [correction(1, "r302", "60", "45")])
    build_marts(here, DAY)
    assert as_corrected(1, "r302") == [(DAY, 60, None)]
    assert rows("select count(*) from marts.correction_replay") == [(0,)]
    build_marts(here, NEXT_DAY)
    assert as_corrected(1, "r302") == [(DAY, 45, NEXT_DAY)]
    build_marts(here, DAY)
    assert as_corrected(1, "r302") == [(DAY, 60, None)]


def test_a_log_taken_back_leaves_the_document_as_sent_and_raw_files_untouched(
    zone: LandingZone, here: Settings
) -> None:
    zone.send([family(1)])
    take_in(here, NEXT_DAY)
    before = digests(here.raw / "uploads")
    log = decide(zone, [correction(1, "r302", "60", "45")])
    build_marts(here, NEXT_DAY)
    assert as_corrected(1, "r302") == [(DAY, 45, NEXT_DAY)]
    assert before
    assert digests(here.raw / "uploads") == before
    log.unlink()
    build_marts(here, NEXT_DAY)
    assert as_corrected(1, "r302") == [(DAY, 60, None)]


def test_a_log_that_appears_gives_the_night_another_build(zone: LandingZone, here: Settings) -> None:
    zone.send([family(1)])
    run_night(NEXT_DAY, "first")
    without = live(here.published)
    decide(zone, [correction(1, "r302", "60", "45")])
    run_night(NEXT_DAY, "second")
    assert without != live(here.published)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"submission_id,revision\n1,1\n", "missing column line, variable, old_value, new_value"),
        (csv_bytes([correction(1, "r302", "60", "45")], LOG_COLUMNS) + b"3573,1\n", "row 3: 2 fields, header has 9"),
        (b"\xff" + csv_bytes([correction(1, "r302", "60", "45")], LOG_COLUMNS), "not UTF-8 in line 1"),
    ],
)
def test_a_broken_log_stops_with_file_and_row_and_never_a_value(
    zone: LandingZone, here: Settings, content: bytes, reason: str
) -> None:
    zone.write(f"corrections/{NEXT_DAY}/corrections.csv", content)
    with pytest.raises(LandingError) as error:
        take_in_pending_snapshots(open_landing(here.landing), here.raw, NEXT_DAY)
    assert f"corrections/{NEXT_DAY}/corrections.csv: {reason}" in str(error.value)
    assert "45" not in str(error.value)


def digests(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}
