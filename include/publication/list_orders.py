"""Which lists a mart gives: its rows of one kab/kota, by supervisor or by desa."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa

from include.publication.keys import Keys, desa_key, desa_password, password
from include.publication.list_order import SUPERVISORS, ListOrder

SUPERVISOR_LIST, DESA, NO_SUPERVISOR = "supervisor_list", "desa", "TANPA_PENGAWAS"
DESA_MARTS = ("desa_follow_up", "shock_affected_family")

# What changes merely because a day passes: no list shows it, so that a list nothing has changed can be carried over.
OF_THE_DAY = ("as_of", "age_days", "staleness_days")

# A file's name is read without a password: only what has the form of a staff id may become one, never a name or a NIK
# that somebody wrote where an id belongs.
_STAFF_ID, _DESA = re.compile(r"[A-Z][0-9]{8}"), re.compile(r"[0-9]{10}")


def orders(table: pa.Table, mart: str, kab_code: str, keys: Keys, as_of: str) -> Iterator[ListOrder]:
    """What has to be made of one kab/kota's rows of a mart; of most marts nothing.

    Args:
        table: rows as the policy publishes them, in the order of the mart's grain.
        mart: the mart's name.
        kab_code: the partition the rows lie in.
        keys: the keys file's; a list's password and a desa's key are derived from the kab/kota's.
        as_of: the arrival day up to which landing was taken in, ``YYYY-MM-DD``.
    """
    if mart == SUPERVISORS:
        yield from _of_supervisors(table, kab_code, keys, as_of)
    if mart in DESA_MARTS and "bps_desa_code" in table.column_names:
        yield from _of_desa(table, mart, kab_code, keys, as_of)


def supervisor_of(supervisor_id: object) -> str:
    """Whose list an item is on; items of nobody are together under ``TANPA_PENGAWAS``."""
    named = str(supervisor_id or "")
    return named if _STAFF_ID.fullmatch(named) else NO_SUPERVISOR


def _of_supervisors(table: pa.Table, kab_code: str, keys: Keys, as_of: str) -> Iterator[ListOrder]:
    ids = table["supervisor_id"].to_pylist() if "supervisor_id" in table.column_names else [None] * len(table)
    key = keys.of(kab_code)
    for owner, rows in _shares(table, map(supervisor_of, ids)):
        path = f"{SUPERVISOR_LIST}/kab_code={kab_code}/{owner}.zip"
        yield ListOrder(SUPERVISORS, owner, kab_code, path, as_of, rows, key, password(key, owner))


def _of_desa(table: pa.Table, mart: str, kab_code: str, keys: Keys, as_of: str) -> Iterator[ListOrder]:
    for desa, rows in _shares(table, table["bps_desa_code"].to_pylist()):
        # A place that is no desa of the kab/kota has no folder and no key of its own: its kab/kota has the row.
        if not (desa and _DESA.fullmatch(desa) and desa.startswith(kab_code)):
            continue
        folder = f"{DESA}/kab_code={kab_code}/kecamatan_code={desa[:7]}/desa_code={desa}"
        key = desa_key(keys, desa)
        yield ListOrder(mart, desa, kab_code, f"{folder}/{mart}.zip", as_of, rows, key, desa_password(key))


def _shares(table: pa.Table, owners: Iterable[str]) -> Iterator[tuple[str, pa.Table]]:
    """A table's rows by owner, sorted by owner, in the table's own order, without what changes by the day."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, owner in enumerate(owners):
        places[owner].append(place)
    kept = table.select([name for name in table.column_names if name not in OF_THE_DAY]).combine_chunks()
    for owner in sorted(places, key=str):
        yield owner, kept.take(places[owner])
