"""No model compares every pair of rows: what a small province hides would stop the whole field work's night."""

import json
from pathlib import Path

from include import transform, warehouse
from include.settings import Settings
from tests.builders import DAY, LandingZone, family
from tests.pipeline import build_marts

EVERY_PAIR = "BLOCKWISE_NL_JOIN"


def plan(configured: Settings, query: str) -> str:
    with warehouse.opened(configured.warehouse, read_only=True) as connection:
        return connection.execute(f"explain {query}").fetchall()[0][1]


def test_no_model_joins_by_comparing_every_pair(zone: LandingZone, here: Settings) -> None:
    zone.send([family(n) for n in range(1, 4)])
    build_marts(here, DAY)
    transform.parse(here)
    manifest = json.loads(transform.manifest_path(here.scratch).read_text())
    models = {
        node["name"]: node["compiled_code"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in ("intermediate", "marts")
    }
    assert len(models) > 20
    assert [name for name, query in models.items() if EVERY_PAIR in plan(here, query)] == []


def test_the_plan_of_such_a_join_is_recognised(here: Settings) -> None:
    with warehouse.opened(here.warehouse) as connection:
        connection.execute("create table a as select i, i % 2 = 0 as is_even from range(5000) as t (i)")
    joined = "select * from a left join a as b on a.i = b.i and a.is_even"
    assert EVERY_PAIR in plan(here, joined)
    assert Path(here.warehouse).exists()
