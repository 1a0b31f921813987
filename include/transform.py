"""Run dbt inside this process: parsed once, one call a layer, the warehouse file closed after each."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from include.durable import private_files
from include.settings import PROJECT, Settings
from include.withheld import said_of, without_values

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT = PROJECT / "dbt_project"
LAYERS = ("seeds", "staging", "intermediate", "marts")
# Tests of the data that only `make test` runs, over its small provinces.
OF_VIEWS = "grain_of_view"
# Seconds that each model, seed and test took when this process last ran it, by unique id: what is slow shows here.
NODE_SECONDS: dict[str, float] = {}
# Unit tests judge the code and not the night's data: `make test` runs them (run_unit_tests).
NOT_BUILT = ("unit_test",)
# What a build selects, where it is not simply the layer's folder.
SELECTED: dict[str, tuple[str, ...]] = {
    "seeds": ("path:seeds",),
    "adaptive": ("path:models/staging/events", "path:models/intermediate/adaptive", "path:models/marts/adaptive"),
}


class TransformError(RuntimeError):
    """A model or a dbt test failed; the message names each and why. Retrying changes nothing."""


class WarehouseBusyError(RuntimeError):
    """Another process holds the warehouse file; the next attempt may find it free."""


def build(layer: str, as_of: str, settings: Settings) -> dict[str, int]:
    """Build one layer and run its tests; return how many nodes ended in which status.

    ``adaptive`` is no layer of a night: it is what an event changes, through all layers, over marts that stand.

    Raises:
        TransformError: names the failed models and tests.
    """
    selection = SELECTED.get(layer, (f"path:models/{layer}",))
    # Eager selection would also run tests of later layers, whose tables do not exist yet.
    # A view's grain follows from its tables', which is tested: asking the view makes all its rows again.
    arguments = ["build", "--select", *selection, "--indirect-selection", "buildable", "--exclude", f"tag:{OF_VIEWS}"]
    left_out = [word for kind in NOT_BUILT for word in ("--exclude-resource-type", kind)]
    return _invoke([*arguments, *left_out, "--no-write-json"], as_of, settings)


def run_unit_tests(as_of: str, settings: Settings) -> dict[str, int]:
    """Run every dbt unit test; return how many ended in which status.

    Raises:
        TransformError: names the tests that failed.
    """
    return _invoke(["test", "--select", "test_type:unit"], as_of, settings)


def run_view_tests(as_of: str, settings: Settings) -> dict[str, int]:
    """Test the grain of the views that no night tests; return how many tests ended in which status.

    Raises:
        TransformError: names the views whose keys stand twice or are empty.
    """
    return _invoke(["test", "--select", f"tag:{OF_VIEWS}"], as_of, settings)


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
    os.environ["REGSOSEK_MEMORY_LIMIT"] = settings.memory_limit
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    try:
        from dbt.artifacts.schemas.run import RunExecutionResult
        from dbt.cli.main import dbtRunner

        manifest = _parsed(settings)
        with private_files():  # what does not fit into memory is spilled beside the warehouse
            result = dbtRunner(manifest=manifest).invoke([*arguments, *_options(as_of, settings)])
    finally:
        _close_warehouse()
    statuses: dict[str, int] = {}
    failed = [f"dbt {arguments[0]}: {said_of(result.exception)}"] if result.exception else []
    for node in result.result.results if isinstance(result.result, RunExecutionResult) else []:
        NODE_SECONDS[node.node.unique_id] = node.execution_time
        statuses[str(node.status)] = statuses.get(str(node.status), 0) + 1
        if node.status in ("error", "fail"):
            failed.append(f"{node.node.name}: {without_values(str(node.message))}")
    if any("Could not set lock" in reason for reason in failed):
        raise WarehouseBusyError(f"another process holds {settings.warehouse}")
    if failed or not result.success:
        raise TransformError("dbt failed: " + "; ".join(failed))
    return statuses


def _options(as_of: str, settings: Settings) -> list[str]:
    # No log file: it would repeat what TransformError says, with the values that DuckDB quotes.
    where, scratch = str(DBT_PROJECT), settings.scratch
    return [
        "--project-dir", where, "--profiles-dir", where,
        "--target-path", str(scratch / "dbt_target"), "--log-path", str(scratch / "dbt_logs"),
        "--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--vars", variables(as_of, settings),
    ]  # fmt: skip


def _parsed(settings: Settings) -> "Manifest":
    """Give the parsed project, and leave its manifest where readers of the catalogue look for it."""
    manifest = _parse_once(tuple(_options(settings.field_start.isoformat(), settings)))
    path = manifest_path(settings.scratch)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        manifest.write(str(path))
    return manifest


_MANIFESTS: list["Manifest"] = []


def _parse_once(options: tuple[str, ...]) -> "Manifest":
    """Parse the project once a process (3 s): its vars and folders only matter when a model is compiled."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    if not _MANIFESTS:
        parsed = dbtRunner().invoke(["parse", *options])
        if parsed.exception or not isinstance(parsed.result, Manifest):
            raise TransformError(f"dbt project does not parse: {parsed.exception}")
        _MANIFESTS.append(parsed.result)
    return _MANIFESTS[0]


def _close_warehouse() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def manifest_path(scratch: Path) -> Path:
    """Where dbt leaves its manifest."""
    return scratch / "dbt_target" / "manifest.json"


def parse(settings: Settings) -> None:
    """Compile the project without touching data, so that its manifest can be read.

    Raises:
        TransformError: the project does not parse or compile.
    """
    _invoke(["compile", "--no-introspect"], settings.field_start.isoformat(), settings)
