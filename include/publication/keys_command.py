"""What the holder of a keys file may ask of it: keys, passwords, a new file, a new key."""

import argparse
import base64
import os
import sys
from pathlib import Path

from include.publication.key_file import add_random_keys, east_java, rotate
from include.publication.keys import PSEUDONYMS, Keys, KeysError, desa_key, desa_password, password, read_keys
from include.settings import PREFIX


def main(arguments: list[str] | None = None) -> int:
    """Answer from a keys file, or change it; returns the process' exit code."""
    asked = _asked(arguments)
    try:
        changed = _change(asked)
        said = changed or _answer(asked, read_keys(asked.keys))
    except KeysError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m include.publication.keys", description=__doc__)
    given = os.environ.get(f"{PREFIX}KEYS_FILE")
    parser.add_argument(
        "--keys", type=Path, default=given, required=not given, metavar="FILE", help=f"default: ${PREFIX}KEYS_FILE"
    )
    parser.add_argument("--supervisor", metavar="ID", help="print the password of a supervisor's zips")
    parser.add_argument("--desa", metavar="CODE", help="print the key derived for a desa, in base64")
    parser.add_argument("--password", action="store_true", help="with --desa: print the password of its zips instead")
    parser.add_argument("--kab", metavar="CODE", help="print a kab/kota's key; with --supervisor: in whose folder")
    parser.add_argument("--make", action="store_true", help="make a keys file with random keys for all of East Java")
    parser.add_argument("--add", nargs="+", metavar="CODE", help="add random keys")
    parser.add_argument("--rotate", metavar="CODE", help="replace a key by a new random one")
    return parser.parse_args(arguments)


def _change(asked: argparse.Namespace) -> list[str]:
    if asked.make and asked.keys.exists():
        raise KeysError(f"keys file {asked.keys} is there already: --add adds to it, --rotate replaces a key")
    said = []
    if asked.make or asked.add:
        codes = [*([*east_java(), PSEUDONYMS] if asked.make else []), *(asked.add or [])]
        said.append(f"{asked.keys}: {len(add_random_keys(asked.keys, codes))} random keys added, mode 0600")
    if asked.rotate:
        rotate(asked.keys, asked.rotate)
        said.append(f"{asked.keys}: new key of {asked.rotate}")
    return said


def _answer(asked: argparse.Namespace, keys: Keys) -> list[str]:
    said = []
    if asked.supervisor:
        said.append(password(keys.of(asked.kab or asked.supervisor[1:5]), asked.supervisor))
    if asked.desa:
        key = desa_key(keys, asked.desa)
        said.append(desa_password(key) if asked.password else _text(key))
    if asked.kab and not asked.supervisor:
        said.append(_text(keys.of(asked.kab)))
    return said or [f"{asked.keys}: keys of {', '.join(sorted(keys.by_code))}"]


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
