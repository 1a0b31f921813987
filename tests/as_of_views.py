"""Progress as of any day without dbt: the SQL that a build compiled, run again in memory over another landing zone.

A build through dbt takes ten seconds, this one a second: so a property can be asked of many landing zones. Rules judge
nothing here, for no figure asked for depends on them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from include import transform, warehouse
from include.intake import raw_schema
from include.settings import Settings
from tests.builders import DAY
from tests.pipeline import take_in

WANTED = ("progress_area_daily", "progress_enumerator_daily", "workload_assignment", "figure_change")
UNJUDGED = "int_rules__breaches"


class AsOfViews:
    """Marts of one landing zone after another, as of any day. Made from a warehouse that was built as of ``DAY``."""

    def __init__(self, built: Settings) -> None:
        """Take the compiled SQL and the seeds of a built warehouse."""
        self.database = built.warehouse.stem
        with warehouse.opened(built.warehouse, read_only=True) as connection:
            nothing = connection.execute(f"select * from intermediate.{UNJUDGED} limit 0").to_arrow_table()
        self.connection = duckdb.connect()
        self.connection.execute(f"attach ':memory:' as {self.database}")
        self.connection.execute(f"attach '{built.warehouse}' as built (read_only)")
        for schema in ("raw", "seeds", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema {self.database}.{schema}")
        for (seed,) in self.rows("select table_name from duckdb_tables() where schema_name = 'seeds'"):
            self.connection.execute(f"create table {self.database}.seeds.{seed} as from built.seeds.{seed}")
        self.connection.register("nothing", nothing)
        self.connection.execute(f"create table {self.database}.intermediate.{UNJUDGED} as from nothing")
        self.connection.execute("detach built")
        self.connection.execute(f"use {self.database}")
        self.models = list(_models(built))
        self.compiled = _compiled(built)

    def take_in(self, configured: Settings, as_of: str) -> None:
        """Take a landing zone in up to a day; it replaces what was there."""
        take_in(configured, as_of)
        warehouse.show_raw(configured.warehouse, configured.raw, raw_schema.TABLES)
        self.connection.execute(f"attach '{configured.warehouse}' as shown (read_only)")
        for table in raw_schema.TABLES:
            self.connection.execute(f"create or replace table raw.{table} as from shown.raw.{table}")
        self.connection.execute("detach shown")

    def build(self, as_of: str) -> None:
        """Make the marts as of a day."""
        for relation, kind, code in self.models:
            dated = code.replace(f"cast('{DAY}' as date)", f"cast('{as_of}' as date)")
            self.connection.execute(f"create or replace {kind} {relation} as {dated}")

    def tests_of(self, name: str) -> list[str]:
        """Give the queries of a generic dbt test; each returns its offenders."""
        return [path.read_text(encoding="utf-8") for path in self.compiled.rglob(f"{name}*.sql")]

    def rows(self, query: str) -> list[tuple]:
        """Ask the marts."""
        return self.connection.execute(query).fetchall()


def _models(built: Settings) -> Iterator[tuple[str, str, str]]:
    """Relation, kind and compiled SQL of all that the wanted marts are made from, parents first."""
    nodes = json.loads(transform.manifest_path(built.scratch).read_text())["nodes"]
    seen = {UNJUDGED}
    for name in WANTED:
        for node in _parents_first(nodes, nodes[f"model.regsosek.{name}"], seen):
            path = _compiled(built) / node["original_file_path"]
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            yield f"{node['schema']}.{node['name']}", kind, path.read_text(encoding="utf-8")


def _compiled(built: Settings) -> Path:
    return built.scratch / "dbt_target" / "compiled" / "regsosek"


def _parents_first(nodes: dict, node: dict, seen: set[str]) -> Iterator[dict]:
    if node["name"] in seen or node["resource_type"] != "model":
        return
    seen.add(node["name"])
    for parent in node["depends_on"]["nodes"]:
        if parent in nodes:
            yield from _parents_first(nodes, nodes[parent], seen)
    yield node
