"""Random keys for a first look: in the keys file the Makefile names, and only where there is none."""

import csv
import os
import sys
from pathlib import Path

from include.publication.key_file import add_random_keys, east_java
from include.publication.keys import PSEUDONYMS
from include.settings import PREFIX


def make_keys() -> None:
    """Write a random key for each kab/kota of East Java and of the frame that waits in landing, and say so."""
    path = Path(os.environ[f"{PREFIX}KEYS_FILE"])
    if path.exists():
        add_random_keys(path, {PSEUDONYMS})
        return
    added = add_random_keys(path, {PSEUDONYMS, *east_java(), *_kab_codes(Path(os.environ[f"{PREFIX}LANDING"]))})
    sys.stdout.write(
        f"Wrote {len(added)} random keys, of the operational tier and of pseudonyms: {path} (mode 0600, not in git)\n\n"
    )


def _kab_codes(landing: Path) -> set[str]:
    codes: set[str] = set()
    for staff in landing.glob("frame/*/staff.csv"):
        with staff.open(encoding="utf-8-sig", newline="") as lines:
            codes |= {row.get("kab_code") or "" for row in csv.DictReader(lines)}
    return {code for code in codes if len(code) == 4 and code.isascii() and code.isdigit()}
