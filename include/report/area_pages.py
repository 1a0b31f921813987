"""The province's page, one per kab/kota, one per kecamatan with its desa; and what their maps show."""

from typing import Any

from include.report.areas import PROVINCE, Area, received_by_kab
from include.report.attention import SHOWN, attention
from include.report.boundaries import CREDIT, part_of, read_topology, script
from include.report.chart_data import burn_up
from include.report.enumerators import STATUS_NAMES, read_enumerators
from include.report.marts import Marts, Row
from include.report.pages import Writer, figures_script

_KAB_KOTA, _KECAMATAN = ("Kabupaten/kota", "Kabupaten/kota"), ("Kecamatan", "Kecamatan")


def write_area_pages(pages: Writer, marts: Marts, areas: dict[str, Area], gates: list[Row]) -> None:
    """Write the page of every area above desa, and the scripts of boundaries and figures that their maps load."""
    kecamatan = read_topology("kecamatan")
    pages.write_script("boundaries/kabkota.js", script("kabkota", read_topology("kabkota")))
    pages.write_script("boundaries/kecamatan.js", script("kecamatan", kecamatan))
    of_kecamatan = {area.code: figures(area) for area in areas.values() if area.level == "kecamatan"}
    pages.write_script("figures/kecamatan.js", figures_script("kecamatan", of_kecamatan))
    _write_index(pages, marts, areas.get(PROVINCE), gates)
    enumerators = read_enumerators(marts)
    for area in areas.values():
        if area.level == "kab_kota":
            pages.write_script(f"boundaries/{area.code}.js", script(area.code, part_of(kecamatan, area.code)))
            _write_area(pages, area, None, _kab_map(area), enumerators.get(area.code, []))
            for child in area.children:
                _write_area(pages, child, area, None, [])


def figures(area: Area) -> list[Any]:
    """What a map shows of an area: name, coverage, its numerator and denominator, its class, its page."""
    row = area.coverage
    counts = [row["coverage_numerator"], row["coverage_denominator"]]
    return [area.name, area.share, *counts, area.coverage_class, area.page]


def _write_index(pages: Writer, marts: Marts, province: Area | None, gates: list[Row]) -> None:
    given: dict[str, Any] = {"province": province, "charts": True, "maps": True, "shown": SHOWN}
    if province:
        today = {r["unit_code"]: r["received"] for r in received_by_kab(marts, province.coverage["as_of"])}
        given |= {
            "attention": attention(province.children, today, gates),
            "burnup": burn_up(province),
            "map": _province_map(province),
        }
    pages.write("index.html", "index", ("Sekilas", "At a glance"), given)


def _write_area(pages: Writer, area: Area, parent: Area | None, shown_map: dict | None, enumerators: list[Row]) -> None:
    given: dict[str, Any] = {"area": area, "parent": parent, "map": shown_map, "burnup": burn_up(area)}
    given |= {"charts": bool(area.progress), "maps": shown_map is not None}
    pages.write(str(area.page), "area", (area.name, area.name), {**given, "enumerators": enumerators})
    if enumerators:
        title = (f"Pencacah di {area.name}", f"Enumerators in {area.name}")
        shown = {"area": area, "enumerators": enumerators, "status": _status}
        pages.write(f"enumerators/{area.code}.html", "enumerators", title, shown)


def _status(status: str) -> tuple[str, str]:
    return STATUS_NAMES.get(status, (status, status))


def _province_map(province: Area) -> dict[str, Any]:
    kab_kota = {area.code: figures(area) for area in province.children}
    later = ["assets/boundaries/kecamatan.js", "assets/figures/kecamatan.js"]
    return _map("", [
        {"name": "kabkota", "label": _KAB_KOTA, "figures": kab_kota, "scripts": ["assets/boundaries/kabkota.js"]},
        {"name": "kecamatan", "label": _KECAMATAN, "figures": None, "scripts": later},
    ])  # fmt: skip


def _kab_map(kab: Area) -> dict[str, Any]:
    children = {area.code: figures(area) for area in kab.children}
    scripts = [f"../assets/boundaries/{kab.code}.js"]
    return _map("../", [{"name": kab.code, "label": _KECAMATAN, "figures": children, "scripts": scripts}])


def _map(root: str, levels: list[dict[str, Any]]) -> dict[str, Any]:
    return {"credit": CREDIT, "root": root, "levels": levels}
