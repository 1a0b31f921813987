"""The largest bundles there can be; ``python -m tests.hostile.largest <folder>`` takes them in and prints its peak.

In a process of its own: a peak of memory (MiB) is never given back.
"""

import hashlib
import json
import resource
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from include.contract import FAMILY_COLUMNS, FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from include.intake.landing import open_landing
from include.intake.unpack import PACKED_BYTES_MAX, UNPACKED_BYTES_MAX
from include.intake.uploads import take_in_uploads
from tests.builders import DAY, LandingZone
from tests.hostile.case import NAME
from tests.hostile.crafted_zip import STORED, Member, bundle, members, packed
from tests.hostile.manifests import SAID

_ADDRESS_SPACE_BYTES = 6 * 2**30


def _bombs() -> bytes:
    """A quarter of a gigabyte behind a directory entry that claims what is allowed."""
    deflating = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"".join([*(deflating.compress(bytes(2**20)) for _ in range(256)), deflating.flush()])
    return bundle(family={"packed": zeros, "size": 2**20})


def _largest() -> bytes:
    """As large as may be, in the cells that cost Python most: two letters each, stored so that no ratio trips."""
    header = ",".join(FAMILY_COLUMNS).encode() + b"\n"
    row = b",".join([b"ab"] * len(FAMILY_COLUMNS)) + b"\n"
    rows = (UNPACKED_BYTES_MAX - 10_000) // len(row)
    text = header + row * rows
    files = SAID["files"] | {FAMILY_MEMBER: {"sha256": hashlib.sha256(text).hexdigest(), "rows": rows}}
    whole = members()
    manifest = replace(whole[MANIFEST_MEMBER], plain=json.dumps(SAID | {"files": files}).encode())
    return packed([manifest, Member(FAMILY_MEMBER.encode(), text, STORED), whole[PERSON_MEMBER]])


def _above_the_limit() -> bytes:
    return bytes(2 * PACKED_BYTES_MAX)


KINDS = {"bombs": (_bombs, 20), "bundles of 64 MiB": (_largest, 2), "files above the limit": (_above_the_limit, 3)}


def furnish(kind: str, folder: Path) -> None:
    """Write an arrival day of such bundles."""
    make, count = KINDS[kind]
    content = make()
    for number in range(count):
        LandingZone(folder / "landing").write(f"uploads/{DAY}/{NAME.replace('_01.', f'_{number:02d}.')}", content)


def take_in(folder: str) -> None:
    """Take in what lies there, under a limit that a runaway would meet."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE_BYTES, _ADDRESS_SPACE_BYTES))
    raw = Path(folder) / "raw"
    take_in_uploads(open_landing(f"{folder}/landing"), DAY, raw)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = pq.read_table(raw / "uploads" / DAY / "bundle_findings.parquet").column("reason").to_pylist()
    sys.stdout.write(f"{peak} {sorted(set(found))}\n")


if __name__ == "__main__":
    take_in(sys.argv[1])
