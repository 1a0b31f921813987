"""The live snapshot of the operational tier, as a shock response reads it and takes it over."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.publication.package import DICTIONARY, PACKAGE, SUMS, checksums, listed_checksums
from include.publication.pointer import live

TIER = "operational"


class BaseError(RuntimeError):
    """No snapshot is live, or the live one cannot be taken over; the message says which night must run first."""


@dataclass(frozen=True)
class Base:
    """A live snapshot: the pointer that named it, its folder, its package and the checksums of its files."""

    pointer: dict[str, Any]
    folder: Path
    package: dict[str, Any]
    sums: dict[str, str]

    @property
    def as_of(self) -> str:
        """The as-of day of every mart in it."""
        return str(self.pointer["as_of"])

    @property
    def made_from(self) -> dict[str, str]:
        """What it was made from."""
        return self.package["lineage"]


def read_base(published: Path, pointer: dict[str, Any] | None = None) -> Base:
    """Read what is live, or what a pointer named when it was.

    Raises:
        BaseError: nothing is live.
    """
    pointer = pointer or live(published)
    if pointer is None:
        raise BaseError("nothing is published yet: the first night publishes the event with everything else")
    folder = published / pointer["tiers"][TIER]["path"]
    return Base(pointer, folder, json.loads((folder / PACKAGE).read_text()), listed_checksums(folder))


def live_lists(published: Path) -> Base | None:
    """What is live, as far as its papers can be read: lists may be carried over from it; without it all are made."""
    try:
        return read_base(published)
    except (BaseError, KeyError, OSError, ValueError):
        return None


def require_sound(base: Base) -> None:
    """Let pass a snapshot whose files are those of its list and of the sizes its package says, without reading them.

    Raises:
        BaseError: a file is missing, too many, or of another size; or a paper is not what the list says.
    """
    found = {p.relative_to(base.folder).as_posix(): p.stat().st_size for p in base.folder.rglob("*") if p.is_file()}
    found.pop(SUMS, None)
    sizes = {r["name"]: sum(found.get(path, 0) for path in r["path"]) for r in base.package["resources"]}
    others = {path: sha256 for path, sha256 in base.sums.items() if path not in (PACKAGE, DICTIONARY)}
    papers_hold = checksums(base.folder, others) == base.sums
    if not papers_hold or sizes != {r["name"]: r["byte_count"] for r in base.package["resources"]}:
        raise BaseError(f"snapshot {base.folder.name} is not as its papers say: restore it, or run the night anew")
