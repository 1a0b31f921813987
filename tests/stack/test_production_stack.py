"""One night on the production stack of docker-compose.yaml: real services, PostgreSQL, LocalExecutor, no Docker."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from include.publication.base import read_base
from include.publication.keys import read_keys
from include.publication.live_marts import read_mart
from include.publication.scan import own_numbers, sub_sls_in
from include.publication.texts import texts_below
from include.settings import PROJECT
from tests.builders import keys_file
from tests.identified import identified, in_sources, scan
from tests.stack.airflow_api import AirflowApi
from tests.stack.postgres import dump
from tests.stack.processes import wait_until
from tests.stack.services import Stack, started

pytestmark = [pytest.mark.stack, pytest.mark.timeout(720)]

NIGHTLY, RESPONSE = "field_uploads_nightly", "shock_response"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The stack over a small simulated landing zone; its folder must be open to PostgreSQL's own user."""
    with TemporaryDirectory(prefix="regsosek-stack-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        size = ["--enumerators", "6", "--days", "1", "--seed", "1"]
        simulate = [sys.executable, "-m", "include.simulation", "--out", str(folder / "landing"), *size]
        subprocess.run(simulate, check=True, cwd=PROJECT, timeout=60)
        with started(Stack(folder=folder, landing=folder / "landing")) as running:
            yield running


def last_words(stack: Stack, run: str) -> str:
    """The end of every task's log: the folder that holds them does not outlive the test."""
    logs = sorted((stack.folder / "airflow" / "logs").rglob(f"run_id={run}/**/*.log"))
    return "\n".join(f"== {log.relative_to(stack.folder)}\n{log.read_text(encoding='utf-8')[-3000:]}" for log in logs)


@pytest.fixture(scope="module")
def api(stack: Stack) -> AirflowApi:
    """Airflow's API, once it knows the nightly DAG."""
    client = AirflowApi(stack)
    wait_until(lambda: client.knows(NIGHTLY), 90, "the DAG file to be read")
    return client


def test_airflow_reports_every_component_healthy(api: AirflowApi) -> None:
    health = api.get("/monitor/health")
    assert {name: part["status"] for name, part in health.items()} == dict.fromkeys(
        ("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy"
    )


def test_the_warehouse_pool_has_one_slot(api: AirflowApi) -> None:
    assert api.get("/pools/warehouse")["slots"] == 1


def test_only_the_scheduler_knows_where_census_data_lies(stack: Stack) -> None:
    services = ("api-server", "scheduler", "triggerer")
    knowing = [name for name in services if "REGSOSEK_RAW" in stack.environment(name)]
    assert knowing == ["scheduler"]


def test_the_schedule_runs_a_night_and_publishes_the_days_that_wait(stack: Stack, api: AirflowApi) -> None:
    # Unpaused, the DAG runs the latest night of its schedule at once; another would wait for it.
    api.unpause(NIGHTLY)
    wait_until(lambda: bool(api.runs(NIGHTLY)), 60, "the schedule to start a run")
    (run,) = api.runs(NIGHTLY)
    outcome = api.outcome(NIGHTLY, run, 300)
    assert outcome == "success", f"{api.task_states(NIGHTLY, run)}\n{last_words(stack, run)}"
    assert json.loads((stack.data / "published" / "CURRENT.json").read_text(encoding="utf-8"))
    base, keys = read_base(stack.data / "published"), read_keys(keys_file(stack.folder))
    fates = read_mart(base, keys, "document_fate", ["arrival_day"])
    landed = {path.name for path in (stack.landing / "uploads").iterdir()}
    assert {str(day) for table in fates for day in table.column("arrival_day").to_pylist()} == landed
    assert {kind for kind, _ in api.runs(NIGHTLY).values()} == {"scheduled"}


def test_an_event_that_lands_after_the_night_is_published_without_anybody(stack: Stack, api: AirflowApi) -> None:
    api.unpause(RESPONSE)
    frame = next((stack.landing / "frame").glob("*/sub_sls.csv")).read_text(encoding="utf-8-sig").splitlines()
    event = {
        "event_id": "quake-01",
        "type": "quake",
        "name": "Gempa",
        "started_on": "2022-10-15",
        "areas": [frame[1][:7]],
    }
    coming = stack.folder / "quake-01"
    coming.mkdir()
    (coming / "event.json").write_text(json.dumps(event), encoding="utf-8")
    coming.rename(stack.landing / "events" / "quake-01")

    def is_published() -> bool:
        base, keys = read_base(stack.data / "published"), read_keys(keys_file(stack.folder))
        tables = read_mart(base, keys, "shock_caseload", ["event_id"])
        return any("quake-01" in table.column("event_id").to_pylist() for table in tables)

    with suppress(TimeoutError):
        wait_until(is_published, 300, "the event to be published")
    # A waiting event is found more than once; and a run publishes before it closes, which takes away its scratch.
    wait_until(lambda: api.has_been_quiet(RESPONSE, 15), 240, "responses to close")
    runs = api.runs(RESPONSE)
    assert is_published(), f"{runs}\n" + "\n".join(last_words(stack, run) for run in runs)
    assert set(runs.values()) == {("asset_triggered", "success")}


def lying_open(stack: Stack) -> Iterator[tuple[str, list[str]]]:
    """Every text of what the services made but for the raw store and the warehouse: it must name nobody."""
    yield "metadata", [dump(stack.folder / "postgres", stack.postgres_port, stack.secrets["POSTGRES_PASSWORD"])]
    yield from ((log.name, [log.read_text(encoding="utf-8")]) for log in sorted(stack.folder.glob("*.log")))
    for folder in (stack.folder / "airflow" / "logs", *(stack.data / n for n in ("published", "state", "scratch"))):
        yield from ((f"{folder.name}/{place}", values) for place, values in texts_below(folder))


def test_nobody_who_landed_stands_in_metadata_logs_or_what_is_published(stack: Stack) -> None:
    everybody = identified(stack.landing)
    sought = everybody.without(in_sources(everybody))
    scanned = scan(lying_open(stack), sought, sub_sls_in(stack.data / "raw") | own_numbers())
    assert scanned.found == set()
    assert scanned.shaped == []
    assert len(sought) > 5000
    runs = {dag for dag in (NIGHTLY, RESPONSE) for place in scanned.places if f"logs/dag_id={dag}/" in place}
    assert runs == {NIGHTLY, RESPONSE}
    assert {"metadata", "scheduler.log"} <= scanned.places.keys()
