"""The one pointer to what is live: ``published/CURRENT.json``, replaced last; each tier holds a copy."""

import json
from contextlib import AbstractContextManager
from pathlib import Path

from include.durable import locked, replace_text
from include.publication.package import PACKAGE

CURRENT, TIER_COPY = "CURRENT.json", "CURRENT"


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


def move_pointer(published: Path, as_of: str, build: str, snapshots: dict[str, str]) -> None:
    """Make one snapshot live in every tier: copies first, the pointer itself last, each by one atomic rename."""
    said = {
        "as_of": as_of,
        "build": build,
        "tiers": {tier: {"snapshot": name, "path": f"{tier}/snapshots/{name}"} for tier, name in snapshots.items()},
    }
    text = json.dumps(said, indent=1, sort_keys=True) + "\n"
    for tier in snapshots:
        replace_text(published / tier / TIER_COPY, text)
    replace_text(published / CURRENT, text)
