"""One function per task of ``shock_response``: like those of the night, but none opens the warehouse file.

A response works in a warehouse of its own below scratch, made from the live snapshot (docs/adr/0013).
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from include import event_store, shock_load, step, transform, warehouse
from include.intake.landing import LandingError, open_landing
from include.publication.base import read_base
from include.publication.events_seen import OvertakenError
from include.publication.keys import read_keys
from include.publication.overlay import GATE
from include.publication.pointer import live, writing
from include.publication.policy import RESPONSE_MARTS
from include.publication.publish import publish_response
from include.run_links import say_links
from include.run_log import OPENED, enter_interrupted
from include.settings import Settings, settings
from include.step import log_of, no_retry

ALL_EVENTS = "*"
_FOLDER, _BASE = "shock_response", "base.json"


@no_retry
def pick_event(requested: str | None, triggered: Mapping[Any, Iterable[Any]] | None) -> str:
    """Name the event this run is for: the one asked for, else the last that was seen to come, else all."""
    if requested:
        return requested
    extras = [event.extra or {} for events in (triggered or {}).values() for event in events]
    ids = [extra["payload"]["event_id"] for extra in extras if "payload" in extra]
    return ids[-1] if ids else ALL_EVENTS


@no_retry
def open_run(run: str, event_id: str) -> str:
    """Open the run's log and name the as-of day of the live snapshot, over which the event is published."""
    configured, log = settings(), log_of(run)
    log.enter("open_run", OPENED, figures={"event_id": event_id})
    enter_interrupted(configured.state, run.split("/", 1)[0], but=log)
    return read_base(configured.published).as_of


@no_retry
def take_in_event(run: str, as_of: str, event_id: str) -> int:
    """Take in the event, and any other that is new, changed or gone; return how many are on file.

    Raises:
        LandingError: the landing zone has no such event.
    """
    configured = settings()
    with log_of(run).step("take_in_event", as_of) as figures:
        figures |= event_store.take_in(open_landing(configured.landing), configured.raw)
        known = event_store.on_file(configured.raw)
        figures["on_file"] = len(known)
        if event_id not in {ALL_EVENTS, *known}:
            raise LandingError(f"landing folder events/{event_id}: there is none, or it is empty")
    return figures["on_file"]


@no_retry
def load_live(run: str, as_of: str) -> int:
    """Make the response's own warehouse: the events, and of the live snapshot what they can touch; return its rows."""
    configured = settings()
    own = _own(configured)
    with log_of(run).step("load_live", as_of) as figures:
        base, keys = read_base(configured.published), read_keys(configured.keys_file)
        clear(configured)
        # People's rows in clear: nobody but this user may look in, from the first byte on.
        own.warehouse.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        own.warehouse.parent.chmod(0o700)
        event_store.show(own.warehouse, configured.raw)
        with warehouse.opened(own.warehouse) as connection:
            figures |= shock_load.load(connection, base, keys)
        (own.warehouse.parent / _BASE).write_text(json.dumps(base.pointer))
    return sum(figures.values())


@no_retry
def build(run: str, as_of: str) -> int:
    """Build the marts of the events with their tests; return how many nodes ran."""
    with log_of(run).step("build_adaptive", as_of) as figures:
        figures |= transform.build("adaptive", as_of, _own(settings()))
    return sum(figures.values())


@no_retry
def check_gate(run: str, as_of: str) -> int:
    """Judge the gate of the events; return how many rules tripped. A tripped critical rule closes it."""
    own, log = _own(settings()), log_of(run)
    return step.judge_gate(log, as_of, GATE, own, own.state / "data_docs" / as_of / "shock_response")


@no_retry
def publish(run: str, as_of: str, outlet_events: Any = None) -> str:  # noqa: ANN401 - Airflow's accessors
    """Publish over the live snapshot; return the new snapshot's folder.

    A night may publish meanwhile, or another event come: what this run made is then made anew over what is live.
    """
    configured, log = settings(), log_of(run)
    own = _own(configured)
    with log.step("publish", as_of) as figures, writing(configured.published):
        for attempt in range(1, step.PUBLICATION_ATTEMPTS + 1):
            if _is_overtaken(configured):
                as_of = read_base(configured.published).as_of
                for again in (load_live, build, check_gate):
                    again(run, as_of)
            base, results = read_base(configured.published, _loaded_from(own)), step.kept_gates(log, configured)
            events = event_store.seen(own.warehouse, configured.raw)
            try:
                figures |= publish_response(base, results, transform.manifest_path(own.scratch), own, events)
                break
            except OvertakenError:
                if attempt == step.PUBLICATION_ATTEMPTS:
                    raise
    docs = own.state / "data_docs" / as_of / "shock_response"
    say_links(outlet_events, figures["paths"], docs, RESPONSE_MARTS)
    return figures["path"]


mirror = step.mirror


def close_run(run: str) -> str:
    """Take the response's own warehouse away and close the run's log, however the run went; return its outcome."""
    clear(settings())
    return step.close_run(run)


def clear(configured: Settings) -> None:
    """Take away what a response, killed or not, left in clear."""
    for left in _own(configured).warehouse.parent.glob(f"{configured.warehouse.name}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _own(configured: Settings) -> Settings:
    """The settings, with warehouse and dbt target apart from the night's. dbt wants the file's name to be the same."""
    folder: Path = configured.scratch / _FOLDER
    return configured.model_copy(update={"warehouse": folder / configured.warehouse.name, "scratch": folder})


def _loaded_from(own: Settings) -> dict[str, Any] | None:
    """The pointer to the snapshot that the response's warehouse was made from."""
    note = own.warehouse.parent / _BASE
    return json.loads(note.read_text()) if note.exists() and own.warehouse.exists() else None


def _is_overtaken(configured: Settings) -> bool:
    """Say whether the response's warehouse was made from another snapshot than the live one, or other events."""
    own = _own(configured)
    loaded_from = _loaded_from(own)
    if loaded_from is None or loaded_from != live(configured.published):
        return True
    events = event_store.seen(own.warehouse, configured.raw)
    return events.on_file() != events.built_with
