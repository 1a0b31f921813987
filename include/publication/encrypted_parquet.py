"""Parquet made in memory, plain for its digest or encrypted for the disk."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

# DuckDB 1.5.5 decrypts the first data page of a column chunk only: each chunk must be one page. pyarrow begins a new
# page after 20,000 rows, after data_page_size bytes, and where a dictionary grows beyond its limit.
_ONE_PAGE_A_CHUNK = {
    "row_group_size": 20_000, "max_rows_per_page": 20_000, "data_page_size": 2**30, "dictionary_pagesize_limit": 2**30,
}  # fmt: skip


def plain(table: pa.Table) -> bytes:
    """The file before encryption; the same rows give the same bytes."""
    return _parquet(table)


def encrypted(table: pa.Table, key: bytes) -> bytes:
    """The file as it may lie on disk: footer and all columns under one key."""
    return _parquet(table, encryption_properties=pe.create_encryption_properties(footer_key=key))


def _parquet(table: pa.Table, **encryption: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", **_ONE_PAGE_A_CHUNK, **encryption)
    return buffer.getvalue()
