"""One function per task of the DAGs: each opens what it needs, calls one module, enters the run log, returns a fact.

``run`` is ``<dag id>/<run id>``. What retrying cannot mend ends the task at once.
"""

import functools
from collections.abc import Callable
from datetime import date, datetime
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from include import gate_result, gates, ledgers, transform, warehouse
from include.contract import EVENTS, HEADQUARTERS
from include.field_day import arrival_day_of
from include.gate_pages import OVERVIEW
from include.intake import raw_schema
from include.intake.arrival import arrival_days
from include.intake.events import take_in_pending_events
from include.intake.landing import LandingError, folder_day, open_landing
from include.intake.pending import take_in_pending, take_in_pending_snapshots
from include.intake.raw_store import clear_leftovers, partitions
from include.intake.uploads import KIND as UPLOADS
from include.publication.pointer import live
from include.publication.policy import PolicyError
from include.publication.publish import publish_night
from include.publication.snapshot import PublicationError
from include.run_log import CLOSED, FAILED, OPENED, RunLog, enter_interrupted, run_log
from include.settings import Settings, SettingsError, settings

P = ParamSpec("P")
R = TypeVar("R")

_PERMANENT = (
    gate_result.GateClosedError, LandingError, PolicyError, PublicationError, SettingsError, transform.TransformError,
)  # fmt: skip


def _no_retry(step: Callable[P, R]) -> Callable[P, R]:
    """End the task for good where the error is one that the next attempt would meet again."""

    @functools.wraps(step)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except _PERMANENT as error:
            from airflow.sdk.exceptions import AirflowFailException

            raise AirflowFailException(str(error)) from None

    return wrapped


def _log(run: str) -> RunLog:
    dag_id, run_id = run.split("/", 1)
    return run_log(settings().state, dag_id, run_id)


def _raw_inputs(configured: Settings, as_of: str) -> dict[str, str]:
    """Digest of every raw partition that counts by the as-of day."""
    uploads = partitions(configured.raw, UPLOADS)
    inputs = {f"{UPLOADS}/{day}": p.inputs_digest for day, p in uploads.items() if day <= as_of}
    for kind in HEADQUARTERS:
        for folder, partition in partitions(configured.raw, kind).items():
            if folder_day(kind, folder).isoformat() <= as_of:
                inputs[f"{kind}/{folder}"] = partition.inputs_digest
    # An event has no day: all that are in raw count.
    return inputs | {f"{EVENTS}/{e}": p.inputs_digest for e, p in partitions(configured.raw, EVENTS).items()}


@_no_retry
def pick_arrival_day(requested: str | None, logical_date: datetime | None) -> str:
    """Name the arrival day this run is for."""
    return arrival_day_of(requested, logical_date, settings().timezone)


@_no_retry
def open_run(run: str, arrival_day: str) -> str:
    """Open the run's log and check the landing zone; return the as-of day: never before the live one."""
    configured, log = settings(), _log(run)
    log.enter("open_run", OPENED, figures={"arrival_day": arrival_day})
    interrupted = enter_interrupted(configured.state, run.split("/", 1)[0], but=log)
    current = live(configured.published)
    as_of = max(arrival_day, current["as_of"]) if current else arrival_day
    with log.step("check_landing", as_of) as figures:
        if date.fromisoformat(as_of) > datetime.now(ZoneInfo(configured.timezone)).date():
            raise LandingError(f"arrival day {as_of} has not come yet: choose an earlier one")
        clear_leftovers(configured.raw)
        days = arrival_days(open_landing(configured.landing))
        figures |= {"upload_days": len(days), "nothing_arrived": arrival_day not in days, "interrupted": interrupted}
    return as_of


@_no_retry
def take_in_headquarters(run: str, as_of: str) -> int:
    """Take in headquarters' snapshots and events that are new or changed; return how many snapshots."""
    configured = settings()
    with _log(run).step("take_in_headquarters", as_of) as figures:
        landing = open_landing(configured.landing)
        figures |= take_in_pending_snapshots(landing, configured.raw, as_of)
        figures |= take_in_pending_events(landing, configured.raw)
    return figures["snapshots"]


@_no_retry
def take_in_uploads(run: str, as_of: str) -> int:
    """Take in every arrival day that is new or changed; return how many bundles were read."""
    configured = settings()
    with _log(run).step("take_in_uploads", as_of) as figures:
        figures |= take_in_pending(open_landing(configured.landing), configured.raw, as_of, configured.mappings)
    return figures["bundles"]


def show_raw(run: str, as_of: str) -> int:
    """Show the raw store in the warehouse as views; return how many."""
    configured = settings()
    with _log(run).step("show_raw", as_of) as figures:
        warehouse.show_raw(configured.warehouse, configured.raw, raw_schema.TABLES)
        warehouse.show_ledgers(configured.warehouse, configured.state, ledgers.TABLES)
        figures["views"] = len(raw_schema.TABLES)
    return figures["views"]


@_no_retry
def build(run: str, as_of: str, layer: str) -> int:
    """Build one layer of the dbt project with its tests; return how many nodes ran."""
    configured = settings()
    with _log(run).step(f"build_{layer}", as_of) as figures:
        figures |= transform.build(layer, as_of, configured)
    return sum(figures.values())


@_no_retry
def check_gate(run: str, as_of: str, gate: str) -> int:
    """Judge a gate and keep its results; return how many rules tripped. A tripped critical rule closes it.

    The verdicts are shown in the warehouse at once: the marts of tonight know the gates before them.
    """
    configured, log = settings(), _log(run)
    with log.step(f"gate_{gate}", as_of) as figures:
        docs = configured.state / "data_docs" / as_of / gate
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


@_no_retry
def publish(run: str, as_of: str) -> str:
    """Publish what passed the gates; return the snapshot's folder."""
    configured, log = settings(), _log(run)
    with log.step("publish", as_of) as figures:
        results = gate_result.kept_results(configured.state / "gate_result" / log.key)
        manifest = transform.manifest_path(configured.scratch)
        figures |= publish_night(_raw_inputs(configured, as_of), as_of, results, manifest, configured)
    return figures["path"]


def close_run(run: str) -> str:
    """Close the run's log, however the run went; return its outcome."""
    log = _log(run)
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
