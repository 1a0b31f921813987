"""The part of the boundaries that a kab/kota's page loads, and the lock of the browser libraries."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from include.report.boundaries import part_of, read_topology, script
from include.report.vendored import LOCK, VENDOR, VendorError, require_locked
from include.settings import PROJECT


def _codes(topology: dict) -> set[str]:
    return {shape["properties"]["code"] for shape in topology["objects"]["areas"]["geometries"]}


def _points(topology: dict, shape: dict) -> list:
    """The points of a shape's arcs, whatever the numbers of the arcs."""
    if isinstance(shape, list):
        return [_points(topology, part) for part in shape]
    return [shape >= 0, topology["arcs"][shape if shape >= 0 else ~shape]]


def test_every_kabkota_and_kecamatan_of_the_region_master_has_a_boundary() -> None:
    with (PROJECT / "dbt_project/seeds/reference/region_master.csv").open(newline="") as lines:
        codes = {row["bps_code"] for row in csv.DictReader(lines)}
    assert _codes(read_topology("kabkota")) == {code for code in codes if len(code) == 4}
    assert _codes(read_topology("kecamatan")) == {code for code in codes if len(code) == 7}


def test_a_part_has_the_shapes_of_its_parent_with_the_same_points() -> None:
    whole = read_topology("kecamatan")
    part = part_of(whole, "3573")
    shapes = {s["properties"]["code"]: s for s in whole["objects"]["areas"]["geometries"]}
    assert _codes(part) == {code for code in shapes if code.startswith("3573")}
    for shape in part["objects"]["areas"]["geometries"]:
        assert _points(part, shape["arcs"]) == _points(whole, shapes[shape["properties"]["code"]]["arcs"])
    assert len(part["arcs"]) < len(whole["arcs"]) / 10


def test_boundaries_are_handed_over_by_a_script_because_disk_gives_no_data() -> None:
    head, _, rest = script("kabkota", {"arcs": [[1, 2]]}).partition('["kabkota"]=')
    assert "window.siteBoundaries" in head
    assert json.loads(rest.rstrip(";\n")) == {"arcs": [[1, 2]]}


def test_every_vendored_file_is_that_of_its_package() -> None:
    checked = {path.as_posix() for path in require_locked()}
    for package in json.loads((VENDOR / LOCK).read_text()):
        assert package["version"] and package["licence"] and package["package_integrity"].startswith("sha512-")
        assert any("LICENSE" in name for name in package["files"])
        assert set(package["files"]) <= checked


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: (folder / "leaflet/leaflet.js").write_text("other"), "leaflet/leaflet.js: not the bytes"),
        (lambda folder: (folder / "leaflet/LICENSE").unlink(), "leaflet/LICENSE: missing"),
        (lambda folder: (folder / "more.js").write_text(""), "more.js: not in the lock"),
    ],
)
def test_a_vendored_file_that_is_not_its_packages_stops_the_site(
    tmp_path: Path, damage: Callable[[Path], object], says: str
) -> None:
    shutil.copytree(VENDOR, tmp_path / "vendor")
    damage(tmp_path / "vendor")
    with pytest.raises(VendorError, match=says):
        require_locked(tmp_path / "vendor")
