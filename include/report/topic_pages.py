"""Pages of one subject each: data quality, targeting, shock events, the data catalogue."""

from typing import Any

from include.report.areas import FATES, Area, received_by_day, received_by_kab
from include.report.chart_data import FATE_NAMES, bars, fates_by_day
from include.report.marts import Marts
from include.report.pages import Writer
from include.report.profile import Cells, category_name, cells_of, read_profile

_SHOCK_MARTS = (
    ("shock_affected_family", ("keluarga terdampak, menurut urutan prioritas", "families hit, in order of priority")),
    ("shock_caseload", ("jumlah keluarga per wilayah dan desil", "families by area and decile")),
    ("shock_unmatched_person", ("orang di daftar yang tidak ditemukan", "persons on a list who were not found")),
    (
        "shock_finding",
        ("bagian kejadian yang tidak dihitung, dan sebabnya", "parts of an event that do not count, and why"),
    ),
)
_PAPERS = (
    ("datapackage.json", ("isi, skema, gerbang, asal-usul", "contents, schemas, gates, lineage")),
    ("dictionary.csv", ("arti setiap kolom, dua bahasa", "the meaning of every column, in two languages")),
    ("SHA256SUMS", ("sidik setiap berkas", "digests of every file")),
)


def write_topic_pages(
    pages: Writer, marts: Marts, areas: dict[str, Area], package: dict[str, Any], downloads: str
) -> None:
    """Write the pages that are not of an area; ``downloads`` leads from the site to the snapshot's files."""
    _write_quality(pages, marts, areas, package["gates"])
    _write_targeting(pages, marts, areas)
    pages.write("shock.html", "shock", ("Bencana", "Shock events"), {"shock_marts": _SHOCK_MARTS})
    given = {"resources": package["resources"], "lineage": sorted(package["lineage"].items())}
    catalogue = ("Katalog data", "Data catalogue")
    pages.write("catalogue.html", "catalogue", catalogue, {**given, "papers": _PAPERS, "downloads": downloads})


def _write_quality(pages: Writer, marts: Marts, areas: dict[str, Area], gates: list[dict]) -> None:
    by_day = fates_by_day(received_by_day(marts))
    given: dict[str, Any] = {
        "charts": by_day is not None,
        "by_day": by_day,
        "accounting": [{**row, "area": areas.get(row["unit_code"])} for row in received_by_kab(marts)],
        "fates": [FATE_NAMES[fate] for fate in FATES],
        "fate_columns": FATES,
        "gates": sorted(gates, key=lambda gate: gate["passed"]),
        "tripped": sum(not gate["passed"] for gate in gates),
        "skipped": sum(bool(gate.get("skipped")) for gate in gates),
        "closure": _closure(marts),
    }
    pages.write("quality.html", "quality", ("Mutu data", "Data quality"), given)


def _closure(marts: Marts) -> list[dict]:
    statement = """
        select rule_id, sum(opened)::bigint as opened, sum(closed)::bigint as closed,
            sum(open_violations)::bigint as open_violations
        from mart where area_level = 'province' group by all order by rule_id
    """
    return marts.rows("violation_closure", statement)


def _write_targeting(pages: Writer, marts: Marts, areas: dict[str, Area]) -> None:
    profile = read_profile(marts)
    attributes = sorted({row["attribute"] for row in profile})
    deciles = _with_chart(cells_of(profile, "decile", areas)) if "decile" in attributes else None
    programmes = [cells_of(profile, name, areas) for name in attributes if name.startswith("targeting:")]
    given = {"profile": bool(profile), "deciles": deciles, "programmes": programmes, "category": category_name}
    title = ("Ketepatan sasaran", "Targeting")
    pages.write("targeting.html", "targeting", title, {**given, "charts": deciles is not None})


def _with_chart(cells: Cells) -> dict[str, Any]:
    province = cells.rows[0]["cells"] if cells.rows else {}
    chart = bars(cells.categories, ("keluarga", "families"), [province.get(c) for c in cells.categories])
    return {"attribute": cells.attribute, "categories": cells.categories, "rows": cells.rows, "chart": chart}
