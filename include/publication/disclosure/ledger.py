"""What was released of attributes, one file a snapshot: ``releases/<open snapshot>.parquet`` in the state folder.

It holds what the areas of a pool had each, which nobody else may see: mode 0600. A release that never went live was
never seen, and counts for nothing.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from include.durable import private_files, replace_bytes
from include.publication.disclosure.atoms import Atom
from include.publication.pointer import ever_live

MART = "area_profile"
_FOLDER = "releases"
_SCHEMA = pa.schema([
    ("attribute", pa.string()),
    ("inside", pa.string()),
    ("areas", pa.list_(pa.string())),
    ("parts", pa.list_(pa.list_(pa.int64()))),
    ("released_on", pa.string()),
])  # fmt: skip


class ReleaseLedgerError(RuntimeError):
    """What was released before is not on file; the message says which file to restore."""


@dataclass(frozen=True)
class Released:
    """The atoms of every attribute, what they were made of, and the snapshot they were released after.

    ``night`` is the digest of the night's inputs; ``after`` the snapshot whose release was the one before, or empty.
    """

    night: str
    after: str
    atoms: dict[str, list[Atom]]


NOTHING = Released("", "", {})


def last_released(state: Path, published: Path, tier: str) -> tuple[str, Released]:
    """The newest release that ever was live, with the name of its snapshot; after a rollback too.

    Raises:
        ReleaseLedgerError: a snapshot was live whose release is not on file.
    """
    named = ever_live(published, tier)
    if not named:
        return "", NOTHING
    newest = named[-1]
    if _file(state, newest).exists():
        return newest, read_released(state, newest)
    snapshot = published / tier / "snapshots" / newest
    if snapshot.exists() and not (snapshot / MART).exists():
        return "", NOTHING  # written before there was such a mart
    raise ReleaseLedgerError(
        f"{_file(state, newest)} is missing: restore it, for what {newest} showed decides what may be shown next"
    )


def read_released(state: Path, snapshot: str) -> Released:
    """Read the release of one snapshot."""
    table = pq.read_table(_file(state, snapshot))
    said = table.schema.metadata
    atoms: dict[str, list[Atom]] = {}
    for row in table.to_pylist():
        parts = tuple(map(tuple, row["parts"]))
        atoms.setdefault(row["attribute"], []).append(
            Atom(tuple(row["areas"]), row["inside"], parts, row["released_on"])
        )
    return Released(said[b"night"].decode(), said[b"after"].decode(), atoms)


def write_released(state: Path, snapshot: str, released: Released) -> None:
    """Write a release down before its snapshot may become live; whole or not at all."""
    rows = [
        {
            "attribute": name,
            "inside": atom.inside,
            "areas": list(atom.areas),
            "parts": [list(part) for part in atom.parts],
            "released_on": atom.released_on,
        }
        for name, atoms in sorted(released.atoms.items())
        for atom in atoms
    ]
    table = pa.Table.from_pylist(rows, _SCHEMA)
    table = table.replace_schema_metadata({"night": released.night, "after": released.after})
    written = io.BytesIO()
    pq.write_table(table, written, compression="zstd")
    path = _file(state, snapshot)
    with private_files():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_bytes(path, written.getvalue())


def _file(state: Path, snapshot: str) -> Path:
    return state / _FOLDER / f"{snapshot}.parquet"
