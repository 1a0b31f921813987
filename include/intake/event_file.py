"""``event.json``, read strictly: what happened, since when, where."""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from include.contract import EVENT_KEYS, EVENT_MEMBER
from include.intake.finding import BundleRejected, Finding
from include.intake.footprint import Edge, edges_of

_TEXT_LENGTH_MAX = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class Event:
    """One shock as its file tells it: BPS codes as written, the footprint as sides of rings."""

    type: str
    name: str
    started_on: str
    areas: list[str] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


def read_event(event_id: str, content: bytes) -> Event:
    """Read the file of the event whose folder is ``event_id``.

    Raises:
        BundleRejected: NOT_JSON, MISSING_KEY, BAD_VALUE, ID_MISMATCH, or a fault of the footprint; names the key and
            never its value.
    """
    said = _object(content)
    missing = [key for key in EVENT_KEYS if said.get(key) in (None, "")]
    if missing:
        raise _fault("MISSING_KEY", ", ".join(missing))
    for key in EVENT_KEYS:
        if not isinstance(said[key], str) or len(said[key]) > _TEXT_LENGTH_MAX or "\0" in said[key]:
            raise _fault("BAD_VALUE", f"{key} is no text of up to {_TEXT_LENGTH_MAX} letters")
    if said["event_id"] != event_id:
        raise _fault("ID_MISMATCH", "event_id is not the folder's name")
    if not is_day(said["started_on"]):
        raise _fault("BAD_VALUE", "started_on is no day YYYY-MM-DD")
    footprint = said.get("footprint")
    return Event(
        type=said["type"],
        name=said["name"],
        started_on=said["started_on"],
        areas=_areas(said.get("areas")),
        edges=edges_of(footprint, EVENT_MEMBER) if footprint is not None else [],
    )


def is_day(text: str) -> bool:
    """Say whether a text is a day of the calendar, YYYY-MM-DD."""
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_each_key_once)
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _fault("NOT_JSON", type(error).__name__) from None
    if not isinstance(said, dict):
        raise _fault("NOT_JSON", "no JSON object")
    return said


def _no_number(name: str) -> float:
    raise ValueError(name)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _areas(areas: Any) -> list[str]:  # noqa: ANN401 - what a JSON file may hold
    if areas is None:
        return []
    if not isinstance(areas, list):
        raise _fault("BAD_VALUE", "areas is no list of BPS codes")
    for number, code in enumerate(areas, start=1):
        if not isinstance(code, str) or not code.strip() or len(code) > _TEXT_LENGTH_MAX or "\0" in code:
            raise _fault("BAD_VALUE", f"areas, item {number}: a BPS code is a text of digits")
    return [code.strip() for code in areas]


def _fault(reason: str, detail: str) -> BundleRejected:
    return BundleRejected(Finding(reason, EVENT_MEMBER, detail=detail))
