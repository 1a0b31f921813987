"""The raw events, as a night and a shock response share them: taken in, shown and named under one lock.

Either may run while the other does (docs/adr/0013). Events are copied into a warehouse, not shown as views: the other
may replace an event's partition at any moment, and the copy's digests say exactly what the marts were built with.
"""

from pathlib import Path

from include import warehouse
from include.contract import EVENTS
from include.durable import locked
from include.intake import raw_schema
from include.intake.events import take_in_pending_events
from include.intake.landing import Landing
from include.intake.raw_store import clear_leftovers, partitions
from include.publication.events_seen import EventsSeen

EVENT_VIEWS = {name: table for name, table in raw_schema.TABLES.items() if table[0] == EVENTS}
OTHER_VIEWS = {name: table for name, table in raw_schema.TABLES.items() if name not in EVENT_VIEWS}


def take_in(landing: Landing, raw: Path) -> dict[str, int]:
    """Take in every event that is new, changed or gone; return how many."""
    with locked(raw):
        return take_in_pending_events(landing, raw)


def clear_killed(raw: Path) -> None:
    """Take away what killed runs left half-written, and nothing that another run is writing."""
    with locked(raw):
        clear_leftovers(raw)


def on_file(raw: Path) -> dict[str, str]:
    """Digest of every raw event by its id."""
    return {event_id: partition.inputs_digest for event_id, partition in partitions(raw, EVENTS).items()}


def show(warehouse_file: Path, raw: Path) -> dict[str, str]:
    """Copy the raw events into a warehouse; return their digests, which stay beside them."""
    with locked(raw):
        digests = on_file(raw)
        warehouse.copy_raw(warehouse_file, raw, EVENT_VIEWS, digests)
    return digests


def seen(warehouse_file: Path, raw: Path) -> EventsSeen:
    """The events that a warehouse holds, those its marts were built with, beside those on file."""
    return EventsSeen(warehouse.copied_digests(warehouse_file), lambda: on_file(raw))
