"""Great Expectations, asked about rows of figures that lie in the warehouse; and how it is taught DuckDB."""

import logging
import os
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from include.gate_figures import table_of
from include.gate_pages import build_data_docs
from include.gate_result import GateFaultError

Rule = tuple[str, str]  # relation, rule id


def judge(gate: str, suites: dict[str, Any], skipped: set[Rule], warehouse: Path, docs: Path) -> dict[Rule, bool]:
    """Let Great Expectations judge the suites' figures and build its Data Docs; say of each rule whether it passed.

    Raises:
        GateFaultError: an expectation ended in an error instead of a verdict.
    """
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(gate, connection_string=f"duckdb:///{warehouse}")
    try:
        definitions = [
            _definition(context, source, relation, judged)
            for relation, suite in suites.items()
            if (judged := [e for e in suite.expectations if (relation, e.meta["rule"]) not in skipped])
        ]
        verdicts = [verdict for definition in definitions for verdict in _verdicts(definition)]
        build_data_docs(context, docs)
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
    return dict(verdicts)


def _definition(context: Any, source: Any, relation: str, expectations: list) -> Any:  # noqa: ANN401
    gx = _great_expectations()
    asset = source.add_query_asset(name=relation, query=f"select * from {table_of(relation)}")  # noqa: S608 - our own SQL
    batch = asset.add_batch_definition_whole_table("figures")
    suite = context.suites.add(gx.ExpectationSuite(name=relation, expectations=expectations))
    return context.validation_definitions.add(gx.ValidationDefinition(name=relation, data=batch, suite=suite))


def _verdicts(definition: Any) -> list[tuple[Rule, bool]]:  # noqa: ANN401
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        outcome = definition.run(result_format="BASIC")
    return [_verdict(definition.name, result) for result in outcome.results]


def _verdict(relation: str, result: Any) -> tuple[Rule, bool]:  # noqa: ANN401
    rule = result.expectation_config.meta["rule"]
    if (result.exception_info or {}).get("raised_exception") or result.result.get("observed_value") is None:
        reason = (result.exception_info or {}).get("exception_message") or "no figure came back"
        raise GateFaultError(f"suite {relation}, rule {rule} could not be computed: {reason}")
    return (relation, rule), bool(result.success)


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
