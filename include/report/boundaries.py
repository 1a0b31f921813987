"""Boundaries as scripts that a page loads from disk: topologies of areas, whole or the part of one kab/kota."""

import json
from pathlib import Path
from typing import Any

CREDIT = "BPS / OCHA, HDX COD-AB Indonesia"
_FOLDER = Path(__file__).parent / "boundaries"

Topology = dict[str, Any]
Arcs = int | list  # an arc's number, or lists of them, as deep as the shape is nested


def read_topology(level: str) -> Topology:
    """Read the boundaries of ``kabkota`` or ``kecamatan``, each shape with its BPS code alone."""
    topology = json.loads((_FOLDER / f"boundary_{level}.topojson").read_text())
    shapes = [_with_code(shape) for shape in topology["objects"][level]["geometries"]]
    # Twelve decimals are less than a millimetre; more would be digits without a meaning.
    transform = {key: [round(n, 12) for n in pair] for key, pair in topology["transform"].items()}
    objects = {"areas": {"type": "GeometryCollection", "geometries": shapes}}
    return {"type": "Topology", "transform": transform, "arcs": topology["arcs"], "objects": objects}


def part_of(topology: Topology, parent: str) -> Topology:
    """The shapes whose code begins with ``parent`` and the arcs they are made of."""
    shapes = [s for s in topology["objects"]["areas"]["geometries"] if s["properties"]["code"].startswith(parent)]
    new_place: dict[int, int] = {}
    moved = [shape | {"arcs": _moved(shape["arcs"], new_place)} for shape in shapes]
    objects = {"areas": {"type": "GeometryCollection", "geometries": moved}}
    return topology | {"arcs": [topology["arcs"][place] for place in new_place], "objects": objects}


def script(name: str, topology: Topology) -> str:
    """A script that hands a topology to the page under a name: a page on disk may load scripts, not data."""
    text = json.dumps(topology, separators=(",", ":"), sort_keys=True)
    return f"(window.siteBoundaries=window.siteBoundaries||{{}})[{json.dumps(name)}]={text};\n"


def _with_code(shape: dict[str, Any]) -> dict[str, Any]:
    return {"type": shape["type"], "arcs": shape["arcs"], "properties": {"code": shape["properties"]["bps_code"]}}


def _moved(arcs: Arcs, new_place: dict[int, int]) -> Arcs:
    """Number arcs anew in the order in which they are met; ``~n`` is arc ``n`` backwards."""
    if isinstance(arcs, list):
        return [_moved(arc, new_place) for arc in arcs]
    place = arcs if arcs >= 0 else ~arcs
    moved = new_place.setdefault(place, len(new_place))
    return moved if arcs >= 0 else ~moved
