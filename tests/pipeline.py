"""The path of the data without Airflow, for tests that ask what comes out."""

from collections.abc import Callable

from include import ledgers, shock_steps, steps, transform, warehouse
from include.intake import raw_schema
from include.intake.events import take_in_pending_events
from include.intake.landing import open_landing
from include.intake.pending import take_in_pending, take_in_pending_snapshots
from include.settings import Settings, settings


def take_in(configured: Settings, as_of: str) -> None:
    """Landing to raw, everything pending by the as-of day."""
    landing = open_landing(configured.landing)
    take_in_pending_snapshots(landing, configured.raw, as_of)
    take_in_pending_events(landing, configured.raw)
    take_in_pending(landing, configured.raw, as_of, configured.mappings)


def build_marts(configured: Settings, as_of: str) -> None:
    """Landing to marts, without gates."""
    take_in(configured, as_of)
    warehouse.show_raw(configured.warehouse, configured.raw, raw_schema.TABLES)
    warehouse.show_ledgers(configured.warehouse, configured.state, ledgers.TABLES)
    for layer in transform.LAYERS:
        transform.build(layer, as_of, configured)


def run_night(arrival_day: str, run_id: str = "test", before_publish: Callable[[], object] = lambda: None) -> str:
    """The steps of field_uploads_nightly in their order, and what may happen in it; returns the snapshot's folder."""
    run = f"field_uploads_nightly/{run_id}"
    try:
        as_of = steps.open_run(run, steps.pick_arrival_day(arrival_day, None))
        steps.take_in_headquarters(run, as_of)
        steps.take_in_uploads(run, as_of)
        steps.show_raw(run, as_of)
        steps.check_gate(run, as_of, "raw")
        for layer in transform.LAYERS:
            steps.build(run, as_of, layer)
            if layer in ("staging", "marts"):
                steps.check_gate(run, as_of, layer)
        steps.check_gate(run, as_of, "shock")
        before_publish()
        folder = steps.publish(run, as_of)
        steps.mirror(run, as_of)
        return folder
    finally:
        steps.close_run(run)


def run_response(event_id: str, run_id: str = "test", before_publish: Callable[[], object] = lambda: None) -> str:
    """The steps of shock_response in their order, and what may happen in it; returns the snapshot's folder."""
    run = f"shock_response/{run_id}"
    try:
        as_of = shock_steps.open_run(run, shock_steps.pick_event(event_id, None))
        shock_steps.take_in_event(run, as_of, event_id)
        shock_steps.load_live(run, as_of)
        shock_steps.build(run, as_of)
        shock_steps.check_gate(run, as_of)
        before_publish()
        folder = shock_steps.publish(run, as_of)
        shock_steps.mirror(run, as_of)
        return folder
    finally:
        shock_steps.close_run(run)


def rows(query: str) -> list[tuple]:
    """Ask the warehouse the settings point at."""
    with warehouse.opened(settings().warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()
