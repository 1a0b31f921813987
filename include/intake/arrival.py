"""What arrived on one day: enumerators' bundles and other field tools' exports. Names files, reads none."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from include.intake.exports.mapping_file import mapping_path
from include.intake.landing import LandedFile, Landing, folder_day

UPLOADS, EXPORTS = "uploads", "exports"


@dataclass(frozen=True)
class Arrival:
    """The files of one arrival day. ``exports`` holds them by mapping id, ``""`` for those in no mapping's folder.

    ``files`` is everything the day's rows depend on, the mappings included: its fingerprint says whether they changed.
    """

    bundles: list[LandedFile]
    exports: dict[str, list[LandedFile]]
    files: list[LandedFile]


def arrival_days(landing: Landing) -> list[str]:
    """Name the days on which a bundle's or an export's folder was opened, in order.

    Raises:
        LandingError: a folder's name is no day, so what lies in it would wait unseen.
    """
    return sorted({name for kind in (UPLOADS, EXPORTS) for name in landing.days(kind) if folder_day(kind, name)})


def arrival(landing: Landing, day: str, mappings: Path) -> Arrival:
    """List what arrived on one day."""
    bundles = landing.listing(UPLOADS, day)
    exports: dict[str, list[LandedFile]] = {}
    named = []
    for file in landing.tree(EXPORTS, day):
        folder, _, _ = file.name.rpartition("/")
        exports.setdefault(folder.partition("/")[0], []).append(file)
        named.append(LandedFile(f"{EXPORTS}/{file.name}", file.path, file.stamp, file.size))
    read_through = [_mapping_file(mappings, mapping_id) for mapping_id in exports]
    return Arrival(bundles, exports, [*bundles, *named, *read_through])


def _mapping_file(mappings: Path, mapping_id: str) -> LandedFile:
    path = mapping_path(mappings, mapping_id)
    stamp = hashlib.sha256(path.read_bytes()).hexdigest() if path else "none"
    return LandedFile(f"mappings/{mapping_id}", str(path), stamp)
