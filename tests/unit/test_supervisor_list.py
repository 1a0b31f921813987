"""A supervisor's workbook and zip: what is on which sheet, in which order, as what, and for whose eyes."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import pyzipper
from python_calamine import CalamineWorkbook

from include.publication.keys import Keys
from include.publication.list_orders import NO_SUPERVISOR, orders
from include.publication.list_workbook import workbook
from include.publication.sealed_zip import sealed
from tests.builders import DAY, ENUMERATOR, NEIGHBOUR, SUB_SLS, SUPERVISOR, correction

AS_OF = "2022-10-19"
FIRST_ROW = 3


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def listed(*rows: dict[str, Any]) -> dict[str, list[list[Any]]]:
    return sheets(workbook(list(rows), SUPERVISOR, "3573", AS_OF))


def column(sheet: list[list[Any]], heading: str) -> list[Any]:
    place = [str(text).split("\n")[0] for text in sheet[FIRST_ROW - 1]].index(heading)
    return [row[place] for row in sheet[FIRST_ROW:]]


KINDS = {
    "rule": "Perbaikan", "conflict": "Perbaikan", "rejected_document": "Dokumen ditolak",
    "rejected_bundle": "Bundel ditolak", "stale_correction": "Koreksi kedaluwarsa", "a kind of next year": "Perbaikan",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "tab"), KINDS.items())
def test_each_kind_stands_on_its_sheet_and_nowhere_else(kind: str, tab: str) -> None:
    pages = listed(correction(item_kind=kind, problem_id="MASALAH INI"))
    assert list(pages) == ["Ringkasan", "Perbaikan", "Dokumen ditolak", "Bundel ditolak", "Koreksi kedaluwarsa"]
    assert [name for name, page in pages.items() if "MASALAH INI" in str(page)] == [tab]
    empty = [name for name, page in pages.items() if "Tidak ada." in str(page)]
    assert empty == [name for name in list(pages)[1:] if name != tab]


def test_errors_stand_before_warnings_then_the_way_the_supervisor_goes() -> None:
    later = {"enumerator_id": NEIGHBOUR, "severity": "error"}
    rows = [
        correction(7, severity="warning"),
        correction(6, **later),
        correction(5, family_number=12),
        correction(4, building_number=10, family_number=2),
        correction(3, building_number=9, family_number=3, person_line=2),
        correction(2, building_number=9, family_number=3, person_line=0),
        correction(1, idsubsls=None, building_number=None, family_number=None),
    ]
    page = listed(*rows)["Perbaikan"]
    assert column(page, "Isian tertulis") == [f"nilai {n}" for n in (1, 5, 2, 3, 4, 6, 7)]
    assert [text.split("\n")[0] for text in column(page, "Tingkat")] == ["KESALAHAN"] * 6 + ["Peringatan"]


def test_codes_and_form_numbers_are_text_with_their_zeros_and_days_are_days() -> None:
    page = listed(correction(building_number=7, family_number=12, person_line=3))["Perbaikan"]
    for heading, cell in (
        ("ID sub-SLS", SUB_SLS), ("Bangunan", "007"), ("Keluarga", "012"), ("No. ART", "3"), ("Revisi", "1"),
        ("Menunggu sejak", date.fromisoformat(DAY)), ("Tgl. pencacahan", date.fromisoformat(DAY)),
    ):  # fmt: skip
        assert column(page, heading) == [cell]


def test_both_languages_stand_in_one_cell_indonesian_first() -> None:
    page = listed(correction(problem_id="Kosong", problem_en="Empty", person_line=0))["Perbaikan"]
    assert column(page, "Masalah") == ["Kosong\nEmpty"]
    assert column(page, "No. ART") == ["Keluarga\nfamily page"]
    assert column(listed(correction(problem_id="Kosong", problem_en=None))["Perbaikan"], "Masalah") == ["Kosong"]


def test_a_place_nobody_knows_and_a_line_nobody_can_read_are_said_in_words() -> None:
    row = correction(item_kind="rejected_person", idsubsls="UNKNOWN", person_line=-7)
    page = listed(row)["Dokumen ditolak"]
    assert column(page, "ID sub-SLS") == ["Tidak dikenal\nunknown"]
    assert column(page, "No. ART") == ["Tidak terbaca\nunreadable"]
    assert column(page, "SLS, desa/kelurahan, kecamatan") == ["RT 01, Arjowinangun, Kedungkandang"]


def test_what_was_found_in_a_bundle_is_no_answer_of_a_family() -> None:
    page = listed(correction(item_kind="rejected_bundle", written_values="keluarga.csv baris 1"))["Bundel ditolak"]
    assert column(page, "Rincian teknis") == ["keluarga.csv baris 1"]


def test_the_summary_says_how_written_values_are_read() -> None:
    assert "tanda - berarti kosong, ? berarti terisi tetapi tidak terbaca" in str(listed(correction())["Ringkasan"])


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://x")', "+62", "-1", "@SUM(A1)", "{=1}", "007", "1E15"])
def test_a_name_is_text_whatever_it_begins_with(name: str) -> None:
    content = workbook([correction(head_name=name, problem_id=name)], SUPERVISOR, "3573", AS_OF)
    page = sheets(content)["Perbaikan"]
    assert column(page, "Kepala keluarga") == [name]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        markup = "".join(parts.read(part).decode() for part in parts.namelist() if "worksheets/" in part)
    assert "<f>" not in markup
    assert "<hyperlink" not in markup


def test_a_value_longer_than_a_cell_is_cut_and_not_lost() -> None:
    (cell,) = column(listed(correction(written_values="x" * 40_000))["Perbaikan"], "Isian tertulis")
    assert cell == "x" * 32_000


def test_the_summary_counts_by_kind_and_enumerator_and_names_the_oldest() -> None:
    rows = [
        correction(1), correction(2, item_kind="conflict", first_seen_day=date(2022, 10, 10)),
        correction(3, severity="warning"),
        correction(4, item_kind="rejected_bundle", enumerator_id=NEIGHBOUR, first_seen_day=date(2022, 10, 18)),
    ]  # fmt: skip
    page = listed(*rows)["Ringkasan"]
    said = {str(row[0]).split("\n")[0]: row[1:] for row in page}
    assert said["Pengawas"][0] == SUPERVISOR
    assert said["Keadaan per"][0] == date.fromisoformat(AS_OF)
    heads = ("Jumlah butir", "Tertua sejak", "Kesalahan", "Peringatan", "Bundel ditolak", "Dokumen ditolak")
    assert [said[name][0] for name in heads] == [4, date(2022, 10, 10), 2, 1, 1, 0]
    assert said[ENUMERATOR] == [2, 1, 0, 0, 0, 0, date(2022, 10, 10)]
    assert said[NEIGHBOUR] == [0, 0, 0, 0, 1, 0, date(2022, 10, 18)]
    assert "corrections.csv" in str(page)


def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_come() -> None:
    rows = [correction(n) for n in range(9)]
    assert workbook(rows, SUPERVISOR, "3573", AS_OF) == workbook(rows[::-1], SUPERVISOR, "3573", AS_OF)
    assert workbook(rows, SUPERVISOR, "3573", AS_OF) != workbook(rows, SUPERVISOR, "3573", "2022-10-20")


def test_a_list_prints_on_landscape_a4_with_its_header_on_every_page() -> None:
    content = workbook([correction()], SUPERVISOR, "3573", AS_OF)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        page, book = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet2", "workbook"))
    assert 'paperSize="9"' in page
    assert 'orientation="landscape"' in page
    assert 'state="frozen"' in page
    assert "<autoFilter" in page
    assert "Perbaikan!$3:$3" in book


NOBODYS = [None, "", "PAK BUDI", "../../" + SUPERVISOR, "357301" + "550680" + "9123", "m35730007"]


@pytest.mark.parametrize("supervisor_id", NOBODYS)
def test_what_is_no_staff_id_names_no_file(supervisor_id: str | None) -> None:
    rows = pa.Table.from_pylist([correction(1), correction(2, supervisor_id=supervisor_id)])
    keys = Keys(Path("keys.json"), {"3573": bytes(32)})
    lists = {order.owner: order for order in orders(rows, "correction_list", "3573", keys, AS_OF)}
    assert list(lists) == [SUPERVISOR, NO_SUPERVISOR]
    assert lists[NO_SUPERVISOR].rows["written_values"].to_pylist() == ["nilai 2"]
    assert [Path(order.path).name for order in lists.values()] == [f"{SUPERVISOR}.zip", f"{NO_SUPERVISOR}.zip"]


def test_a_column_that_the_policy_does_not_publish_stays_blank() -> None:
    unnamed = {name: value for name, value in correction().items() if name not in ("head_name", "severity")}
    page = listed(unnamed)["Perbaikan"]
    assert column(page, "Kepala keluarga") == [""]
    assert column(page, "ID sub-SLS") == [SUB_SLS]


def test_a_workbook_is_made_without_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there is no such folder"))
    assert workbook([correction()], SUPERVISOR, "3573", AS_OF)


def test_a_zip_opens_with_its_password_alone() -> None:
    packed = sealed("a.xlsx", b"SITI UJI", "right", DAY)
    with pyzipper.AESZipFile(io.BytesIO(packed)) as archive:
        assert [(i.filename, i.date_time[:3], i.wz_aes_strength) for i in archive.infolist()] == [
            ("a.xlsx", (2022, 10, 16), 3)
        ]
        for password in (None, b"wrong"):
            with pytest.raises(RuntimeError, match="password"):
                archive.read("a.xlsx", pwd=password)
        assert archive.read("a.xlsx", pwd=b"right") == b"SITI UJI"
    assert b"SITI" not in packed
    assert sealed("a.xlsx", b"SITI UJI", "right", DAY) != packed
