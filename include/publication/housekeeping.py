"""Take away snapshots that nobody needs. Files are shared by hard link, so that none loses what another keeps."""

import shutil
from datetime import date
from pathlib import Path

from include.publication.pointer import live, nobody_writing, past_pointers, pointer_lock


class BusyError(RuntimeError):
    """A snapshot is being written. Nothing was taken away; tried again, it will be."""


def tidy(published: Path, days: int) -> dict[str, int]:
    """Keep what is live, what was last live as of each of the last ``days`` as-of days, and the last of each week.

    Whatever else lies below a tier's ``snapshots`` goes: older ones, ones that were never live, leftovers of kills.

    Returns ``{"kept": snapshots, "removed": folders}`` over all tiers.

    Raises:
        BusyError: a night or a response is writing.
    """
    try:
        with nobody_writing(published), pointer_lock(published):
            kept = {published / path for path in kept_snapshots(published, days)}
            folders = set(published.glob("*/snapshots/*"))
            for folder in sorted(folders - kept):
                shutil.rmtree(folder)
    except BlockingIOError:
        raise BusyError("a snapshot is being written: nothing was taken away") from None
    return {"kept": len(folders & kept), "removed": len(folders - kept)}


def kept_snapshots(published: Path, days: int) -> set[str]:
    """Paths below ``published`` of the snapshots that :func:`tidy` keeps."""
    return {said["path"] for pointer in _kept(published, days) for said in pointer["tiers"].values()}


def _kept(published: Path, days: int) -> list[dict]:
    last_of_day = {pointer["as_of"]: pointer for pointer in past_pointers(published)}
    as_ofs = sorted(last_of_day)
    last_of_week = {date.fromisoformat(as_of).isocalendar()[:2]: as_of for as_of in as_ofs}
    current = live(published)
    kept = [last_of_day[as_of] for as_of in {*as_ofs[-days:], *last_of_week.values()}]
    return [*kept, current] if current else kept
