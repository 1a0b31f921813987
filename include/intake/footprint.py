"""The footprint of a shock: a GeoJSON Polygon or MultiPolygon (RFC 7946) as the sides of its rings."""

from itertools import pairwise
from typing import Any

from include.intake.finding import BundleRejected, Finding

# What a responder draws has hundreds of corners; far more would make every night wait for one file.
CORNERS_MAX = 20_000
_RING_POINTS_MIN = 4

Edge = tuple[int, int, int, float, float, float, float]


def edges_of(footprint: Any, member: str) -> list[Edge]:  # noqa: ANN401 - what a JSON file may hold
    """Give (polygon, ring, edge, lon1, lat1, lon2, lat2) of every side, numbered from 1; degrees, WGS 84.

    Raises:
        BundleRejected: NOT_A_POLYGON, BAD_RING or BAD_COORDINATE, with the place in the file.
    """
    edges: list[Edge] = []
    for polygon_number, rings in enumerate(_polygons(footprint, member), start=1):
        for ring_number, ring in enumerate(rings, start=1):
            where = f"polygon {polygon_number}, ring {ring_number}"
            points = [_point(position, f"{where}, point {n}", member) for n, position in enumerate(ring, start=1)]
            _require_ring(points, where, member)
            sides = enumerate(pairwise(points), start=1)
            edges += [(polygon_number, ring_number, number, *start, *end) for number, (start, end) in sides]
            if len(edges) > CORNERS_MAX:
                raise BundleRejected(
                    Finding("TOO_LARGE", member, detail=f"footprint of more than {CORNERS_MAX} corners")
                )
    return edges


def _polygons(footprint: Any, member: str) -> list[list[list]]:  # noqa: ANN401
    said = footprint if isinstance(footprint, dict) else {}
    polygons: Any = {"Polygon": [said.get("coordinates")], "MultiPolygon": said.get("coordinates")}.get(
        str(said.get("type"))
    )
    if not _is_list_of_lists(polygons):
        raise BundleRejected(Finding("NOT_A_POLYGON", member, detail="footprint is no GeoJSON Polygon or MultiPolygon"))
    for number, rings in enumerate(polygons, start=1):
        if not _is_list_of_lists(rings):
            raise BundleRejected(Finding("NOT_A_POLYGON", member, detail=f"polygon {number} is no list of rings"))
    return polygons


def _is_list_of_lists(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and bool(value) and all(isinstance(part, list) for part in value)


def _point(position: Any, where: str, member: str) -> tuple[float, float]:  # noqa: ANN401
    is_position = isinstance(position, list) and len(position) in (2, 3) and all(map(_is_number, position))
    if not is_position or abs(position[0]) > 180 or abs(position[1]) > 90:
        detail = f"{where}: no [longitude, latitude] within 180 and 90 degrees"
        raise BundleRejected(Finding("BAD_COORDINATE", member, detail=detail))
    return float(position[0]), float(position[1])


def _is_number(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int | float) and not isinstance(value, bool)


def _require_ring(points: list[tuple[float, float]], where: str, member: str) -> None:
    if len(points) < _RING_POINTS_MIN:
        raise BundleRejected(Finding("BAD_RING", member, detail=f"{where}: fewer than {_RING_POINTS_MIN} points"))
    if points[0] != points[-1]:
        raise BundleRejected(Finding("BAD_RING", member, detail=f"{where}: its last point is not its first"))
