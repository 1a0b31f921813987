"""What the lists of supervisors and desa cost a night: the first one, and one on which some of them changed.

``python -m benchmarks.lists``; every figure is of a table made here, 38 kab/kota, nothing of a night beside it.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.publication.base import Base
from include.publication.keys import Keys
from include.publication.list_carry import Makers
from include.publication.operational_writer import OperationalWriter
from include.publication.package import checksums

DAYS = ("2022-10-16", "2022-10-17")
KAB = [f"35{number:02d}" for number in range(1, 39)]
KEYS = Keys(Path("none"), {code: code.encode() * 8 for code in KAB})


def main() -> None:
    """Print seconds for each kind of list, one process and two, first night and the next."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--supervisors", type=int, default=920)
    asked.add_argument("--rows", type=int, default=1_000, help="of each supervisor")
    asked.add_argument("--desa", type=int, default=8_494)
    asked.add_argument("--items", type=int, default=60, help="of each desa")
    asked.add_argument("--changed", type=float, default=0.05, help="share of lists that change on the second night")
    said = asked.parse_args()
    for mart, lists, rows, row in (
        ("correction_list", said.supervisors, said.rows, _correction),
        ("desa_follow_up", said.desa, said.items, _item),
    ):
        tables = [
            {kab: _table(row, kab, lists // len(KAB), rows, changed, day) for kab in KAB}
            for changed, day in ((0.0, DAYS[0]), (said.changed, DAYS[1]))
        ]
        _measure(mart, tables)


def _measure(mart: str, tables: list[dict[str, pa.Table]]) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        for processes in (1, 2):
            base: Base | None = None
            for night, (day, of_kab) in enumerate(zip(DAYS, tables, strict=True), start=1):
                folder = root / f"{processes}-{night}"
                begun = time.perf_counter()
                writer = OperationalWriter(KEYS, day, base, "benchmark", Makers(processes))
                for kab, table in of_kab.items():
                    writer.write(table, folder, mart, kab)
                package = writer.says(folder)
                seconds = time.perf_counter() - begun
                base = Base({}, folder, package, checksums(folder))
                lists = sum(path.endswith(".zip") for path in package["list_rows"])
                sys.stdout.write(f"{mart} night {night}, {processes} processes: {lists} lists, {seconds:.1f} s\n")
                sys.stdout.flush()
    finally:
        shutil.rmtree(root)


def _table(
    row: Callable[[str, int, int], dict[str, Any]], kab: str, lists: int, rows: int, changed: float, day: str
) -> pa.Table:
    last = round(lists * changed)
    made = [row(kab, owner, number) for owner in range(lists) for number in range(rows)]
    for line in made[: last * rows]:
        line["head_name"] += " BARU"
    table = pa.Table.from_pylist(made)
    return table.append_column("as_of", pa.array([date.fromisoformat(day)] * len(made)))


def _correction(kab: str, owner: int, number: int) -> dict[str, Any]:
    day = date(2022, 10, 15) - timedelta(days=number % 30)
    return {
        "item_id": f"{kab}{owner:04d}{number:06d}", "item_kind": "rule", "severity": ("error", "warning")[number % 2],
        "rule_id": f"F{number % 40:02d}", "supervisor_id": f"M{kab}{owner:04d}",
        "enumerator_id": f"P{kab}{owner * 8 + number % 8:04d}", "kab_code": kab, "kecamatan_name": "Kecamatan Uji",
        "desa_name": "Desa Uji", "sls_name": f"RT {number % 9}", "idsubsls": f"{kab}010001000{number % 100:03d}",
        "building_number": number % 999, "family_number": number % 300, "head_name": f"SITI UJI {number}",
        "person_line": number % 5, "person_name": f"BUDI UJI {number}",
        "problem_id": f"Isian tidak wajar menurut aturan {number % 40}, harus antara 6 dan 500 meter persegi.",
        "treatment_id": f"Periksa kembali isian {number % 40} dan kirim ulang seluruh dokumen.",
        "problem_en": f"Implausible answer by rule {number % 40}, must lie between 6 and 500 square metres.",
        "treatment_en": f"Check answer {number % 40} and send the whole document again.",
        "written_values": f"r302={number}", "bundle_name": f"{kab}_P{kab}{owner:04d}_20221015_{number % 90:02d}.zip",
        "row_number": number, "submission_id": f"{number:08d}-0000-4000-8000-{owner:012d}", "revision": "1",
        "field_day": day, "arrival_day": day, "first_seen_day": day, "age_days": number % 30,
    }  # fmt: skip


def _item(kab: str, owner: int, number: int) -> dict[str, Any]:
    is_family = number % 2 == 0
    return {
        "item_id": f"{kab}{owner:04d}{number:06d}", "kind": "eligible_unserved" if is_family else "person",
        "kab_code": kab, "bps_desa_code": f"{kab}{owner // 10 + 10:03d}{owner % 10 + 1:03d}", "desa_name": "Desa Uji",
        "kecamatan_name": "Kecamatan Uji", "idsubsls": f"{kab}010001000{number % 100:03d}",
        "building_number": number % 999, "family_number": number % 300, "sls_name": f"RT {number % 9}",
        "head_name": f"SITI UJI {number}", "address": f"JALAN MAWAR NOMOR {owner % 90}",
        "person_name": None if is_family else f"BUDI UJI {number}", "nik": None, "sex": None if is_family else 1,
        "birth_date": None if is_family else date(1980, 6, 15), "programme": "PKH" if is_family else None,
        "reason": "not_listed" if is_family else "dead",
        "problem_id": f"Desil 2 (batas 4), {number % 5} anggota memenuhi syarat; NIK dan KK tidak ada pada daftar.",
        "treatment_id": "Kunjungi keluarga; bila benar layak, bahas dalam musyawarah desa lalu usulkan.",
        "problem_en": "Decile 2.", "treatment_en": "Visit the family.",
    }  # fmt: skip


if __name__ == "__main__":
    main()
