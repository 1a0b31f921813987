"""The figures a gate judges: one row of counts and shares a suite, computed in DuckDB and left there to be read."""

import csv
import math
from datetime import date
from pathlib import Path
from types import ModuleType

import duckdb

from include.gate_result import GateFaultError
from include.settings import PROJECT, Settings
from include.warehouse import opened

SCHEMA = "gates"
_SEEDS = PROJECT / "dbt_project" / "seeds"
_DECIMALS = 6  # what adds up in another order on another night must not give other bytes

Figures = dict[str, float | None]


def compute(modules: list[ModuleType], as_of: str, limits: dict, settings: Settings) -> dict[str, Figures]:
    """Compute the row of every suite into ``gates.<relation>``; return the rows by relation.

    Raises:
        GateFaultError: a table or column is missing, or the warehouse cannot be opened.
    """
    words = _words(as_of, settings)
    found = {}
    try:
        with opened(settings.warehouse) as connection:
            connection.execute(f"create schema if not exists {SCHEMA}")
            for module in modules:
                found[module.RELATION] = _row(connection, module, {**words, **_own(limits, module.RELATION)})
    except duckdb.Error as error:
        raise GateFaultError(f"the figures could not be computed: {_reason(error)}") from None
    return found


def table_of(relation: str) -> str:
    """Name the table that holds a suite's row."""
    return f"{SCHEMA}.{relation.replace('.', '__')}"


def require_figure(figures: Figures, name: str, rule: str) -> float:
    """Give a figure that can be judged.

    Raises:
        GateFaultError: the suite computes no such figure, or it is empty or no number.
    """
    if name not in figures:
        raise GateFaultError(f"rule {rule} could not be computed: its suite has no figure {name}")
    figure = figures[name]
    if figure is None or not math.isfinite(figure):
        raise GateFaultError(f"rule {rule} could not be computed: {name} is {'empty' if figure is None else figure}")
    return figure


def _row(connection: duckdb.DuckDBPyConnection, module: ModuleType, words: dict[str, object]) -> Figures:
    table = table_of(module.RELATION)
    query = module.FIGURES.format(**words)
    rows = connection.sql(query)
    rounded = ", ".join(f"round(cast({name} as double), {_DECIMALS}) as {name}" for name in rows.columns)
    connection.execute(f"create or replace table {table} as select {rounded} from ({query})")  # noqa: S608 - our own SQL
    fetched = connection.execute(f"select * from {table}").fetchall()  # noqa: S608 - our own SQL
    if len(fetched) != 1:
        raise GateFaultError(f"suite {module.RELATION} gives {len(fetched)} rows of figures instead of one")
    return dict(zip(rows.columns, fetched[0], strict=True))


def _words(as_of: str, settings: Settings) -> dict[str, object]:
    """Give what every suite's SQL may name: days, and two seeds that the raw gate needs before dbt has built them."""
    holidays = sorted({date.fromisoformat(line["date"]) for line in _seed("reference/holidays.csv")})
    return {
        "as_of": as_of,
        "field_start": settings.field_start.isoformat(),
        "field_end": settings.field_end.isoformat(),
        "holidays": _listed([f"date '{day}'" for day in holidays]),
        "rejecting_reasons": _listed([f"'{line['reason']}'" for line in _seed("codes/bundle_reasons.csv")]),
    }


def _own(limits: dict, relation: str) -> dict[str, object]:
    return {name: entry["value"] for name, entry in limits.get(relation, {}).items()}


def _seed(name: str) -> list[dict[str, str]]:
    path: Path = _SEEDS / name
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def _listed(literals: list[str]) -> str:
    return ", ".join(literals) or "null"


def _reason(error: duckdb.Error) -> str:
    """Say what failed: DuckDB quotes the value where a cast fails, so only errors about names and files are quoted."""
    safe = isinstance(error, duckdb.CatalogException | duckdb.BinderException | duckdb.IOException)
    return str(error).splitlines()[0] if safe else type(error).__name__
