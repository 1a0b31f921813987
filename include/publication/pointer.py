"""The one pointer to what is live: ``published/CURRENT.json``, replaced last; each tier holds a copy.

``published/history`` holds what was live before it, a file each, in order: what a rollback may go back to.
"""

import json
from contextlib import AbstractContextManager
from pathlib import Path

from include.durable import locked, replace_text
from include.publication.package import PACKAGE

CURRENT, TIER_COPY, HISTORY = "CURRENT.json", "CURRENT", "history"
_MIRROR_LOCK = ".mirror"


def live(published: Path) -> dict | None:
    """Read the pointer: ``{"as_of", "build", "tiers": {tier: {"snapshot", "path"}}}``; ``None`` before the first."""
    pointer = published / CURRENT
    return json.loads(pointer.read_text()) if pointer.exists() else None


def live_resources(published: Path, tier: str) -> list[dict]:
    """What the live data package of a tier says of its files; nothing before the first."""
    said = (live(published) or {"tiers": {}})["tiers"].get(tier)
    return json.loads((published / said["path"] / PACKAGE).read_text())["resources"] if said else []


def pointer_lock(published: Path) -> AbstractContextManager[None]:
    """Hold the pointer still: a night and a shock response compare and move it one after the other (docs/adr/0013)."""
    return locked(published)


def writing(published: Path) -> AbstractContextManager[None]:
    """Say that snapshots are being written: nights and responses do so side by side, housekeeping never meanwhile."""
    return locked(published / HISTORY, shared=True)


def nobody_writing(published: Path) -> AbstractContextManager[None]:
    """Hold off whoever would write a snapshot.

    Raises:
        BlockingIOError: somebody is writing one.
    """
    return locked(published / HISTORY, wait=False)


def mirror_lock(published: Path) -> AbstractContextManager[None]:
    """Let one run at a time write to the mirror; the pointer here moves on meanwhile (docs/adr/0019)."""
    return locked(published / _MIRROR_LOCK)


def past_pointers(published: Path) -> list[dict]:
    """What was live, oldest first, and at the end what is."""
    past = [json.loads(path.read_text()) for path in sorted((published / HISTORY).glob("*.json"))]
    current = live(published)
    return past if current is None or past[-1:] == [current] else [*past, current]


def ever_live(published: Path, tier: str) -> list[str]:
    """Names of the snapshots of a tier that ever were live, by the first time they were."""
    return list(dict.fromkeys(p["tiers"][tier]["snapshot"] for p in past_pointers(published) if tier in p["tiers"]))


def move_pointer(published: Path, as_of: str, build: str, snapshots: dict[str, str]) -> None:
    """Make one snapshot live in every tier: copies first, the pointer itself last, each by one atomic rename.

    What is live goes into the history first. A kill between the two leaves it there as the last entry, and live.
    """
    said = {
        "as_of": as_of,
        "build": build,
        "tiers": {tier: {"snapshot": name, "path": f"{tier}/snapshots/{name}"} for tier, name in snapshots.items()},
    }
    _remember(published, said)
    text = pointer_text(said)
    for tier in snapshots:
        replace_text(published / tier / TIER_COPY, text)
    replace_text(published / CURRENT, text)


def _remember(published: Path, to_come: dict) -> None:
    current, past = live(published), sorted((published / HISTORY).glob("*.json"))
    if current and current != to_come and not (past and json.loads(past[-1].read_text()) == current):
        (published / HISTORY).mkdir(exist_ok=True)
        replace_text(published / HISTORY / f"{len(past) + 1:06d}.json", pointer_text(current))


def pointer_text(pointer: dict) -> str:
    """The bytes of a pointer's file, the same for what says the same."""
    return json.dumps(pointer, indent=1, sort_keys=True) + "\n"
