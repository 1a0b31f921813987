"""The same SQL on DuckDB and on Spark: one damaged province, every table of both engines row by row."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from include import gate_result, transform, warehouse
from include.contract import HEADQUARTERS
from include.gate_result import RuleResult
from include.intake import raw_schema
from include.run_log import RunLog
from include.settings import Settings
from include.simulation import Plan, simulate
from tests.builders import LandingZone, csv_bytes, keys_file
from tests.core import core_marts
from tests.pipeline import build_marts, take_in
from tests.spark.engine import SparkBuild, build_on_spark

pytestmark = [
    pytest.mark.spark,
    pytest.mark.timeout(1000),
    pytest.mark.skipif(
        not (find_spec("pyspark") and find_spec("dbt.adapters.spark")),
        reason="dbt-spark and PySpark are not installed: make prove MARK=spark installs them and runs this",
    ),
]

# The short case builds the core and compares its rows: every other model and the tests of the project on Spark are
# left to the long one.
IS_SHORT = os.environ.get("SPARK_CASE") == "short"
LEFT_OUT = ("unit_test", "test") if IS_SHORT else ()
if IS_SHORT:
    pytestmark.append(pytest.mark.core)
LAST_DAY = "2022-10-16"
CORRECTIONS = HEADQUARTERS["corrections"]["corrections"]
# One row a programme; few families are consulted, and few past figures move, in so small a province.
FEWEST = {"programme_list": 4, "consultation_result": 3, "figure_change": 10}
EVERY = {path.stem for path in (transform.DBT_PROJECT / "models" / "marts").rglob("*.sql")}
MARTS = sorted(core_marts() if IS_SHORT else EVERY)


def write_corrections(configured: Settings) -> None:
    """Correct what was sent: each document twice, the second time of what stood there before the first."""
    take_in(configured, LAST_DAY)
    warehouse.show_raw(configured.warehouse, configured.raw, raw_schema.TABLES)
    sent = rows_of(configured, "select submission_id, revision, r302 from raw.documents order by all limit 30")
    persons = rows_of(configured, "select submission_id, revision, r401, r407 from raw.persons order by all limit 30")
    lines = [(*key, "", "r302", value, new) for *key, value in sent for new in ("45", "46")]
    lines += [(*key, "r407", value, "") for *key, value in persons]
    named = [dict(zip(CORRECTIONS, [value or "" for value in line], strict=False)) for line in lines]
    path = Path(configured.landing) / "corrections" / LAST_DAY / "corrections.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(csv_bytes(named, CORRECTIONS))


def write_events(configured: Settings) -> None:
    """Send what cannot be read, and a list of persons whom nobody has."""
    zone = LandingZone(Path(configured.landing))
    for number in range(25):
        zone.shock(f"broken-{number}", name=None)
    listed = [{"nik": f"357301500180{9000 + n}", "status": "confirmed", "status_date": ""} for n in range(25)]
    zone.shock("outbreak", affected=listed, areas=["9999"])


def rows_of(configured: Settings, query: str) -> list[tuple]:
    """Ask the warehouse of these settings."""
    with warehouse.opened(configured.warehouse, read_only=True) as connection:
        return connection.sql(query).fetchall()


@dataclass(frozen=True)
class Engines:
    """The same province built by both."""

    configured: Settings
    spark: SparkBuild
    connection: duckdb.DuckDBPyConnection

    def difference(self, schema: str, table: str) -> list[str]:
        """Say what a table holds on one engine only."""
        return difference(self.connection, f"{schema}.{table}", self.spark.files(schema, table))

    def count(self, relation: str) -> int:
        """Count a relation's rows on DuckDB."""
        return len(self.connection.sql(f"select 1 from {relation}").fetchall())


