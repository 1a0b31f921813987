"""One CSV member of a bundle, parsed strictly and kept as text."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from include.intake.finding import BundleRejected, Finding
from include.intake.unpack import UNPACKED_BYTES_MAX

_LABEL_LENGTH_MAX = 64

# A note may be longer than csv's default of 128 KiB; a bundle's own limit is the one that counts.
csv.field_size_limit(UNPACKED_BYTES_MAX)


@dataclass(frozen=True)
class MemberRows:
    """Rows of one member: contract columns in the contract's order, then unknown columns as one JSON text or ``""``."""

    rows: list[list[str]]
    unknown_columns: tuple[str, ...]


def read_member(member: str, content: bytes, columns: tuple[str, ...]) -> MemberRows:
    """Parse one member. An unknown column's filled cells are kept; a name beyond 64 letters is cut.

    Raises:
        BundleRejected: BAD_ENCODING, BAD_CSV or MISSING_COLUMN, the first of them that applies, with the row where
            there is one; TOO_LARGE if the unknown columns' names, repeated in each row, would be.
    """
    lines = records(member, content)
    header = next(lines, [])
    if len(set(header)) < len(header):
        raise BundleRejected(Finding("BAD_CSV", member, detail="a header name stands twice"))
    rows = []
    for number, row in enumerate(lines, start=1):
        if len(row) != len(header):
            detail = f"{len(row)} fields, header has {len(header)}"
            raise BundleRejected(Finding("BAD_CSV", member, number, detail))
        rows.append(row)
    _require_columns(member, header, columns)
    return MemberRows(*_in_contract_order(member, rows, header, columns))


def _require_utf8(member: str, content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        whole = content[: error.start].decode()
        row = sum(1 for record in csv.reader(io.StringIO(whole, newline="")) if record) - 1
        raise BundleRejected(Finding("BAD_ENCODING", member, max(row, 0) or None, "not UTF-8")) from None


def records(member: str, content: bytes, delimiter: str = ",") -> Iterator[list[str]]:
    """Yield every record of UTF-8 text, with a BOM or without, but blank lines.

    Raises:
        BundleRejected: BAD_ENCODING, before the first record; BAD_CSV, a broken quote wherever it stands. With the row.
    """
    _require_utf8(member, content)
    # Decoded piece by piece: a StringIO would hold four bytes for every letter.
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    number = 0
    try:
        for row in csv.reader(lines, strict=True, delimiter=delimiter):
            if row:
                yield row
                number += 1
    except csv.Error as error:
        raise BundleRejected(Finding("BAD_CSV", member, number or None, str(error))) from None


def _require_columns(member: str, header: list[str], columns: tuple[str, ...]) -> None:
    present = set(header)
    missing = [name for name in columns if name not in present]
    if missing:
        raise BundleRejected(Finding("MISSING_COLUMN", member, detail=", ".join(missing)))


def _in_contract_order(
    member: str, rows: list[list[str]], header: list[str], columns: tuple[str, ...]
) -> tuple[list[list[str]], tuple[str, ...]]:
    """Put every row into the contract's order, in place: a second copy of a large member would not fit."""
    if tuple(header) == columns:
        for row in rows:
            row.append("")
        return rows, ()
    known = frozenset(columns)
    unknown = [(index, name) for index, name in enumerate(header) if name not in known]
    labels = [(index, _label(index, name)) for index, name in unknown]
    in_order, left = itemgetter(*(header.index(name) for name in columns)), UNPACKED_BYTES_MAX
    for index, row in enumerate(rows):
        kept = _kept(row, labels)
        left -= len(kept)
        if left < 0:
            raise BundleRejected(Finding("TOO_LARGE", member, index + 1, "unknown columns too large to be kept"))
        rows[index] = [*in_order(row), kept]
    return rows, tuple(name for _, name in unknown)


def _label(index: int, name: str) -> str:
    return name if len(name) <= _LABEL_LENGTH_MAX else f"{name[:_LABEL_LENGTH_MAX]}… ({index + 1})"


def _kept(row: list[str], labels: list[tuple[int, str]]) -> str:
    filled = {label: row[index] for index, label in labels if row[index]}
    return json.dumps(filled, ensure_ascii=False) if filled else ""
