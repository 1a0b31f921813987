"""The dbt project on Spark, in a process of its own: the JVM ends with it, and all it writes lands in one folder."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from include import ledgers
from include.intake import raw_schema
from include.settings import PROJECT
from include.transform import DBT_PROJECT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SQL_TYPES = {
    pa.string(): "string", pa.date32(): "date", pa.int32(): "int", pa.int64(): "bigint", pa.float64(): "double",
    pa.bool_(): "boolean", pa.timestamp("us", tz="UTC"): "timestamp",
}  # fmt: skip
_STATUSES = "statuses.json"
_PATIENCE_S = 900


class SparkBuildError(RuntimeError):
    """The process that builds on Spark ended without a result; the message is the end of what it said."""


@dataclass(frozen=True)
class SparkBuild:
    """What a build left: every node's status by its id, and tables as Parquet files."""

    home: Path
    statuses: dict[str, str]

    def tables(self, schema: str) -> list[str]:
        """Name the tables of a schema."""
        return sorted(folder.name for folder in self._database(schema).iterdir())

    def files(self, schema: str, table: str) -> str:
        """Give the glob of a table's files."""
        return str(self._database(schema) / table / "*.parquet")

    def _database(self, schema: str) -> Path:
        return self.home / "warehouse" / f"{schema}.db"


def build_on_spark(
    raw: Path, state: Path, variables: str, home: Path, *, selected: list[str], left_out: tuple[str, ...]
) -> SparkBuild:
    """Build what is selected over a raw store and ledgers with its tests, but for resource types left out.

    Raises:
        SparkBuildError: Java is missing, say, or the project does not parse.
    """
    home.mkdir()
    chosen = ["--select", *selected, *(word for kind in left_out for word in ("--exclude-resource-type", kind))]
    ended = subprocess.run(
        [sys.executable, "-m", __name__, str(raw), str(state), variables, *chosen], cwd=home,
        env=os.environ | {"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False, timeout=_PATIENCE_S,
    )  # fmt: skip
    if ended.returncode:
        raise SparkBuildError((ended.stdout + ended.stderr)[-4000:])
    return SparkBuild(home, json.loads((home / _STATUSES).read_text(encoding="utf-8")))


def _build_here(raw: Path, state: Path, variables: str, *chosen: str) -> None:
    """Do the work of :func:`build_on_spark` in this process and the current folder."""
    spark = _session(Path.cwd())
    try:
        for schema, root, tables in (("raw", raw, raw_schema.TABLES), ("state", state, ledgers.TABLES)):
            spark.sql(f"create schema {schema}")
            for table, (kind, file, columns) in tables.items():
                spark.sql(_table(f"{schema}.{table}", root / kind, file, columns))
        statuses = _dbt_build(variables, Path.cwd(), chosen)
        _write_out_views(spark, "marts", Path.cwd() / "warehouse")
    finally:
        spark.stop()
    Path(_STATUSES).write_text(json.dumps(statuses), encoding="utf-8")


def _write_out_views(spark: "SparkSession", schema: str, warehouse: Path) -> None:
    """Leave the rows of a schema's views where those of its tables lie."""
    for row in spark.sql(f"show views in {schema}").collect():
        spark.table(f"{schema}.{row.viewName}").write.parquet(str(warehouse / f"{schema}.db" / row.viewName))


def _session(home: Path) -> "SparkSession":
    """Start Spark for two cores and little data; dbt finds this session. Its catalogue is in memory: no metastore."""
    from pyspark.sql import SparkSession

    given = {
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(home / "warehouse"),
        "spark.local.dir": str(home / "scratch"),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        # Compiling a query takes longer than running it over a few hundred rows.
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.codegen.wholeStage": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    return SparkSession.builder.master("local[2]").config(map=given).getOrCreate()


def _table(table: str, folder: Path, file: str, columns: pa.Schema) -> str:
    """Every whole partition of a table; Spark, too, passes over folders whose name begins with a dot."""
    typed = ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in columns)
    return (
        f"create table {table} ({typed}) using parquet"
        f" options (path '{folder}', pathGlobFilter '{file}.parquet', recursiveFileLookup 'true')"
    )


def _dbt_build(variables: str, home: Path, chosen: tuple[str, ...]) -> dict[str, str]:
    from dbt.cli.main import dbtRunner

    ended = dbtRunner().invoke([
        "build", "--target", "spark", "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(home / "dbt_target"), "--log-path", str(home / "dbt_logs"),
        "--log-level", "warn", "--vars", variables,
        *chosen,
    ])  # fmt: skip
    if ended.exception:
        raise ended.exception
    return {result.node.unique_id: _status(result.status, result.message) for result in ended.result.results}


def _status(status: str, message: str | None) -> str:
    return str(status) if status in ("success", "pass") else f"{status}: {message}"


if __name__ == "__main__":
    _build_here(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
