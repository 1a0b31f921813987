"""The first sheet of a supervisor's workbook: whose it is, how much there is of what, and what to do with it."""

from collections import Counter
from datetime import date

from xlsxwriter.worksheet import Worksheet

from include.publication.book import on_a4
from include.publication.list_sheets import Both, Cell, Row
from include.publication.pen import Pen, height

_COUNTED = {
    "error": Both("Kesalahan", "Errors: the document is held"),
    "warning": Both("Peringatan", "Warnings: please check"),
    "rejected_document": Both("Dokumen ditolak", "Rejected documents"),
    "rejected_person": Both("Anggota ditolak", "Rejected persons"),
    "rejected_bundle": Both("Bundel ditolak", "Rejected bundles"),
    "stale_correction": Both("Koreksi kedaluwarsa", "Stale corrections"),
}

_HOW = (
    Both(
        "1. Buka dokumen di tablet pencacah, perbaiki, lalu kirim ulang SELURUH dokumen dengan revisi berikutnya"
        " (revisi + 1) dalam bundel berikutnya. ID dokumen tidak berubah.",
        "Open the document on the enumerator's tablet, correct it and send the WHOLE document again with the next"
        " revision in the next bundle. Its id does not change.",
    ),
    Both(
        "2. Kalau tablet tidak dapat dipakai: mintalah kantor kab/kota mencatatnya dalam corrections.csv (isian lama,"
        " isian baru, oleh siapa, kapan, mengapa).",
        "Where the tablet cannot be used: ask the kab/kota office to enter it in corrections.csv (old value, new value,"
        " by whom, when, why).",
    ),
    Both(
        "3. Dokumen atau bundel yang ditolak belum masuk data sama sekali: betulkan sebabnya dan unggah lagi.",
        "A rejected document or bundle is not in the data at all: mend its cause and upload it again.",
    ),
    Both(
        "4. Koreksi kedaluwarsa tidak diterapkan, paling sering karena isian lamanya sudah berubah: periksa isian"
        " sekarang, lalu putuskan lagi.",
        "A stale correction was not applied, mostly as the old value had changed: look at the value now and decide"
        " again.",
    ),
    Both(
        "5. Baris hilang dari daftar ini setelah kiriman berikutnya lolos pemeriksaan malam.",
        "A line leaves this list once a later upload has passed the nightly checks.",
    ),
    Both(
        "Isian tertulis: r302=998 berarti pertanyaan 302 berisi 998; tanda - berarti kosong, ? berarti terisi tetapi"
        " tidak terbaca.",
        "Written values: r302=998 means that question 302 says 998; - means empty, ? filled but unreadable.",
    ),
    Both(
        "RAHASIA: memuat nama warga. Jangan diteruskan ke grup pesan; musnahkan cetakannya setelah selesai.",
        "CONFIDENTIAL: it names people. Do not forward it to message groups; destroy the print-outs afterwards.",
    ),
)

_OLDEST = Both("Tertua sejak", "Oldest since")
_WIDTHS = (30, 14, 13, 12, 12, 12, 12, 12)


def write_summary(page: Worksheet, pen: Pen, rows: list[Row], supervisor_id: str, kab_code: str, as_of: date) -> None:
    """Write the sheet; ``rows`` are all of the supervisor's items."""
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    pen.write(page, 0, 0, "Daftar perbaikan pengawas", "title")
    pen.write(page, 1, 0, "Supervisor's corrections list", "light")
    counted = _count(rows)
    head: list[tuple[Both, Cell]] = [
        (Both("Pengawas", "Supervisor"), supervisor_id),
        (Both("Kabupaten/Kota", "Regency or city"), kab_code),
        (Both("Keadaan per", "As of the last change on"), as_of),
        (Both("Jumlah butir", "Items"), len(rows)),
        (_OLDEST, _oldest(rows)),
        *((title, counted[kind]) for kind, title in _COUNTED.items()),
    ]
    for number, (title, cell) in enumerate(head, start=3):
        pen.write(page, number, 0, title)
        pen.write(page, number, 1, cell)
        page.set_row(number, height([(title, _WIDTHS[0])]))
    number = _write_enumerators(page, pen, rows, 4 + len(head))
    pen.write(page, number + 1, 0, Both("Cara mengirim perbaikan", "How to send a correction"), "bold")
    page.set_row(number + 1, 30)
    for step, text in enumerate(_HOW, start=number + 2):
        page.merge_range(step, 0, step, 6, "")
        page.set_row(step, height([(text, sum(_WIDTHS))]))
        pen.write(page, step, 0, text, "wrapped")
    page.set_portrait()
    on_a4(page)


def _write_enumerators(page: Worksheet, pen: Pen, rows: list[Row], top: int) -> int:
    titles = [Both("Pencacah", "Enumerator"), *_COUNTED.values(), _OLDEST]
    for place, title in enumerate(titles):
        pen.write(page, top, place, title, "heading")
    page.set_row(top, height(zip(titles, _WIDTHS, strict=True)))
    enumerators = sorted({str(row.get("enumerator_id") or "") for row in rows})
    for number, enumerator_id in enumerate(enumerators, start=top + 1):
        theirs = [row for row in rows if str(row.get("enumerator_id") or "") == enumerator_id]
        counted = _count(theirs)
        cells: list[Cell] = [enumerator_id or "-", *(counted[kind] for kind in _COUNTED), _oldest(theirs)]
        for place, cell in enumerate(cells):
            pen.write(page, number, place, cell)
    return top + len(enumerators) + 1


def _count(rows: list[Row]) -> Counter[str]:
    """By kind; what a later revision must mend is counted by its severity."""
    return Counter(
        str(row.get("item_kind") if row.get("item_kind") in _COUNTED else row.get("severity")) for row in rows
    )


def _oldest(rows: list[Row]) -> date | None:
    return min((row["first_seen_day"] for row in rows if row.get("first_seen_day")), default=None)
