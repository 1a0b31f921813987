"""The gates: Great Expectations judges figures that DuckDB computed, and a tripped critical rule closes the gate.

A suite's FIGURES is one row of counts and shares, so no result, log or page can hold a person's value.
"""

import importlib
import logging
import os
import warnings
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from include.gate_pages import build_data_docs, write_overview
from include.gate_result import RuleResult

GATES = {
    "raw": ("raw_frame_sub_sls", "raw_bundles", "raw_documents"),
    "marts": ("marts_progress_area_daily", "marts_upload_accounting", "marts_family_welfare"),
}


class GateClosedError(Exception):
    """A critical rule tripped: the data may not be published. Retrying changes nothing."""


class GateFaultError(RuntimeError):
    """The gate itself failed: an error of ours, never bad data."""


def run_gate(gate: str, as_of: str, warehouse: Path, thresholds: Path, docs: Path) -> list[RuleResult]:
    """Judge every suite of a gate inside DuckDB and build its Data Docs; the file is free again on return.

    Raises:
        GateFaultError: an expectation could not be computed, or a limit is missing.
    """
    limits = yaml.safe_load(thresholds.read_text())
    modules = [importlib.import_module(f"expectations.suites.{name}") for name in GATES[gate]]
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(gate, connection_string=f"duckdb:///{warehouse}")
    try:
        definitions = [_definition(context, source, module, limits, as_of) for module in modules]
        results = [_judge(gate, definition) for definition in definitions]
        build_data_docs(context, docs)
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
    judged = [result for suite in results for result in suite]
    write_overview(judged, limits, gate, as_of, docs)
    return judged


def require_open(results: list[RuleResult], live: str) -> None:
    """Let pass what may be published.

    Raises:
        GateClosedError: names suite, rule and figures of every tripped critical rule, and what stays live.
    """
    tripped = [r.sentence() for r in results if not r.passed and r.severity == "critical"]
    if tripped:
        raise GateClosedError(f"gate {results[0].gate} closed: {'; '.join(tripped)}. {live} stays live.")


def keep_results(results: list[RuleResult], path: Path, run_key: str, as_of: str) -> None:
    """Append the verdicts to the gate history: one Parquet file a gate and run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"run_key": run_key, "as_of": as_of, **asdict(result)} for result in results]
    beside = path.with_suffix(".beside")
    pq.write_table(pa.Table.from_pylist(rows), beside)
    beside.rename(path)


def kept_results(folder: Path) -> list[dict]:
    """Read the verdicts of one run, gate by gate, without the run's own name."""
    rows = [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    return [{name: value for name, value in row.items() if name not in ("run_key", "as_of")} for row in rows]


@cache
def _great_expectations() -> ModuleType:
    """Import Great Expectations once a process (6 s), without its telemetry, and teach it DuckDB."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    @event.listens_for(Engine, "after_cursor_execute")
    def _buffer(_connection: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:  # noqa: ANN401
        # GX reads rows after it closed the connection, and a DuckDB result dies with its connection.
        if context.dialect.name == "duckdb" and cursor.description:
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                cursor, initial_buffer=cursor.fetchall(), alternate_description=cursor.description
            )

    return gx


def _definition(context: Any, source: Any, module: ModuleType, limits: dict, as_of: str) -> Any:  # noqa: ANN401
    limit = _limits_of(module.RELATION, limits)
    own = {name: entry["value"] for name, entry in limits.get(module.RELATION, {}).items()}
    # GX takes a query only if it begins with SELECT.
    figures = f"select * from ({module.FIGURES.format(as_of=as_of, **own)}) as figures"  # noqa: S608 - our own SQL
    asset = source.add_query_asset(name=module.RELATION, query=figures)
    batch = asset.add_batch_definition_whole_table("figures")
    suite = context.suites.add(module.build(limit))
    gx = _great_expectations()
    return context.validation_definitions.add(gx.ValidationDefinition(name=module.RELATION, data=batch, suite=suite))


def _limits_of(relation: str, limits: dict) -> Callable[[str], float]:
    def limit(name: str) -> float:
        try:
            return limits[relation][name]["value"]
        except KeyError:
            raise GateFaultError(f"thresholds: {relation} has no {name}") from None

    return limit


def _judge(gate: str, definition: Any) -> list[RuleResult]:  # noqa: ANN401
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        outcome = definition.run(result_format="BASIC")
    return [_verdict(gate, definition.name, result) for result in outcome.results]


def _verdict(gate: str, suite: str, result: Any) -> RuleResult:  # noqa: ANN401
    expected = result.expectation_config
    rule = expected.meta["rule"]
    observed = result.result.get("observed_value")
    if (result.exception_info or {}).get("raised_exception") or observed is None:
        reason = (result.exception_info or {}).get("exception_message") or "no figure came back"
        raise GateFaultError(f"suite {suite}, rule {rule} could not be computed: {reason}")
    low, high = expected.kwargs.get("min_value"), expected.kwargs.get("max_value")
    limit_text = f">= {low:g}" if high is None else f"<= {high:g}"
    severity = str(getattr(expected.severity, "value", expected.severity))
    column = expected.kwargs["column"]
    return RuleResult(gate, suite, rule, severity, column, float(observed), limit_text, bool(result.success))
