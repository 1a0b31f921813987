"""Making, filling and rotating a keys file: always whole, always of mode 0600, never while publishing."""

import base64
import csv
import json
import os
from collections.abc import Iterable
from pathlib import Path

from include.durable import sync_folder
from include.publication.keys import KEY_BYTES, PROVINCE, PSEUDONYMS, KeysError, read_keys
from include.settings import PROJECT

_REGIONS = PROJECT / "dbt_project" / "seeds" / "reference" / "region_master.csv"


def east_java() -> list[str]:
    """The codes a keys file of the province needs: the province office's and the 38 kab/kota's."""
    with _REGIONS.open(encoding="utf-8", newline="") as lines:
        kab_kota = [r["bps_code"] for r in csv.DictReader(lines) if r["level"] == "kabupaten_kota"]
    return [PROVINCE, *sorted(code for code in kab_kota if code.startswith(PROVINCE))]


def add_random_keys(path: Path, codes: Iterable[str]) -> list[str]:
    """Give every code that has none a random key, in a file made if absent; return the codes added.

    Raises:
        KeysError: the file is there and cannot be read, or a code is neither a province's nor a kab/kota's.
    """
    keys = _keys_in(path) if path.exists() else {}
    added = sorted(set(codes) - set(keys))
    codes_added = [code for code in added if code != PSEUDONYMS]
    wrong = [code for code in codes_added if not (code.isascii() and code.isdigit() and len(code) in (2, 4))]
    if wrong:
        raise KeysError(f"{wrong[0]!r} is no code of a province (2 digits) or a kab/kota (4 digits)")
    _write(path, keys | {code: os.urandom(KEY_BYTES) for code in added})
    return added


def rotate(path: Path, code: str) -> None:
    """Replace one key by a new random one; what lies encrypted under the old one stays so.

    Raises:
        KeysError: the file holds no key of that code.
    """
    keys = _keys_in(path)
    if code not in keys:
        read_keys(path).of(code)
    _write(path, keys | {code: os.urandom(KEY_BYTES)})


def _keys_in(path: Path) -> dict[str, bytes]:
    keys = read_keys(path)
    return keys.by_code | ({PSEUDONYMS: keys.pseudonyms} if keys.pseudonyms else {})


def _write(path: Path, keys: dict[str, bytes]) -> None:
    text = json.dumps({code: base64.b64encode(key).decode() for code, key in sorted(keys.items())}, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.beside")
    beside.unlink(missing_ok=True)
    # Of mode 0600 from its first byte, not after a moment in which anybody could open it.
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - a handle
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)
