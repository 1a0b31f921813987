"""The forecast's models as dbt compiles them, over tables in memory: the very SQL of the night, no copy of it."""

import json
import os
import tempfile
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from benchmarks.histories import FIELD_END, FIELD_START, Histories
from include.transform import DBT_PROJECT, TransformError

MODELS = ("int_forecast__days", "int_forecast__assigned", "int_forecast__own_days", "int_forecast__paces",
          "int_forecast__areas", "int_forecast__completions", "progress_forecast")  # fmt: skip
_AS_OF = "1945-08-17"  # stands in the compiled text where the as-of day goes; no other date of the project

_INPUTS = """
create or replace table intermediate.int_documents__winners as
select v.enumerator_id, v.idsubsls, v.progress_day, true as is_enumerated
from visits as v cross join range(v.families) where v.arrival_day <= $as_of;
create or replace table intermediate.int_enumerators__current as
select enumerator_id, kab_code, 'M' as supervisor_id, load_families from loads;
create or replace table intermediate.int_sub_sls__current as
select idsubsls, load_families as expected_families from loads;
create or replace table staging.stg_headquarters__assignments as
select date '2022-10-01' as snapshot_day, idsubsls, enumerator_id, $start::date as valid_from, null::date as valid_to
from loads;
create or replace table intermediate.int_frame__snapshots as
select date '2022-10-01' as snapshot_day, true as is_current;
create or replace table intermediate.int_areas__of_sub_sls as
select level as area_level, idsubsls[:digits] as area_code, idsubsls
from loads cross join (values ('province', 2), ('kab_kota', 4), ('kecamatan', 7)) as l (level, digits);
create or replace table marts.area as
select distinct area_level, area_code, area_code as area_name from intermediate.int_areas__of_sub_sls;
"""


class ForecastSql:
    """A database in memory and the compiled models; open it with ``with``."""

    def __init__(self) -> None:
        """Compile the models (some seconds).

        Raises:
            TransformError: the project does not compile.
        """
        self._compiled = compiled()
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as regsosek; use regsosek")
        for schema in ("seeds", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema {schema}")
        holidays = str(DBT_PROJECT / "seeds" / "reference" / "holidays.csv")
        self.connection.execute("create table seeds.holidays as from read_csv(?)", [holidays])

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.connection.close()

    def forecast(self, world: Histories, as_of: date, **replaced: str) -> pl.DataFrame:
        """Give the mart as of a day; `replaced` maps a model to other SQL, for tests that break it."""
        self.load(world, as_of)
        return self.build(as_of, **replaced)

    def load(self, world: Histories, as_of: date) -> None:
        """Fill the inputs with what has arrived by the as-of day."""
        self.connection.register("visits", world.visits)
        self.connection.register("loads", world.loads)
        for statement in filter(str.strip, _INPUTS.split(";")):
            given = {"as_of": as_of, "start": FIELD_START}
            used = {name: value for name, value in given.items() if f"${name}" in statement}
            self.connection.execute(statement, used)

    def build(self, as_of: date, **replaced: str) -> pl.DataFrame:
        """Run the models over the inputs there are; give the mart."""
        for model in MODELS:
            sql = replaced.get(model, self._compiled[model]).replace(_AS_OF, as_of.isoformat())
            schema = "intermediate" if model.startswith("int_") else "marts"
            self.connection.execute(f"create or replace table {schema}.{model} as {sql}")
        return self.connection.sql("select * from marts.progress_forecast").pl()

    def targets(self) -> pl.DataFrame:
        """Give the target of every unit of the last forecast."""
        return self.connection.sql("select unit_level, unit_code, target_families from marts.progress_forecast").pl()

    def sql_of(self, model: str) -> str:
        """Give a model's compiled text."""
        return self._compiled[model]


def compiled() -> dict[str, str]:
    """Compile the models of the forecast.

    Raises:
        TransformError: the project does not compile.
    """
    from dbt.cli.main import dbtRunner

    os.environ["REGSOSEK_WAREHOUSE"] = "regsosek.duckdb"  # names the database in the compiled text; never opened
    said = {"as_of": _AS_OF, "field_start": FIELD_START.isoformat(), "field_end": FIELD_END.isoformat(),
            "load_per_enumerator": 250}  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        ended = dbtRunner().invoke([
            "compile", "--no-introspect", "--no-populate-cache", "--select", *MODELS, "--project-dir", str(DBT_PROJECT),
            "--profiles-dir", str(DBT_PROJECT), "--target-path", scratch, "--log-path", scratch, "--log-level", "none",
            "--log-level-file", "none", "--vars", json.dumps(said),
        ])  # fmt: skip
        if not ended.success:
            raise TransformError(f"the forecast does not compile: {ended.exception}")
        nodes = json.loads((Path(scratch) / "manifest.json").read_text())["nodes"].values()
    return {node["name"]: node["compiled_code"] for node in nodes if node["name"] in MODELS}
