"""``affected.csv``: who is known to be affected by a shock, row by row as written."""

from include.contract import AFFECTED_COLUMNS, AFFECTED_MEMBER, AFFECTED_STATUSES
from include.intake.event_file import is_day
from include.intake.finding import BundleRejected, Finding
from include.intake.member import records

AffectedRow = list  # row number, then the contract's columns


def read_affected(content: bytes) -> tuple[list[AffectedRow], list[Finding]]:
    """Give the rows that count, and what is wrong with others. A row with an unreadable day stays.

    Raises:
        BundleRejected: BAD_ENCODING, BAD_CSV or MISSING_COLUMN: the list cannot be read at all.
    """
    lines = records(AFFECTED_MEMBER, content)
    header = next(lines, [])
    places = _places(header)
    rows: list[AffectedRow] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines, start=1):
        if len(line) != len(header):
            detail = f"{len(line)} fields, header has {len(header)}"
            findings.append(Finding("BAD_ROW", AFFECTED_MEMBER, number, detail))
            continue
        nik, status, status_date = (line[place].strip().replace("\0", "") for place in places)
        if status not in AFFECTED_STATUSES:
            detail = f"status is none of {', '.join(AFFECTED_STATUSES)}"
            findings.append(Finding("UNKNOWN_STATUS", AFFECTED_MEMBER, number, detail))
            continue
        if not is_day(status_date):
            findings.append(Finding("BAD_STATUS_DATE", AFFECTED_MEMBER, number, "status_date is no day YYYY-MM-DD"))
        rows.append([number, nik, status, status_date])
    return rows, findings


def _places(header: list[str]) -> list[int]:
    missing = [name for name in AFFECTED_COLUMNS if name not in header]
    if missing:
        raise BundleRejected(Finding("MISSING_COLUMN", AFFECTED_MEMBER, detail=", ".join(missing)))
    if len(set(header)) < len(header):
        raise BundleRejected(Finding("BAD_CSV", AFFECTED_MEMBER, detail="a header name stands twice"))
    return [header.index(name) for name in AFFECTED_COLUMNS]
