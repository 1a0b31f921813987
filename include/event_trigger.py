"""Watch ``landing/events``: an Airflow event each time the folder of a shock is new or has changed, and is whole.

Runs in the triggerer, which is given the landing zone's events to list and nothing else: no key, no data, no database.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from include.contract import EVENT_MEMBER, EVENTS
from include.intake.landing import LandingError, fingerprint, open_landing
from include.settings import landing_zone


class EventFolderTrigger(BaseEventTrigger):
    """Says ``{"event_id", "fingerprint"}`` of a folder that holds ``event.json`` and was the same at two looks.

    A started triggerer knows of no folder: it says each once, and a response that finds it published changes nothing.
    """

    def __init__(self, poll_seconds: float) -> None:
        """Look every so many seconds; a folder is said at the second look that finds it the same."""
        super().__init__()
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Name the class and what makes it again in the triggerer."""
        return f"{__name__}.{type(self).__name__}", {"poll_seconds": self.poll_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look again and again; a landing zone that cannot be read is looked at again later."""
        seen: dict[str, str] = {}
        said: dict[str, str] = {}
        while True:
            found = await asyncio.to_thread(self._look)
            for event_id, digest in sorted(found.items()):
                if seen.get(event_id) == digest and said.get(event_id) != digest:
                    said[event_id] = digest
                    yield TriggerEvent({"event_id": event_id, "fingerprint": digest})
            seen = found
            await asyncio.sleep(self.poll_seconds)

    def _look(self) -> dict[str, str]:
        """Digest of the listing of every event's folder that has its ``event.json``."""
        try:
            landing = open_landing(landing_zone())
            listings = {event_id: landing.listing(EVENTS, event_id) for event_id in landing.days(EVENTS)}
        except (OSError, LandingError) as error:
            self.log.warning("events cannot be listed: %s", type(error).__name__)
            return {}
        return {i: fingerprint(files) for i, files in listings.items() if any(f.name == EVENT_MEMBER for f in files)}
