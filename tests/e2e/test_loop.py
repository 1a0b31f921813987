"""The loop back to the field: what went wrong, as the supervisor reads it each morning until it is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from include.publication.scan import own_numbers, sub_sls_in
from include.publication.texts import texts_below
from include.settings import Settings
from tests import supervisor
from tests.builders import ENUMERATOR, NEIGHBOUR, SUB_SLS, LandingZone, document_id
from tests.e2e.loop import DAYS, FIRST, LAST, NAME, NIK, SECOND, SECRETS, THIRD, furnish
from tests.identified import Identified, identified, in_sources, scan
from tests.pipeline import rows, run_night

pytestmark = pytest.mark.core

PLACE = {
    "Pencacah": ENUMERATOR,
    "ID sub-SLS": SUB_SLS,
    "SLS, desa/kelurahan, kecamatan": "RT 01, Arjowinangun, Kedungkandang",
}
MORNINGS = [f"{day}: {age}" for age, day in enumerate(DAYS)]


@dataclass
class Morning:
    """What a night left: the supervisor's sheets, and what the marts say of each document and violation."""

    sheets: dict[str, list[supervisor.Line]]
    fates: dict[tuple, tuple]
    violations: dict[tuple, tuple]
    closure: dict[str, tuple]


@dataclass
class Loop:
    """Four nights in a row, as a supervisor lives them."""

    root: Path
    mornings: dict[str, Morning] = field(default_factory=dict)

    def lines(self, sheet: str, day: str, **wanted: Any) -> list[supervisor.Line]:  # noqa: ANN401
        """Lines of a sheet on the morning after a night, by what stands under these headings."""
        return [
            line for line in self.mornings[day].sheets[sheet]
            if all(str(line[heading]).split("\n")[0] == text for heading, text in wanted.items())
        ]  # fmt: skip

    def ages(self, sheet: str, **wanted: Any) -> list[str]:  # noqa: ANN401
        """On which mornings one line stood there, and how many days it had waited."""
        found = [(day, self.lines(sheet, day, **wanted)) for day in DAYS]
        waited = [(day, date.fromisoformat(day) - line["Menunggu sejak"]) for day, lines in found for line in lines]
        return [f"{day}: {since.days}" for day, since in waited]


