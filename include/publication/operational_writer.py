"""The operational tier: every partition encrypted with its kab/kota's key before a byte of it reaches the disk."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from include.publication.keys import Keys, keyed_digest, password
from include.publication.package import DICTIONARY, PACKAGE
from include.publication.partition import part_of, partition_of
from include.publication.sealed_zip import sealed
from include.publication.supervisor_list import MART, supervisor_lists

LISTS = "supervisor_list"
_HOW = {
    "parquet": "Parquet modular encryption, AES_GCM_V1, footer and all columns, key of the kab/kota",
    "zip": "AES-256, password derived from the key of the kab/kota and the supervisor's id",
    "keyed_digest": "HMAC-SHA256 of the file before encryption, key of the kab/kota",
    "keys_of": "kab_code=35 and kab_code=UNKNOWN: the province office",
}

# DuckDB 1.5.5 decrypts the first data page of a column chunk only: each chunk must be one page. pyarrow begins a new
# page after 20,000 rows, after data_page_size bytes, and where a dictionary grows beyond its limit.
_ONE_PAGE_A_CHUNK = {
    "row_group_size": 20_000, "max_rows_per_page": 20_000, "data_page_size": 2**30, "dictionary_pagesize_limit": 2**30,
}  # fmt: skip


class OperationalWriter:
    """Writes what one kab/kota may read; randomised, so that sameness is judged by keyed digests."""

    def __init__(self, keys: Keys, as_of: str) -> None:
        """Write with these keys, lists as of this arrival day."""
        self._keys, self._as_of = keys, as_of
        self._digests: dict[str, str] = {}
        self._lists: list[str] = []

    def write(self, table: pa.Table, folder: Path, mart: str, kab_code: str) -> None:
        """Write one kab/kota's rows of one mart encrypted, and of corrections each supervisor's list.

        Raises:
            KeysError: no key of that kab/kota.
        """
        key = self._keys.of(kab_code)
        part = part_of(folder, mart, kab_code)
        self._digests[_path(part, folder)] = keyed_digest(key, _parquet(table))
        part.write_bytes(_parquet(table, encryption_properties=pe.create_encryption_properties(footer_key=key)))
        if mart == MART:
            self._write_lists(table, folder, kab_code, key)

    def counts(self) -> dict[str, int]:
        """How many supervisors' lists were written."""
        return {LISTS: len(self._lists)} if self._lists else {}

    def says(self, folder: Path) -> dict:
        """How it is encrypted, the keyed digest of every file, and the supervisors' lists."""
        files = [folder / path for path in sorted(self._lists)]
        lists = {
            "name": LISTS,
            "title": LISTS,
            "description": "What each supervisor has to see to: one workbook in one encrypted zip",
            "description_id": "Yang perlu ditindaklanjuti tiap pengawas: satu buku kerja dalam satu zip terenkripsi",
            "format": "zip",
            "mediatype": "application/zip",
            "path": sorted(self._lists),
            "byte_count": sum(file.stat().st_size for file in files),
        }
        resources = [lists] if files else []
        return {"resources": resources, "encryption": _HOW, "keyed_digests": dict(sorted(self._digests.items()))}

    def is_same(self, one: Path, other: Path) -> bool:
        """Compare the papers, which hold the keyed digest of every file."""
        return all((one / paper).read_bytes() == (other / paper).read_bytes() for paper in (PACKAGE, DICTIONARY))

    def _write_lists(self, table: pa.Table, folder: Path, kab_code: str, key: bytes) -> None:
        for supervisor_id, workbook in supervisor_lists(table.to_pylist(), kab_code, self._as_of):
            file = partition_of(folder, LISTS, kab_code) / f"{supervisor_id}.zip"
            name = f"perbaikan_{supervisor_id}_{self._as_of}.xlsx"
            self._lists.append(_path(file, folder))
            self._digests[_path(file, folder)] = keyed_digest(key, workbook)
            file.write_bytes(sealed(name, workbook, password(key, supervisor_id), self._as_of))


def _parquet(table: pa.Table, **encrypted: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", **_ONE_PAGE_A_CHUNK, **encrypted)
    return buffer.getvalue()


def _path(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()
