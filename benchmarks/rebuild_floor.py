"""The floor of a full rebuild: rebuild_floor.sql over typed Parquet of the same families and persons."""

from pathlib import Path

import duckdb

from benchmarks.measure import Watch, watched
from include.intake.uploads import KIND

_SQL = Path(__file__).with_suffix(".sql")
_FAMILY_TEXTS = ("submission_id", "r108", "r114", "r202")
_PERSON_TEXTS = ("submission_id", "r403")
_FAMILY_NUMBERS = (
    "r112", "r205", "r301a", "r301b", "r302", "r303", "r304", "r305", "r306a", "r307a", "r307b1", "r308", "r309a",
    "r310", "r502a", "r502b", "r502c", "r502h", "r502i", "r502j", "r502k", "r502n", "r504a", "r504b",
)  # fmt: skip
_PERSON_NUMBERS = (
    "r404", "r405", "r406y", "r407", "r408", "r409", "r410", "r412", "r413", "r415", "r416a", "r417", "r418", "r431c",
    "r431d",
)  # fmt: skip


def type_the_field(cache: Path, days: list[str], out: Path) -> None:
    """Write the last revision of every family on file by the last of these days, and its persons, typed; once."""
    if (out / "persons.parquet").exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false; set enable_progress_bar = false")
        for table in ("documents", "persons"):
            files = [str(cache / KIND / day / f"{table}.parquet") for day in days]
            connection.execute(f"create view {table} as select * from read_parquet({files!r})")  # noqa: S608
        connection.execute(
            "create table latest as "
            "select distinct on (submission_id) submission_id, revision, is_deleted, bundle_sha256 from documents "
            "order by submission_id, try_cast(revision as integer) desc, arrival_day, bundle_sha256"
        )
        _write(connection, "documents", out / "families.parquet", [
            *_FAMILY_TEXTS, *map(_number, _FAMILY_NUMBERS), "try_cast(r201 as date) as r201",
            "concat(r101, r102, r103, r104, r105) as idsubsls",
        ])  # fmt: skip
        _write(connection, "persons", out / "persons.parquet", [*_PERSON_TEXTS, *map(_number, _PERSON_NUMBERS)])


def measure_floor(typed: Path, warehouse: Path, memory_gib: int) -> tuple[Watch, dict[str, int]]:
    """Run the floor into a new DuckDB file; return what it took and how much it read."""
    warehouse.unlink(missing_ok=True)
    with watched() as watch, duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"set enable_progress_bar = false; set threads = 2; set memory_limit = '{memory_gib}GiB'")
        for table in ("families", "persons"):
            connection.execute(f"create view {table} as from read_parquet('{typed / table}.parquet')")
        connection.execute(_SQL.read_text())
        rows = {table: _count(connection, table) for table in ("families", "persons")}
    return watch, rows


def _number(column: str) -> str:
    return f"try_cast({column} as integer) as {column}"


def _write(connection: duckdb.DuckDBPyConnection, table: str, path: Path, columns: list[str]) -> None:
    connection.execute(
        f"copy (select {', '.join(columns)} from {table} semi join latest "  # noqa: S608
        f"using (submission_id, revision, bundle_sha256) where submission_id in "
        f"(select submission_id from latest where is_deleted = '0')) to '{path}' (format parquet)"
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 - our own views
    return found[0] if found else 0
