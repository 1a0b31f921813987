"""A small published folder and its package, for tests of the report site."""

import json
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.site_marts import write_marts
from include.report.site import build_site

# Two kab/kota of few kecamatan: a kota with its three, and one kecamatan of another.
KECAMATAN = ("3573010", "3573020", "3573030", "3507010")
DAYS = 10


def package(as_of: str = "2022-10-24", **changes: list) -> dict[str, Any]:
    """What a data package says, as far as the site reads it."""
    gate = {
        "gate": "marts", "suite": "marts.progress_area_daily", "rule": "MART-PAD-03", "severity": "warning",
        "figure_name": "sub_sls_far_above_expected", "figure": 1234.5, "limit_text": "<= 0", "passed": False,
        "skipped": False, "alert": False, "owner": "field-data",
    }  # fmt: skip
    field = {"name": "area_code", "type": "string", "description": "Code.", "description_id": "Kode."}
    resource = {
        "name": "coverage_area", "description": "Coverage.", "description_id": "Cakupan.", "row_count": 7,
        "byte_count": 2048, "path": ["coverage_area/kab_code=3573/data_0.parquet"],
        "schema": {"fields": [field], "primaryKey": ["area_level", "area_code"]},
    }  # fmt: skip
    says = {
        "version": f"{as_of}+abc",
        "lineage": {"as_of": as_of, "digest": "abc"},
        "gates": [gate],
        "resources": [resource],
    }
    return says | changes


def small_site(folder: Path) -> Path:
    """Write the marts of four kecamatan and build their site; return where it lies."""
    write_marts(folder, DAYS, KECAMATAN)
    build_site(folder, package())
    return folder / "site"


def write_enumerators(folder: Path, column: str = "enumerator") -> None:
    """Write the mart of three enumerators of Kota Malang, as tier ``restricted`` publishes it."""
    rows = f"""
        select 'E' || n as {column}, '3573' as kab_code, date '2022-10-24' as field_day, n as families,
            n as documents, n * 10 as families_cumulative, 250 as load_families,
            (n / 25)::decimal(12, 6) as done_share, 'stagnant' as status
        from range(1, 4) as t(n)"""
    home = folder / "progress_enumerator_daily"
    duckdb.sql(f"copy ({rows}) to '{home}' (format parquet, partition_by kab_code)")


def inline_json(page: str) -> list[Any]:
    """What a page hands to its charts and maps, in order."""
    parts = page.split('<script type="application/json">')[1:]
    return [json.loads(part.partition("</script>")[0]) for part in parts]
