"""What stands in a file that anybody could open: cells of Parquet and SQLite, members of zips, texts and bare bytes."""

import io
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_PARQUET, _SQLITE, _ZLIB = b"PAR1", b"SQLite format 3\0", b"\x78\x9c"
Texts = Iterator[tuple[str, list[str]]]


def texts_below(folder: Path) -> Texts:
    """Every text below a folder and where it stands: a file's name, a column, a zip's member, the bytes themselves.

    A column is the list of its different values, everything else one text. Whatever is encrypted is read as bytes.
    """
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder).as_posix()
        yield f"{path} (name)", [path]
        yield from texts_of(path, file.read_bytes(), file)


def texts_of(place: str, content: bytes, file: Path | None = None) -> Texts:
    """Every text of a file's content; ``file`` is where it lies, for SQLite, which cannot be read from memory.

    Half a file, as a kill leaves it, is read as bytes alone.
    """
    if content.startswith(_PARQUET):
        with suppress(pa.ArrowInvalid):
            cells = list(_columns(place, content))
            yield place, [_footer(content).decode("utf-8", errors="replace")]
            yield from cells
            return
    yield place, [content.decode("utf-8", errors="replace")]
    with suppress(zipfile.BadZipFile, sqlite3.DatabaseError):
        if content.startswith(_SQLITE) and file:
            yield from _tables(place, file)
        elif zipfile.is_zipfile(io.BytesIO(content)):
            yield from _members(place, content)


def _footer(content: bytes) -> bytes:
    """What of a Parquet file stands after its pages: those are cells, and compressed they join digits of several."""
    return content[-8 - int.from_bytes(content[-8:-4], "little") :]


def _columns(place: str, content: bytes) -> Texts:
    table = pq.ParquetFile(io.BytesIO(content)).read()
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield f"{place}:{name}", sorted({str(value) for value in column.to_pylist() if value is not None})


def _tables(place: str, file: Path) -> Texts:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        database.text_factory = lambda text: text.decode("utf-8", errors="replace")
        named = database.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
        for (name,) in named:
            rows = database.execute(f'select * from "{name}"')  # noqa: S608 - a name from the database itself
            columns = [described[0] for described in rows.description]
            for column, values in zip(columns, zip(*rows, strict=True), strict=False):
                yield f"{place}:{name}.{column}", sorted({_cell(value) for value in values if value is not None})


def _cell(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    return (zlib.decompress(value) if value.startswith(_ZLIB) else value).decode("utf-8", errors="replace")


def _members(place: str, content: bytes) -> Texts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            yield f"{place}!{member.filename} (name)", [member.filename]
            if not member.flag_bits & 1:
                yield from texts_of(f"{place}!{member.filename}", archive.read(member))
