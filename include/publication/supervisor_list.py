"""Who gets which corrections list: the rows of ``correction_list`` of one kab/kota, by supervisor."""

import re
from collections import defaultdict
from collections.abc import Iterator

from include.publication.list_sheets import Row
from include.publication.list_workbook import workbook

MART, NO_SUPERVISOR = "correction_list", "TANPA_PENGAWAS"

# A file's name is read without a password: only what has the form of a staff id may become one, never a name or a NIK
# that somebody wrote where an id belongs.
_STAFF_ID = re.compile(r"[A-Z][0-9]{8}")


def supervisor_lists(rows: list[Row], kab_code: str, as_of: str) -> Iterator[tuple[str, bytes]]:
    """Make each supervisor's workbook; items of nobody are together under ``TANPA_PENGAWAS``.

    Args:
        rows: rows of ``correction_list`` as the policy publishes them; a column that it does not publish stays blank.
        kab_code: the partition the rows lie in.
        as_of: the arrival day up to which landing was taken in, ``YYYY-MM-DD``.
    """
    by_supervisor: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        supervisor_id = str(row.get("supervisor_id") or "")
        by_supervisor[supervisor_id if _STAFF_ID.fullmatch(supervisor_id) else NO_SUPERVISOR].append(row)
    for supervisor_id in sorted(by_supervisor):
        yield supervisor_id, workbook(by_supervisor[supervisor_id], supervisor_id, kab_code, as_of)
