"""No error says a value: what DuckDB and Arrow quote reaches neither the run log nor Airflow's log."""

import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from include.run_log import run_log
from include.step import DataError, no_retry
from include.withheld import said_of, without_values

NAME = "NUR'AINI RAHASIA\nWULANDARI"


def reading(query: str) -> Callable[[], object]:
    """A step that reads the name in DuckDB."""
    return lambda: duckdb.execute(query, [NAME]).fetchall()


def in_arrow() -> object:
    return pa.array([NAME]).cast(pa.int32())


QUOTING = [
    (reading("select cast(? as integer)"), "Conversion Error"),
    (reading("select cast(? as decimal(4, 2))"), "Conversion Error"),
    (reading("select cast(? as date)"), "Conversion Error"),
    (reading("select strptime(?, '%Y')"), "Invalid Input Error"),
    (reading("select json_extract(?, '$.name')"), "Invalid Input Error"),
    (in_arrow, "ArrowInvalid"),
]


def duplicate() -> object:
    with duckdb.connect() as connection:
        connection.execute("create table person (name varchar primary key)")
        connection.execute("insert into person values (?)", [NAME])
        return connection.execute("insert into person values (?)", [NAME])


@pytest.mark.parametrize(("act", "kind"), [*QUOTING, (duplicate, "Constraint Error")])
def test_an_error_that_quotes_a_value_is_told_without_it(tmp_path: Path, act: Callable[[], object], kind: str) -> None:
    with pytest.raises((duckdb.Error, pa.ArrowException), match="RAHASIA"):
        act()
    log = run_log(tmp_path, "nightly", "run")

    @no_retry
    def step() -> None:
        with log.step("take_in", "2022-10-17"):
            act()

    with pytest.raises(DataError) as raised:
        step()
    told = "".join(traceback.format_exception(raised.value)) + log.entries()[0]["message"]
    assert kind in told
    assert "withheld" in told
    assert "test_withheld" in told
    assert "RAHASIA" not in told
    assert "WULANDARI" not in told


def test_the_column_and_the_line_of_sql_are_told() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table raw as select 'RAHASIA' as r302")
        with pytest.raises(duckdb.ConversionException, match="RAHASIA") as raised:
            connection.execute("select cast(r302 as integer) from raw").fetchall()
    said = said_of(raised.value)
    assert said.startswith("Conversion Error: source column r302 (values withheld)")
    assert "LINE 1: select cast(r302 as integer) from raw" in said
    passed_on = without_values(f"Runtime Error in model stg_a (models/stg_a.sql)\n  {raised.value}")
    assert passed_on.startswith(
        "Runtime Error in model stg_a (models/stg_a.sql)\n  Conversion Error: source column r302"
    )
    assert "RAHASIA" not in passed_on


def test_an_error_about_a_name_or_a_file_is_told_as_it_is() -> None:
    with pytest.raises(duckdb.CatalogException) as raised:
        duckdb.execute("from nowhere")
    assert said_of(raised.value) == str(raised.value)
    assert said_of(ValueError("no frame")) == "no frame"
