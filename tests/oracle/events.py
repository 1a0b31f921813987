"""An event's areas, polygons and list, whom they name and whom they do not, as docs/shock.md defines them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from tests.oracle.identity import is_usable_nik
from tests.oracle.landing import day_of, event
from tests.oracle.registers import Key, Register, Told

Point = tuple[float, float]


@dataclass(frozen=True)
class Event:
    """What a folder says: its areas, polygons and standing list."""

    event_id: str
    said: Told
    polygons: list[list[list[Point]]] | None
    listed: list[Told]

    def names(self, sub_sls: str) -> bool:
        """Whether its code begins with one of the areas."""
        return sub_sls.startswith(tuple(map(str, self.said.get("areas") or ()))) if self.said.get("areas") else False

    @cached_property
    def status_of(self) -> dict[str, str]:
        """Status by NIK of the standing rows."""
        return {row["nik"]: row["status"] for row in self.listed if row["stands"]}


def read_event(landing: Path, event_id: str) -> Event:
    """One event's folder; of rows with the same NIK the latest day stands, of equal days the later row."""
    said, lines = event(landing, event_id)
    listed = [
        {"row_number": n, "nik": line["nik"].strip(), "status": line["status"].strip(),
         "status_date": day_of(line["status_date"].strip())}
        for n, line in enumerate(lines, start=1)
    ]  # fmt: skip
    latest = {row["nik"]: row for row in sorted(listed, key=lambda r: (r["status_date"] or date.min, r["row_number"]))}
    for row in listed:
        row["is_valid"] = is_usable_nik(row["nik"])
        row["stands"] = row["is_valid"] and latest[row["nik"]] is row
    return Event(event_id, said, _polygons(said.get("footprint")), listed)


def _polygons(footprint: Told | None) -> list[list[list[Point]]] | None:
    if not footprint:
        return None
    drawn = footprint["coordinates"] if footprint["type"] == "MultiPolygon" else [footprint["coordinates"]]
    return [[[(corner[0], corner[1]) for corner in ring] for ring in polygon] for polygon in drawn]


def is_inside(polygons: list[list[list[Point]]], x: float, y: float) -> bool:
    """An odd number of sides of one polygon lies to the east; a hole is a ring like another."""
    return any(sum(_sides_crossed(ring, x, y) for ring in polygon) % 2 == 1 for polygon in polygons)


def _sides_crossed(ring: list[Point], x: float, y: float) -> int:
    return sum(
        (lat1 > y) != (lat2 > y) and x < (lon2 - lon1) * (y - lat1) / (lat2 - lat1) + lon1
        for (lon1, lat1), (lon2, lat2) in pairwise(ring)
    )


def footprint_matches(register: Register, event: Event) -> dict[Key, str]:
    """The most precise evidence by family."""
    inside = {
        key for key, one in register.families.items()
        if event.polygons and one["latitude"] is not None
        and is_inside(event.polygons, float(one["longitude"]), float(one["latitude"]))
    }  # fmt: skip
    reached = {key[0] for key in inside}
    return {key: _match(one, event, key in inside, key[0] in reached) for key, one in register.families.items()}


def _match(family: Told, event: Event, is_in: bool, has_neighbour_in: bool) -> str:
    if is_in:
        return "polygon"
    if event.polygons and family["latitude"] is not None:
        return "outside"
    if event.names(family["idsubsls"]):
        return "area"
    return "unlocated" if event.polygons and has_neighbour_in else "outside"


def unmatched(register: Register, event: Event) -> list[Told]:
    """Rows of the list that find nobody, with the first reason that applies."""
    rows = []
    for row in event.listed:
        reason = "invalid_nik" if not row["is_valid"] else "repeated" if not row["stands"] else "unknown_nik"
        if reason != "unknown_nik" or not register.bearers[row["nik"]]:
            rows.append({"event_id": event.event_id, "row_number": row["row_number"], "nik": row["nik"] or None,
                         "status": row["status"], "status_date": row["status_date"], "reason": reason,
                         "as_of": register.as_of})  # fmt: skip
    return rows