def look(configured: Settings) -> Morning:
    """Read what the night published and what stands behind it."""
    fates = rows("select submission_id, revision, outcome, reason from marts.document_fate order by arrival_day")
    violations = rows(
        "select document_id, rule_id, state, closed_by, closed_on::varchar, age_days from marts.rule_violation"
    )
    closure = rows(
        "select rule_id, opened, open_violations, closed_by_revision, closed_by_correction, closed_on_day"
        " from marts.violation_closure where area_level = 'kab_kota'"
    )
    return Morning(
        supervisor.read(configured),
        {line[:2]: line[2:] for line in fates},
        {line[:2]: line[2:] for line in violations},
        {rule_id: figures for rule_id, *figures in closure},
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return Loop(tmp_path_factory.mktemp("loop"))


@pytest.fixture
def loop(lived: Loop, pointed_at: Callable[..., Settings]) -> Loop:
    """All nights, run once; the settings point at them."""
    configured = pointed_at(lived.root)
    if not lived.mornings:
        furnish(LandingZone(Path(configured.landing)))
        for day in DAYS:
            run_night(day, f"night-{day}")
            lived.mornings[day] = look(configured)
    return lived


def family_of(number: int) -> dict[str, str]:
    return {"Keluarga": f"{number:03d}"}


def said(line: supervisor.Line, *headings: str) -> list[str]:
    """The Indonesian half of cells."""
    return [str(line[heading]).split("\n")[0] for heading in headings]


def test_a_rejected_bundle_is_listed_until_a_later_one_of_that_field_day_is_accepted(loop: Loop) -> None:
    wanted = {"Alasan": "CHECKSUM_MISMATCH"}
    assert loop.ages("Bundel ditolak", **wanted) == MORNINGS[:2]
    (line,) = loop.lines("Bundel ditolak", FIRST, **wanted)
    assert said(line, "Pencacah", "Berkas bundel", "Alasan", "Masalah", "Yang harus dilakukan", "Rincian teknis") == [
        NEIGHBOUR, "3573_P35730043_20221015_01.zip", "CHECKSUM_MISMATCH",
        "Isi berkas tidak sama dengan manifest (SHA-256)",
        "Kirim ulang; berkas berubah di jalan atau disunting", "anggota.csv | keluarga.csv",
    ]  # fmt: skip
    assert rows(
        "select arrival_day::varchar, outcome, reason from marts.bundle_fate"
        f" where bundle_name like '%{NEIGHBOUR}%' and bundle_name not like '%_03.zip' order by 1"
    ) == [(FIRST, "rejected", "CHECKSUM_MISMATCH"), (THIRD, "accepted", None)]
    assert (document_id(1), "1") not in loop.mornings[SECOND].fates
    assert loop.mornings[THIRD].fates[document_id(1), "1"] == ("accepted", None)


def test_a_bundle_under_a_wrong_name_is_listed_until_its_bytes_come_under_the_right_one(loop: Loop) -> None:
    assert loop.ages("Bundel ditolak", Alasan="NAME_MISMATCH") == MORNINGS[:2]
    (line,) = loop.lines("Bundel ditolak", SECOND, Alasan="NAME_MISMATCH")
    assert said(line, "Berkas bundel", "Yang harus dilakukan") == [
        "kiriman hari ini.zip", "Kirim ulang dengan nama yang dibuat aplikasi",
    ]  # fmt: skip
    assert loop.mornings[THIRD].fates[document_id(2), "1"] == ("accepted", None)


def test_a_held_document_is_listed_with_all_that_is_needed_to_find_the_family(loop: Loop) -> None:
    (line,) = loop.lines("Perbaikan", FIRST, **family_of(10))
    shown = {heading: str(cell).split("\n")[0] for heading, cell in line.items()}
    assert shown == PLACE | {
        "Tingkat": "KESALAHAN", "Bangunan": "010", "Keluarga": "010", "Kepala keluarga": "SITI UJI",
        "No. ART": "Keluarga", "Nama ART": "", "Aturan": "F04",
        "Masalah": "Luas lantai (302) harus 1 sampai 997 meter persegi.",
        "Yang harus dilakukan": "Ukur atau tanyakan kembali luas lantai.", "Isian tertulis": "r302=998",
        "Menunggu sejak": FIRST, "Tgl. pencacahan": FIRST, "Tgl. diterima": FIRST,
        "Berkas bundel": "3573_P35730042_20221015_01.zip", "Baris": "1.0", "ID dokumen": document_id(10),
        "Revisi": "1",
    }  # fmt: skip
    assert line["Masalah"].endswith("\nFloor area (302) must be 1 to 997 square metres.")


def test_a_revision_that_passes_closes_and_unlists_it_from_the_day_it_arrives(loop: Loop) -> None:
    assert loop.ages("Perbaikan", **family_of(10)) == MORNINGS[:2]
    before, after = loop.mornings[SECOND], loop.mornings[THIRD]
    key = (document_id(10), "F04")
    assert before.violations[key] == ("open", None, None, 1)
    assert after.violations[key] == ("closed", "revision", THIRD, 2)
    assert loop.mornings[LAST].violations[key] == after.violations[key]
    assert before.fates[document_id(10), "1"] == ("held", "RULES")
    assert after.fates[document_id(10), "1"] == ("superseded", "REVISION")
    assert after.fates[document_id(10), "2"] == ("accepted", None)


def test_a_revision_that_still_breaks_the_rule_leaves_it_open_and_as_old_as_it_is(loop: Loop) -> None:
    assert loop.ages("Perbaikan", **family_of(11)) == MORNINGS
    (line,) = loop.lines("Perbaikan", LAST, **family_of(11))
    assert line["Kepala keluarga"] == NAME
    assert (line["Isian tertulis"], line["Revisi"]) == ("r302=999", "2")
    assert (line["Menunggu sejak"], line["Tgl. diterima"]) == (date.fromisoformat(FIRST), date.fromisoformat(THIRD))
    assert loop.mornings[LAST].fates[document_id(11), "2"] == ("held", "RULES")


def test_a_warning_is_listed_and_holds_nothing(loop: Loop) -> None:
    (line,) = loop.lines("Perbaikan", FIRST, **family_of(12))
    assert said(line, "Tingkat", "Aturan", "Isian tertulis") == ["Peringatan", "A03", "r111=2; r303=1"]
    assert loop.mornings[FIRST].fates[document_id(12), "1"] == ("accepted", None)


def test_a_fault_on_a_persons_line_names_line_and_person(loop: Loop) -> None:
    (line,) = loop.lines("Perbaikan", FIRST, Aturan="P05")
    assert [line[heading] for heading in ("Keluarga", "No. ART", "Nama ART", "Kepala keluarga")] == [
        "013", "2", NAME, "SITI UJI",
    ]  # fmt: skip
    assert line["Isian tertulis"] == "r416a=1; r416b=-; r417=1; r418=1; r419=3"
    (doubted,) = loop.lines("Perbaikan", FIRST, Aturan="C03")
    assert doubted["Isian tertulis"] == "r407=42; r409=3; umur kepala keluarga=42"


def test_a_correction_closes_a_violation_without_a_re_upload(loop: Loop) -> None:
    assert loop.ages("Perbaikan", **family_of(20)) == MORNINGS[:1]
    assert loop.mornings[FIRST].fates[document_id(20), "1"] == ("held", "RULES")
    assert loop.mornings[SECOND].fates[document_id(20), "1"] == ("accepted", None)
    assert loop.mornings[SECOND].violations[document_id(20), "F04"] == ("closed", "correction", SECOND, 1)


def test_a_stale_correction_is_listed_until_it_is_decided_anew(loop: Loop) -> None:
    assert loop.ages("Koreksi kedaluwarsa", **family_of(21)) == [f"{SECOND}: 0"]
    (line,) = loop.lines("Koreksi kedaluwarsa", SECOND, **family_of(21))
    assert said(line, "Masalah", "Yang harus dilakukan", "Isian tertulis", *PLACE) == [
        "Koreksi tidak diterapkan: nilai lama tidak sama lagi dengan isi dokumen",
        "Periksa dokumen lalu tulis koreksi baru dengan isi sekarang sebagai nilai lama",
        "r302: 61 -> 45; isi sekarang=60", *PLACE.values(),
    ]  # fmt: skip
    (kept,) = loop.lines("Koreksi kedaluwarsa", LAST)
    assert said(kept, "Keluarga", "No. ART", "Nama ART", "Menunggu sejak") == ["022", "1", "SITI UJI", SECOND]
    replayed = rows("select correction_day::varchar, status from marts.correction_replay order by 1, row_number")
    assert replayed == [(SECOND, "applied"), *[(SECOND, "stale")] * 3, (THIRD, "applied")]


REJECTED = {
    "BAD_AREA_CODE": (
        "Tidak dikenal", "030", "Keluarga", "r101=35; r102=73; r103=010; r104=001; r105=100; r109=030; r110=030",
    ),
    "BAD_ID": (SUB_SLS, "034", "Keluarga", "r101=35; r102=73; r103=010; r104=001; r105=000100; r109=034; r110=034"),
    "DUPLICATE_LINE": (SUB_SLS, "031", "1", f"r401=1; r403={NIK}"),
    "ORPHAN_PERSON": ("Tidak dikenal", "", "3", "r401=3; r403=-"),
}  # fmt: skip


@pytest.mark.parametrize("reason", REJECTED)
def test_what_was_rejected_is_listed_until_it_comes_again_as_it_should(loop: Loop, reason: str) -> None:
    assert loop.ages("Dokumen ditolak", Alasan=reason) == MORNINGS[:2]
    (line,) = loop.lines("Dokumen ditolak", SECOND, Alasan=reason)
    assert said(line, "ID sub-SLS", "Keluarga", "No. ART", "Isian tertulis") == [*REJECTED[reason]]
    assert all(said(line, "Masalah", "Yang harus dilakukan"))
    assert loop.mornings[THIRD].sheets["Dokumen ditolak"] == []


def test_a_rejected_person_stands_beside_the_head_of_the_family(loop: Loop) -> None:
    (line,) = loop.lines("Dokumen ditolak", FIRST, Alasan="DUPLICATE_LINE")
    assert (line["Kepala keluarga"], line["Nama ART"]) == ("SITI UJI", "BUDI UJI")


def test_a_conflict_says_where_the_other_content_is_until_a_revision_settles_it(loop: Loop) -> None:
    assert loop.ages("Perbaikan", Aturan="CONFLICT") == [f"{SECOND}: 0"]
    (line,) = loop.lines("Perbaikan", SECOND, Aturan="CONFLICT")
    assert said(line, "Keluarga", "Berkas bundel", "Isian tertulis") == [
        "033", "3573_P35730042_20221015_05.zip", "isi lain pada 3573_P35730042_20221015_04.zip baris 3",
    ]  # fmt: skip
    assert loop.mornings[LAST].fates[document_id(33), "2"] == ("accepted", None)


def test_who_lost_the_family_need_not_mend_until_the_winner_is_withdrawn(loop: Loop) -> None:
    key = (document_id(40), "F04")
    assert [loop.mornings[day].violations[key][0] for day in DAYS] == ["dormant", "dormant", "open", "open"]
    assert loop.ages("Perbaikan", **family_of(40)) == MORNINGS[2:]
    assert loop.mornings[SECOND].fates[document_id(40), "1"] == ("superseded", "SAME_FAMILY")
    assert loop.mornings[THIRD].fates[document_id(40), "1"] == ("held", "RULES")


def test_a_document_of_another_field_tool_is_on_its_enumerators_supervisors_list(loop: Loop) -> None:
    (line,) = loop.lines("Perbaikan", FIRST, **family_of(60))
    assert said(line, "Aturan", *PLACE) == ["F04", *PLACE.values()]
    assert line["Berkas bundel"] == f"exports/odk_central_k/{ENUMERATOR}"


def test_closure_counts_what_was_opened_and_what_closed_it(loop: Loop) -> None:
    """F04: documents 10, 11, 20 and 60, and 40 once it is no longer dormant."""
    found = [loop.mornings[day].closure["F04"] for day in DAYS]
    assert [tuple(figures) for figures in found] == [(4, 4, 0, 0, 0), (4, 3, 0, 1, 1), (5, 3, 1, 1, 1), (5, 3, 1, 1, 0)]


def test_the_summary_of_rules_counts_flags_as_the_documents_say(loop: Loop) -> None:
    """docs/marts.md, "A worked example": counted by hand there."""
    assert rows(
        "select arrival_day::varchar, flags, data_changed, rule_changed, closed, judged_documents"
        " from marts.rule_summary where rule_id = 'F04' and area_level = 'kab_kota' order by 1"
    ) == [(FIRST, 4, 4, 0, 0, 13), (THIRD, 5, 1, 0, 2, 22)]
    ages = {document: loop.mornings[LAST].violations[document_id(document), "F04"] for document in (10, 11, 20, 40, 60)}
    assert ages == {
        10: ("closed", "revision", THIRD, 2), 11: ("open", None, None, 3), 20: ("closed", "correction", SECOND, 1),
        40: ("open", None, None, 3), 60: ("open", None, None, 3),
    }  # fmt: skip


def test_the_summary_counts_what_the_sheets_hold(loop: Loop, pointed_at: Callable[..., Settings]) -> None:
    book = supervisor.opened(pointed_at(loop.root))
    assert book
    page = {str(row[0]).split("\n")[0]: row[1] for row in supervisor.sheets(book)["Ringkasan"]}
    held = loop.mornings[LAST].sheets
    assert page["Jumlah butir"] == sum(len(lines) for lines in held.values()) == 8
    assert page["Tertua sejak"] == date.fromisoformat(FIRST)
    assert page["Kesalahan"] == len(loop.lines("Perbaikan", LAST, Tingkat="KESALAHAN")) == 4


@pytest.fixture
def sought(loop: Loop) -> Identified:
    everybody = identified(loop.root / "landing")
    return everybody.without(in_sources(everybody))


@pytest.mark.parametrize("place", ["published", "state", "scratch"])
def test_nobody_of_the_loop_is_named_in_clear_outside_raw(loop: Loop, sought: Identified, place: str) -> None:
    scanned = scan(texts_below(loop.root / place), sought, sub_sls_in(loop.root / "raw") | own_numbers())
    assert scanned.places
    assert scanned.found == set()
    assert scanned.shaped == []


def test_the_scan_finds_the_same_people_where_they_lie_in_clear(loop: Loop, sought: Identified) -> None:
    found = scan(texts_below(loop.root / "raw"), sought, ()).found
    assert {(place.split("/")[0], kind) for place, kind in found} >= {("uploads", "NIK"), ("corrections", "name")}
    assert {*sought.tokens, *(" ".join(words) for words in sought.phrases)} >= {*SECRETS}
