"""What every step of every DAG does: find its run's log, judge a gate, end for good where retrying mends nothing."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import duckdb
import pyarrow as pa

from include import gate_result, gates, ledgers, transform, warehouse
from include.gate_pages import OVERVIEW
from include.intake.landing import LandingError
from include.publication.attacker.published import DisclosureError
from include.publication.base import BaseError
from include.publication.disclosure.ledger import ReleaseLedgerError
from include.publication.mirror import follow
from include.publication.pointer import live
from include.publication.policy import PolicyError
from include.publication.privacy import PrivacyError
from include.publication.snapshot import PublicationError
from include.run_log import CLOSED, FAILED, OPENED, RunLog, run_log
from include.settings import Settings, SettingsError, settings
from include.withheld import said_of

P = ParamSpec("P")
R = TypeVar("R")

# How often a publication is made anew because an event, or another snapshot, came while it was made.
PUBLICATION_ATTEMPTS = 5

_PERMANENT = (
    BaseError, DisclosureError, gate_result.GateClosedError, LandingError, PolicyError, PrivacyError, PublicationError,
    ReleaseLedgerError, SettingsError, transform.TransformError,
)  # fmt: skip


class DataError(RuntimeError):
    """DuckDB or Arrow failed; the message withholds the values that theirs quotes. The next attempt may succeed."""


def no_retry(step: Callable[P, R]) -> Callable[P, R]:
    """End the task for good where the error is one that the next attempt would meet again.

    Raises:
        DataError: in place of an error that quotes values, which Airflow's log would repeat.
    """

    @functools.wraps(step)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except _PERMANENT as error:
            from airflow.sdk.exceptions import AirflowFailException

            raise AirflowFailException(str(error)) from None
        except (duckdb.Error, pa.ArrowException) as error:
            raise DataError(f"{type(error).__name__}: {said_of(error)}").with_traceback(error.__traceback__) from None

    return wrapped


def log_of(run: str) -> RunLog:
    """The log of ``<dag id>/<run id>``."""
    dag_id, run_id = run.split("/", 1)
    return run_log(settings().state, dag_id, run_id)


def judge_gate(log: RunLog, as_of: str, gate: str, configured: Settings, docs: Path) -> int:
    """Judge a gate over a warehouse and keep its results; return how many rules tripped.

    The verdicts are shown in the warehouse at once: the marts of tonight know the gates before them.

    Raises:
        GateClosedError: a critical rule tripped.
        GateFaultError: the gate itself failed.
    """
    with log.step(f"gate_{gate}", as_of) as figures:
        figures |= {"verdict": "fault", "data_docs": str(docs / OVERVIEW)}
        results = gates.run_gate(gate, as_of, configured, docs)
        gate_result.keep_results(
            results, configured.state / "gate_result" / log.key / f"{gate}.parquet", log.key, as_of
        )
        warehouse.show_ledgers(configured.warehouse, configured.state, ledgers.TABLES)
        figures |= gates.figures_for_log(results)
        gates.raise_alerts(results)
        gate_result.require_open(results, _live_name(configured))
    return len(figures["tripped"])


def kept_gates(log: RunLog, configured: Settings) -> list[dict[str, Any]]:
    """The verdicts of a run's gates."""
    return gate_result.kept_results(configured.state / "gate_result" / log.key)


@no_retry
def mirror(run: str, as_of: str) -> str:
    """Bring the mirror to what is live; return its URL, or that there is none.

    Apart from publishing, so that a red mirror is seen as one, and a retry of it publishes nothing anew.

    Raises:
        MirrorError: it cannot be brought there; what is published here stays live.
    """
    return follow(log_of(run), as_of, settings())["mirror"]


def close_run(run: str) -> str:
    """Close the run's log, however the run went; return its outcome."""
    log = log_of(run)
    entries = log.entries()
    opened = max((e["entry_number"] for e in entries if e["outcome"] == OPENED), default=0)
    attempt = {e["step"]: e["outcome"] for e in entries if e["entry_number"] > opened}
    failed = [step for step, outcome in attempt.items() if outcome == FAILED]
    outcome = "published" if attempt.get("publish") == "done" else "not published"
    message = f"{outcome}; failed at {', '.join(failed)}" if failed else outcome
    log.enter("close_run", CLOSED, message=message)
    return message


def _live_name(configured: Settings) -> str:
    current = live(configured.published)
    return f"snapshot {current['as_of']}_{current['build']}" if current else "nothing published yet, so nothing"
