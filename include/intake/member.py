"""One CSV member of a bundle, parsed strictly and kept as text."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from include.intake.finding import BundleRejected, Finding
from include.intake.unpack import UNPACKED_BYTES_MAX

# A note may be longer than csv's default of 128 KiB; a bundle's own limit is the one that counts.
csv.field_size_limit(UNPACKED_BYTES_MAX)


@dataclass(frozen=True)
class MemberRows:
    """Rows of one member: contract columns in the contract's order, then unknown columns as one JSON text or ``""``."""

    rows: list[list[str]]
    unknown_columns: tuple[str, ...]


def read_member(member: str, content: bytes, columns: tuple[str, ...]) -> MemberRows:
    """Parse one member.

    Raises:
        BundleRejected: BAD_ENCODING, BAD_CSV or MISSING_COLUMN, with the row where there is one.
    """
    lines = records(member, decoded(member, content))
    header = next(lines, [])
    _judge_header(member, header, columns)
    unknown = tuple(name for name in header if name not in columns)
    rows = []
    for number, row in enumerate(lines, start=1):
        if len(row) != len(header):
            detail = f"{len(row)} fields, header has {len(header)}"
            raise BundleRejected(Finding("BAD_CSV", member, number, detail))
        rows.append(row)
    return MemberRows(_in_contract_order(rows, header, columns, unknown), unknown)


def decoded(member: str, content: bytes) -> str:
    """Decode UTF-8, with a BOM or without.

    Raises:
        BundleRejected: BAD_ENCODING, with the row.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start)
        raise BundleRejected(Finding("BAD_ENCODING", member, row or None, "not UTF-8")) from None


def records(member: str, text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """Yield every record but blank lines; a broken quote is found wherever it stands.

    Raises:
        BundleRejected: BAD_CSV, with the row.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    number = 0
    try:
        for row in reader:
            if row:
                yield row
                number += 1
    except csv.Error as error:
        raise BundleRejected(Finding("BAD_CSV", member, number or None, str(error))) from None


def _judge_header(member: str, header: list[str], columns: tuple[str, ...]) -> None:
    if any(count > 1 for count in Counter(header).values()):
        raise BundleRejected(Finding("BAD_CSV", member, detail="a header name stands twice"))
    missing = [name for name in columns if name not in header]
    if missing:
        raise BundleRejected(Finding("MISSING_COLUMN", member, detail=", ".join(missing)))


def _in_contract_order(
    rows: list[list[str]], header: list[str], columns: tuple[str, ...], unknown: tuple[str, ...]
) -> list[list[str]]:
    if tuple(header) == columns:
        for row in rows:
            row.append("")
        return rows
    order = [header.index(name) for name in columns]
    extra = [(name, header.index(name)) for name in unknown]
    return [
        [*(row[i] for i in order), json.dumps({n: row[i] for n, i in extra}, ensure_ascii=False) if extra else ""]
        for row in rows
    ]
