"""Which landing folders a night has to take in: those not yet in raw, and those that changed since."""

from pathlib import Path

from include.contract import HEADQUARTERS
from include.intake.arrival import UPLOADS, arrival, arrival_days
from include.intake.exports.mapping_file import PACKAGED
from include.intake.headquarters import snapshot_files, take_in_snapshot
from include.intake.landing import LandedFile, Landing, fingerprint, folder_day
from include.intake.raw_store import Partition, partitions
from include.intake.uploads import take_in_uploads


def pending_days(landing: Landing, raw: Path, as_of: str, mappings: Path = PACKAGED) -> list[str]:
    """Name the arrival days up to ``as_of`` to take in, in order: new, changed since, or gone from the landing zone.

    A day has changed too when the mapping of one of its exports has.

    Raises:
        LandingError: a folder's name is no day, so its bundles would wait unseen.
    """
    known = partitions(raw, UPLOADS)
    days = {d for d in {*arrival_days(landing), *known} if folder_day(UPLOADS, d).isoformat() <= as_of}
    return sorted(day for day in days if _changed(arrival(landing, day, mappings).files, day, known))


def pending_snapshots(landing: Landing, raw: Path, as_of: str) -> list[tuple[str, str]]:
    """Name the headquarters' snapshots, (kind, folder), that count by ``as_of`` and are new, changed or gone."""
    pending = []
    for kind in HEADQUARTERS:
        known = partitions(raw, kind)
        folders = {f for f in {*landing.days(kind), *known} if folder_day(kind, f).isoformat() <= as_of}
        pending += [
            (kind, folder)
            for folder in sorted(folders)
            if _changed(snapshot_files(landing, kind, folder), folder, known)
        ]
    return pending


def take_in_pending(landing: Landing, raw: Path, as_of: str, mappings: Path = PACKAGED) -> dict:
    """Take in everything pending; return how many folders and bundles were read, and which days were there before."""
    days = pending_days(landing, raw, as_of, mappings)
    again = [day for day in days if day in partitions(raw, UPLOADS)]
    taken = [take_in_uploads(landing, day, raw, mappings) for day in days]
    bundles = sum(partition.rows["bundles"] for partition in taken if partition)
    return {"days": len(days), "bundles": bundles, "days_taken_in_again": again}


def take_in_pending_snapshots(landing: Landing, raw: Path, as_of: str) -> dict[str, int]:
    """Take in every pending headquarters' snapshot; return how many."""
    snapshots = pending_snapshots(landing, raw, as_of)
    for kind, folder in snapshots:
        take_in_snapshot(landing, kind, folder, raw)
    return {"snapshots": len(snapshots)}


def _changed(listing: list[LandedFile], folder: str, known: dict[str, Partition]) -> bool:
    if not listing:
        return folder in known
    return folder not in known or known[folder].listing != fingerprint(listing)
