"""Run ``shock_response`` by hand for one event in one Airflow process, and print who is hit and where."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from include.contract import EVENTS
from include.publication.base import read_base
from include.publication.keys import PROVINCE, read_keys
from include.publication.live_marts import partitions_of, read_partition
from include.run_log import RunLog, run_log
from include.settings import Settings, SettingsError, settings
from local_stack.nights import dag_of, prepare_airflow

DAG_ID = "shock_response"
_AWAY = ".events-to-come"


def main() -> int:
    """Run the response asked for. Returns the process' exit code."""
    parser = argparse.ArgumentParser(prog="make shock", description=__doc__)
    parser.add_argument("--event", required=True, metavar="EVENT_ID", help="a folder of landing/events")
    asked = parser.parse_args()
    try:
        settings()
    except SettingsError as error:
        parser.exit(2, f"{error}\n")
    prepare_airflow()
    return 0 if run_response(asked.event) else 1


def run_response(event_id: str) -> bool:
    """Run one response to its end and print it; say whether it succeeded."""
    started = time.monotonic()
    dag_run = dag_of(DAG_ID).test(run_conf={"event_id": event_id})
    log = run_log(settings().state, DAG_ID, dag_run.run_id)
    succeeded = str(dag_run.state) == "success"
    # A run whose mirror did not follow has failed, and yet its lists are out.
    published = any((e["step"], e["outcome"]) == ("publish", "done") for e in log.entries())
    outcome = "published" if published else "NOT PUBLISHED"
    lines = [f"Event {event_id}  {outcome}  ({time.monotonic() - started:.1f} s)", *_steps(log)]
    lines += _who(event_id, settings()) if published else []
    sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.flush()
    return succeeded


@contextmanager
def events_to_come(landing: Path) -> Iterator[None]:
    """Hold a simulated landing zone's events back for a block, as if they came after it."""
    away = landing / _AWAY
    (landing / EVENTS).rename(away)
    try:
        yield
    finally:
        away.rename(landing / EVENTS)


def _steps(log: RunLog) -> list[str]:
    entries = log.entries()
    took = ", ".join(f"{e['step']} {e['seconds']:.1f}" for e in entries if e["outcome"] == "done")
    failed = [f"  failed at   {e['step']}: {e['message']}" for e in entries if e["outcome"] == "failed"]
    return [f"  seconds     {took}", *failed]


def _who(event_id: str, configured: Settings) -> list[str]:
    """Say who is hit, as whoever holds the keys reads it from the published lists."""
    base, keys = read_base(configured.published), read_keys(configured.keys_file)
    parts = partitions_of(base, "shock_caseload")
    rows = [row for kab, part in parts.items() for row in read_partition(part, keys.of(kab)).to_pylist()]
    shown = [row for row in rows if row["event_id"] == event_id and row["decile"] == "all"]
    province = [row for row in shown if row["kab_code"] == PROVINCE]
    where = [row for row in shown if row["area_level"] == "kecamatan" and row["hit_families"]]
    where.sort(key=lambda row: (-row["hit_families"], row["area_code"]))
    return [
        *(f"  hit         {_counts(row)}" for row in province),
        *(f"  {'where' if n == 0 else '':12}{row['area_code']} {row['area_name']}: {_counts(row)}"
          for n, row in enumerate(where[:5])),
        f"  lists       {base.folder}/shock_affected_family",
    ]  # fmt: skip


def _counts(row: dict[str, Any]) -> str:
    affected = sum(row[f"{status}_persons"] for status in ("confirmed", "suspected", "recovered", "dead"))
    between = f"{row['families_low']:,} to {row['families_high']:,}"
    return f"{row['hit_families']:,} families ({between}), {row['hit_persons']:,} persons, {affected:,} on the list"


if __name__ == "__main__":
    sys.exit(main())
