"""Run dbt inside this process: parsed once, one call a layer, the warehouse file closed after each."""

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from include.settings import PROJECT, Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunner

DBT_PROJECT = PROJECT / "dbt_project"
LAYERS = ("seeds", "staging", "intermediate", "marts")


class TransformError(RuntimeError):
    """A model or a dbt test failed; the message names each and why."""


def build(layer: str, as_of: str, settings: Settings) -> dict[str, int]:
    """Build one layer and run its tests; return how many nodes ended in which status.

    Raises:
        TransformError: names the failed models and tests.
    """
    selection = "path:seeds" if layer == "seeds" else f"path:models/{layer}"
    # Eager selection would also run tests of later layers, whose tables do not exist yet.
    arguments = ["build", "--select", selection, "--indirect-selection", "buildable", "--fail-fast"]
    return _invoke(arguments, as_of, settings)


def variables(as_of: str, settings: Settings) -> str:
    """Give dbt its vars: the as-of day and how the field work is bounded (docs/adr/0004)."""
    return json.dumps({
        "as_of": as_of,
        "field_start": settings.field_start.isoformat(),
        "field_end": settings.field_end.isoformat(),
        "load_per_enumerator": settings.load_per_enumerator,
    })  # fmt: skip


def _invoke(arguments: list[str], as_of: str, settings: Settings) -> dict[str, int]:
    os.environ["REGSOSEK_WAREHOUSE"] = str(settings.warehouse)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    try:
        result = _runner().invoke([*arguments, *_places(settings.scratch), "--vars", variables(as_of, settings)])
    finally:
        _close_warehouse()
    if result.exception:
        raise TransformError(f"dbt {arguments[0]}: {result.exception}") from None
    statuses: dict[str, int] = {}
    failed = []
    for node in result.result.results:
        statuses[str(node.status)] = statuses.get(str(node.status), 0) + 1
        if node.status in ("error", "fail"):
            failed.append(f"{node.node.name}: {node.message}")
    if failed or not result.success:
        raise TransformError("dbt failed: " + "; ".join(failed))
    return statuses


def _places(scratch: Path) -> list[str]:
    where = str(DBT_PROJECT)
    return [
        "--project-dir", where, "--profiles-dir", where,
        "--target-path", str(scratch / "dbt_target"), "--log-path", str(scratch / "dbt_logs"),
        "--log-level", "warn", "--no-use-colors", "--no-print",
    ]  # fmt: skip


@cache
def _runner() -> "dbtRunner":
    """Load dbt once a process (3 s)."""
    from dbt.cli.main import dbtRunner

    return dbtRunner()


def _close_warehouse() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
