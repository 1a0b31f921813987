"""The operational tier: every partition encrypted with its kab/kota's key before a byte of it reaches the disk."""

import json
from pathlib import Path

import pyarrow as pa

from include.publication.base import Base
from include.publication.encrypted_parquet import encrypted, plain
from include.publication.keys import Keys, keyed_digest
from include.publication.list_carry import Carry, Makers, linked_or_made
from include.publication.list_orders import DESA, SUPERVISOR_LIST, orders
from include.publication.list_resources import list_resources
from include.publication.package import DICTIONARY, PACKAGE
from include.publication.partition import part_of

# What a night's figures call the lists, and where they lie.
LIST_COUNTS = {"supervisor_list": SUPERVISOR_LIST, "desa_list": DESA}
_HOW = {
    "parquet": "Parquet modular encryption, AES_GCM_V1, footer and all columns, key of the kab/kota; below desa/ the"
    " desa's own, derived from it",
    "zip": "AES-256, password derived from the key of the kab/kota and the supervisor's id, or from the desa's key",
    "keyed_digest": "HMAC-SHA256 of the file before encryption, of a zip of its members, key of the kab/kota or desa",
    "list_rows": "HMAC-SHA256 of the rows a list was made of, same key: a list of the same rows is carried over",
    "keys_of": "kab_code=35 and kab_code=UNKNOWN: the province office",
}


class OperationalWriter:
    """Writes what one kab/kota may read; randomised, so that sameness is judged by keyed digests."""

    def __init__(
        self, keys: Keys, as_of: str, base: Base | None = None, made_with: str = "", makers: Makers | None = None
    ) -> None:
        """Write with these keys, lists as of this arrival day; a list that ``base`` has is carried over from it."""
        self._keys, self._as_of = keys, as_of
        self._carry, self._makers = Carry(base, made_with), makers or Makers()
        self._digests: dict[str, str] = {}
        self._list_rows: dict[str, str] = {}

    def write(self, table: pa.Table, folder: Path, mart: str, kab_code: str) -> None:
        """Write one kab/kota's rows of one mart encrypted, and the lists of supervisors and desa it gives.

        Raises:
            KeysError: no key of that kab/kota.
        """
        key = self._keys.of(kab_code)
        part = part_of(folder, mart, kab_code)
        self._digests[part.relative_to(folder).as_posix()] = keyed_digest(key, plain(table))
        part.write_bytes(encrypted(table, key))
        wanted = orders(table, mart, kab_code, self._keys, self._as_of)
        for path, rows, content in linked_or_made(wanted, self._carry, self._makers, folder):
            self._list_rows[path], self._digests[path] = rows, content

    def counts(self) -> dict[str, int]:
        """How many lists of supervisors and of desa there are."""
        zips = [path for path in self._list_rows if path.endswith(".zip")]
        counted = {name: sum(path.startswith(f"{of}/") for path in zips) for name, of in LIST_COUNTS.items()}
        return {name: lists for name, lists in counted.items() if lists}

    def says(self, folder: Path) -> dict:
        """How it is encrypted, the keyed digest of every file, and the lists. All is written by now."""
        self._makers.close()
        return {
            "resources": list_resources(folder, self._list_rows),
            "encryption": _HOW,
            "keyed_digests": dict(sorted(self._digests.items())),
            "list_rows": dict(sorted(self._list_rows.items())),
        }

    def is_same(self, one: Path, other: Path) -> bool:
        """Compare the papers, which hold the keyed digest of every file."""
        return _content(one) == _content(other)


def _content(folder: Path) -> tuple[dict, bytes]:
    """What papers say of content: of lists their rows, for the day printed in them is that of their last change."""
    package = json.loads((folder / PACKAGE).read_text())
    lists = package["list_rows"]
    package["keyed_digests"] = {path: d for path, d in package["keyed_digests"].items() if path not in lists}
    for resource in package["resources"]:
        if resource["path"] and resource["path"][0] in lists:
            del resource["byte_count"]
    return package, (folder / DICTIONARY).read_bytes()