def difference(connection: duckdb.DuckDBPyConnection, here: str, there: str) -> list[str]:
    """Say in which columns, types and rows a relation and Parquet files differ; a doubled row counts twice."""
    tables = {"DuckDB": here, "Spark": f"read_parquet('{there}')"}
    columns = [columns_of(connection, table) for table in tables.values()]
    if columns[0] != columns[1]:
        return [f"columns {sorted(set(columns[0]) ^ set(columns[1]))}"]
    return [
        f"only {engine}: {row}"
        for engine, table in tables.items()
        for other in tables.values()
        if other != table
        for row in connection.sql(f"select * from {table} except all select * from {other} limit 3").fetchall()
    ]


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Columns and types of a table; DuckDB's sums are wider than Spark's, where no contract narrows them."""
    described = connection.sql(f"describe select * from {table}").fetchall()
    return [(name, "BIGINT" if kind == "HUGEINT" else kind) for name, kind, *_ in described]


def keep_ledgers(state: Path) -> None:
    """Enter twenty-one nights of gates and steps, each with one of every verdict and a step tried twice."""
    verdicts = {"passed": (0.5, True, False), "tripped": (2 / 3, False, False), "skipped": (None, True, True)}
    for night in range(1, 22):
        results = [
            RuleResult(
                "raw", "raw.bundles", word, "warning", "share", figure, "<= 0.6", passed, skipped, word != "skipped"
            )
            for word, (figure, passed, skipped) in verdicts.items()
        ]
        path = state / "gate_result" / f"night-{night}" / "raw.parquet"
        gate_result.keep_results(results, path, path.parent.name, LAST_DAY)
        log = RunLog(state, f"night-{night}")
        began = datetime(2022, 10, 16, 18, night, 0, 500, tzinfo=UTC)
        log.enter("open_run", "opened", started_at=began)
        for outcome in ("failed", "done"):
            log.enter("gate_raw", outcome, as_of=LAST_DAY, seconds=night / 7, started_at=began, figures={"rules": 3})


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    root = tmp_path_factory.mktemp("two_engines")
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    configured = Settings(landing=str(root / "landing"), **places)
    simulate(Plan(out=Path(configured.landing), enumerators=12, days=2, seed=11, defects=True))
    write_events(configured)
    write_corrections(configured)
    keep_ledgers(configured.state)
    build_marts(configured, LAST_DAY)
    told = transform.variables(LAST_DAY, configured)
    selected = [at for layer in transform.LAYERS for at in transform.SELECTED.get(layer, (f"path:models/{layer}",))]
    home = root / "spark"
    built = build_on_spark(configured.raw, configured.state, told, home, selected=selected, left_out=LEFT_OUT)
    with warehouse.opened(configured.warehouse, read_only=True) as connection:
        yield Engines(configured, built, connection)


def test_spark_builds_every_table_and_passes_every_test_of_the_project(engines: Engines) -> None:
    manifest = json.loads(transform.manifest_path(engines.configured.scratch).read_text(encoding="utf-8"))
    every = {name: node["resource_type"] for name, node in (manifest["nodes"] | manifest["unit_tests"]).items()}
    nodes = {
        name for name, kind in every.items() if kind in {"model", "seed", "test", "unit_test"}.difference(LEFT_OUT)
    }
    assert {"unit_test", "test"} <= set(every.values())
    if IS_SHORT:
        nodes = set(transform.NODE_SECONDS)  # what DuckDB built of the core
    assert len(nodes) > 80
    assert {name: said for name, said in engines.spark.statuses.items() if said not in ("success", "pass")} == {}
    assert set(engines.spark.statuses) == nodes


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_has_the_same_rows_on_both_engines(engines: Engines, mart: str) -> None:
    assert engines.count(f"marts.{mart}") > FEWEST.get(mart, 20)
    assert engines.difference("marts", mart) == []


@pytest.mark.parametrize("schema", ["seeds", "intermediate"])
def test_tables_before_the_marts_have_the_same_rows_too(engines: Engines, schema: str) -> None:
    tables = engines.spark.tables(schema)
    assert len(tables) >= 4
    assert {table: found for table in tables if (found := engines.difference(schema, table))} == {}


def test_the_province_has_what_the_engines_could_disagree_on(engines: Engines) -> None:
    outcomes = engines.connection.sql("select distinct outcome from intermediate.int_documents__fate").fetchall()
    assert {outcome for (outcome,) in outcomes} == {"accepted", "held", "superseded", "duplicate", "rejected"}
    assert engines.count("marts.family_welfare where unscored_reason is null") > 20
    statuses = engines.connection.sql("select distinct status from marts.correction_replay").fetchall()
    assert {status for (status,) in statuses} >= {"applied", "stale"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("select * replace (expected_families + (area_level = 'province')::int as expected_families) from {}", 2),
        ("select * from {} where area_level <> 'province'", 1),
        ("select * from {} union all select * from {} where area_level = 'province'", 1),
        ("select * replace (nullif(area_code, '35') as area_code) from {}", 2),
        ("select * replace (expected_families::bigint as expected_families) from {}", 1),
        ("select * exclude (as_of) from {}", 1),
        ("select * from {} order by area_code desc", 0),
    ],
)
def test_the_comparison_sees_a_change(engines: Engines, tmp_path: Path, changed: str, said: int) -> None:
    file = tmp_path / "area.parquet"
    engines.connection.sql(changed.format("marts.area", "marts.area")).write_parquet(str(file))
    assert len(difference(engines.connection, "marts.area", str(file))) == said
