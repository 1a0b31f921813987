"""Shocks: ``landing/events/<event_id>/{event.json,affected.csv}`` to raw partition ``events/<event_id>``.

An event has no arrival day: what lies in the landing zone at the run counts, and its newest content replaces the old.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from include.contract import AFFECTED_MEMBER, EVENT_MEMBER, EVENTS
from include.intake.affected import AffectedRow, read_affected
from include.intake.event_file import Event, read_event
from include.intake.finding import BundleRejected, Finding
from include.intake.landing import LandedFile, Landing, fingerprint
from include.intake.raw_schema import EVENT_TABLES
from include.intake.raw_store import Partition, RawWriter, partitions, remove, replacing, write_note

EVENT_BYTES_MAX = 8 * 2**20
AFFECTED_BYTES_MAX = 64 * 2**20
_BYTES_MAX = {EVENT_MEMBER: EVENT_BYTES_MAX, AFFECTED_MEMBER: AFFECTED_BYTES_MAX}
_EVENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


@dataclass(frozen=True)
class _Read:
    """What one folder says; no event where it is left out."""

    event: Event | None
    affected: list[AffectedRow]
    findings: list[Finding]


def event_files(landing: Landing, event_id: str) -> list[LandedFile]:
    """List the files of an event that the contract names; others beside them do not count."""
    return [file for file in landing.listing(EVENTS, event_id) if file.name in _BYTES_MAX]


def pending_events(landing: Landing, raw: Path) -> list[str]:
    """Name the events to take in, sorted: new, changed since, or gone from the landing zone."""
    known = partitions(raw, EVENTS)
    listings = {event_id: event_files(landing, event_id) for event_id in {*landing.days(EVENTS), *known}}
    return sorted(
        event_id
        for event_id, files in listings.items()
        if (event_id in known if not files else _listing_of(known.get(event_id)) != fingerprint(files))
    )


def take_in_pending_events(landing: Landing, raw: Path) -> dict[str, int]:
    """Take in every pending event; return how many were read, and how many of them are left out for a fault."""
    taken = [take_in_event(landing, event_id, raw) for event_id in pending_events(landing, raw)]
    whole = [partition for partition in taken if partition]
    return {"events": len(whole), "events_rejected": sum(not partition.rows["events"] for partition in whole)}


def take_in_event(landing: Landing, event_id: str, raw: Path) -> Partition | None:
    """Take in one event's folder; ``None`` and no partition if it has no file of the contract.

    A fault of the event leaves its findings alone in the partition; a fault of a row leaves out the row.
    """
    files = event_files(landing, event_id)
    if not files:
        remove(raw, EVENTS, event_id)
        return None
    # A folder's name in another encoding than UTF-8 has halves of characters in it, which nothing can store.
    name = event_id.encode("utf-8", "backslashreplace").decode()
    contents = {file.name: _content(landing, file) for file in files}
    digest = hashlib.sha256()
    for member in sorted(contents):
        digest.update(f"{member} {_sha256(contents[member])}\n".encode())
    tables = _tables(name, _read(name, contents), digest.hexdigest())
    with replacing(raw, EVENTS, event_id) as home:
        partition = Partition(fingerprint(files), digest.hexdigest(), {t: len(rows) for t, rows in tables.items()})
        for table, rows in tables.items():
            _write(home / f"{table}.parquet", table, rows)
        write_note(home, partition)
    return partition


def _listing_of(partition: Partition | None) -> str | None:
    return partition.listing if partition else None


def _content(landing: Landing, file: LandedFile) -> bytes | None:
    """The file's bytes; None where it is larger than its limit, which alone is no reason to hold it."""
    content = b""
    for piece in landing.pieces(file):
        content += piece
        if len(content) > _BYTES_MAX[file.name]:
            return None
    return content


def _sha256(content: bytes | None) -> str:
    return hashlib.sha256(content).hexdigest() if content is not None else "too large"


def _read(event_id: str, contents: dict[str, bytes | None]) -> _Read:
    try:
        _require_readable(event_id, contents)
        event = read_event(event_id, contents[EVENT_MEMBER] or b"")
        rows, findings = read_affected(contents[AFFECTED_MEMBER] or b"") if AFFECTED_MEMBER in contents else ([], [])
    except BundleRejected as rejected:
        return _Read(None, [], [rejected.finding])
    if not event.areas and not event.edges and AFFECTED_MEMBER not in contents:
        findings.append(Finding("EMPTY_EVENT", EVENT_MEMBER, detail="no areas, no footprint and no affected.csv"))
    return _Read(event, rows, findings)


def _require_readable(event_id: str, contents: dict[str, bytes | None]) -> None:
    if not _EVENT_ID.fullmatch(event_id):
        detail = "the folder's name is not up to 64 letters, digits, - and _"
        raise BundleRejected(Finding("BAD_EVENT_ID", detail=detail))
    if EVENT_MEMBER not in contents:
        raise BundleRejected(Finding("NO_EVENT_FILE", EVENT_MEMBER, detail="the folder has no event.json"))
    for member, content in sorted(contents.items()):
        if content is None:
            raise BundleRejected(Finding("TOO_LARGE", member, detail=f"more than {_BYTES_MAX[member] // 2**20} MiB"))


def _tables(event_id: str, read: _Read, digest: str) -> dict[str, list[list]]:
    event = read.event
    findings = enumerate(read.findings, start=1)
    return {
        "events": [[event_id, event.type, event.name, event.started_on, digest]] if event else [],
        "event_areas": [[event_id, n, code] for n, code in enumerate(event.areas, start=1)] if event else [],
        "event_edges": [[event_id, *edge] for edge in event.edges] if event else [],
        "event_affected": [[event_id, *row] for row in read.affected],
        "event_findings": [[event_id, n, f.reason, f.member, f.row_number, f.detail] for n, f in findings],
    }


def _write(path: Path, table: str, rows: list[list]) -> None:
    writer = RawWriter(path, EVENT_TABLES[table])
    writer.write(rows)
    writer.close()
