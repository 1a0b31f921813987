"""One function per task of the night: each opens what it needs, calls one module, enters the run log, returns a fact.

``run`` is ``<dag id>/<run id>``. What retrying cannot mend ends the task at once.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from include import event_store, ledgers, step, transform, warehouse
from include.contract import HEADQUARTERS
from include.field_day import arrival_day_of
from include.intake.arrival import arrival_days
from include.intake.landing import LandingError, folder_day, open_landing
from include.intake.pending import take_in_pending, take_in_pending_snapshots
from include.intake.raw_schema import TABLES
from include.intake.raw_store import partitions
from include.intake.uploads import KIND as UPLOADS
from include.publication.events_seen import EventsSeen, OvertakenError
from include.publication.pointer import live, writing
from include.publication.publish import publish_night
from include.report.site import build_site
from include.run_links import say_links
from include.run_log import OPENED, enter_interrupted
from include.settings import Settings, settings
from include.step import log_of, no_retry


def _raw_inputs(configured: Settings, as_of: str) -> dict[str, str]:
    """Digest of every raw partition that counts by the as-of day; events, which have no day, are asked for apart."""
    uploads = partitions(configured.raw, UPLOADS)
    inputs = {f"{UPLOADS}/{day}": p.inputs_digest for day, p in uploads.items() if day <= as_of}
    for kind in HEADQUARTERS:
        for folder, partition in partitions(configured.raw, kind).items():
            if folder_day(kind, folder).isoformat() <= as_of:
                inputs[f"{kind}/{folder}"] = partition.inputs_digest
    return inputs


@no_retry
def pick_arrival_day(requested: str | None, logical_date: datetime | None) -> str:
    """Name the arrival day this run is for."""
    return arrival_day_of(requested, logical_date, settings().timezone)


@no_retry
def open_run(run: str, arrival_day: str) -> str:
    """Open the run's log and check the landing zone; return the as-of day: never before the live one."""
    configured, log = settings(), log_of(run)
    log.enter("open_run", OPENED, figures={"arrival_day": arrival_day})
    interrupted = enter_interrupted(configured.state, run.split("/", 1)[0], but=log)
    current = live(configured.published)
    as_of = max(arrival_day, current["as_of"]) if current else arrival_day
    with log.step("check_landing", as_of) as figures:
        if date.fromisoformat(as_of) > datetime.now(ZoneInfo(configured.timezone)).date():
            raise LandingError(f"arrival day {as_of} has not come yet: choose an earlier one")
        event_store.clear_killed(configured.raw)
        days = arrival_days(open_landing(configured.landing))
        figures |= {"upload_days": len(days), "nothing_arrived": arrival_day not in days, "interrupted": interrupted}
    return as_of


@no_retry
def take_in_headquarters(run: str, as_of: str) -> int:
    """Take in headquarters' snapshots and events that are new or changed; return how many snapshots."""
    configured = settings()
    with log_of(run).step("take_in_headquarters", as_of) as figures:
        landing = open_landing(configured.landing)
        figures |= take_in_pending_snapshots(landing, configured.raw, as_of)
        figures |= event_store.take_in(landing, configured.raw)
    return figures["snapshots"]


@no_retry
def take_in_uploads(run: str, as_of: str) -> int:
    """Take in every arrival day that is new or changed; return how many bundles were read."""
    configured = settings()
    with log_of(run).step("take_in_uploads", as_of) as figures:
        figures |= take_in_pending(open_landing(configured.landing), configured.raw, as_of, configured.mappings)
    return figures["bundles"]


def show_raw(run: str, as_of: str) -> int:
    """Show the raw store in the warehouse as views; return how many."""
    configured = settings()
    with log_of(run).step("show_raw", as_of) as figures:
        warehouse.show_raw(configured.warehouse, configured.raw, event_store.OTHER_VIEWS)
        event_store.show(configured.warehouse, configured.raw)
        warehouse.show_ledgers(configured.warehouse, configured.state, ledgers.TABLES)
        figures["views"] = len(TABLES)
    return figures["views"]


@no_retry
def build(run: str, as_of: str, layer: str) -> int:
    """Build one layer of the dbt project with its tests; return how many nodes ran."""
    configured = settings()
    with log_of(run).step(f"build_{layer}", as_of) as figures:
        figures |= transform.build(layer, as_of, configured)
    return sum(figures.values())


@no_retry
def check_gate(run: str, as_of: str, gate: str) -> int:
    """Judge a gate and keep its results; return how many rules tripped. A tripped critical rule closes it."""
    configured = settings()
    docs = configured.state / "data_docs" / as_of / gate
    return step.judge_gate(log_of(run), as_of, gate, configured, docs)


@no_retry
def publish(run: str, as_of: str, outlet_events: Any = None) -> str:  # noqa: ANN401 - Airflow's accessors
    """Publish what passed the gates; return the snapshot's folder.

    An event may come while the night runs, and be published over the last night by a shock response. So a night whose
    marts do not know every event on file builds those of the events anew before its snapshot becomes live.
    """
    configured, log = settings(), log_of(run)
    manifest = transform.manifest_path(configured.scratch)
    with log.step("publish", as_of) as figures, writing(configured.published):
        for attempt in range(1, step.PUBLICATION_ATTEMPTS + 1):
            events = _catch_up_with_events(run, as_of)
            results = step.kept_gates(log, configured)
            try:
                inputs = _raw_inputs(configured, as_of)
                figures |= publish_night(inputs, as_of, results, manifest, configured, events, build_site)
                break
            except OvertakenError:
                if attempt == step.PUBLICATION_ATTEMPTS:
                    raise
    say_links(outlet_events, figures["paths"], configured.state / "data_docs" / as_of)
    return figures["path"]


def _catch_up_with_events(run: str, as_of: str) -> EventsSeen:
    """Build the marts of the events anew if an event came, changed or went; return the events they now know."""
    configured = settings()
    events = event_store.seen(configured.warehouse, configured.raw)
    if events.on_file() != events.built_with:
        event_store.show(configured.warehouse, configured.raw)
        build(run, as_of, "adaptive")
        check_gate(run, as_of, "shock")
    return event_store.seen(configured.warehouse, configured.raw)


mirror = step.mirror
close_run = step.close_run
