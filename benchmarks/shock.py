"""How long a shock response takes over the whole field work: ``python -m benchmarks.shock --families 1837500``.

A published snapshot of synthetic registers is made first, through the real writer. Then each kind of event is put into
the landing zone and answered by ``shock_response`` in a fresh process, Airflow's own start included.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import in_own_process, machine, say, table
from benchmarks.shock_registers import KECAMATAN, kab_footprint, listed_niks, publish_registers
from include.contract import EVENTS
from include.publication.base import read_base
from include.publication.key_file import add_random_keys, east_java
from include.run_log import DONE, RunLog
from include.settings import PROJECT, settings

BUDGET_SECONDS = 60


class Cost(NamedTuple):
    """What a process cost: seconds of CPU, which other work on the machine does not lengthen, and peak memory."""

    cpu_seconds: float
    peak_mib: int


class Response(NamedTuple):
    """One response: seconds of the whole process and of each step, families listed, what its process cost."""

    event_id: str
    seconds: float
    steps: dict[str, float]
    families: int
    cost: Cost


def main(arguments: list[str] | None = None) -> int:
    """Publish the registers, answer each event, print what it took; the exit code says nothing of the speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shock", description=__doc__)
    parser.add_argument("--families", type=int, default=1_837_500)
    parser.add_argument("--listed", type=int, default=100_000, help="NIK on the list of the person event")
    parser.add_argument("--only", help="one of the events: kecamatan, kab-polygon, list")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        _point_at(root)
        persons = in_own_process(publish_registers, asked.families)
        say(f"{asked.families:,} families, {persons:,} persons on file\n{machine()}\n")
        _call("-m", "airflow", "db", "migrate")
        niks = in_own_process(listed_niks, asked.listed)
        events: list[tuple[str, dict[str, Any], list[str]]] = [
            ("kecamatan", {"areas": [KECAMATAN]}, []),
            ("kab-polygon", {"footprint": kab_footprint()}, []),
            ("list", {}, niks),
        ]
        _print([_answer(root, *event) for event in events if asked.only in (None, event[0])])
    return 0


def _point_at(root: Path) -> None:
    for place in ("landing", "raw", "published", "state", "scratch"):
        os.environ[f"REGSOSEK_{place.upper()}"] = str(root / place)
    os.environ["REGSOSEK_WAREHOUSE"] = str(root / "regsosek.duckdb")
    os.environ["REGSOSEK_KEYS_FILE"] = str(root / "keys.json")
    add_random_keys(root / "keys.json", east_java())
    os.environ |= {
        "AIRFLOW_HOME": str(root / "airflow"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONPATH": str(PROJECT),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"), "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }  # fmt: skip
    settings.cache_clear()


def _answer(root: Path, event_id: str, said: dict[str, Any], niks: list[str]) -> Response:
    """Put one event into the landing zone and answer it in a process of its own."""
    folder = root / "landing" / EVENTS / event_id
    folder.mkdir(parents=True)
    event = {"event_id": event_id, "type": "flood", "name": event_id, "started_on": "2022-12-30", "areas": [], **said}
    (folder / "event.json").write_text(json.dumps(event))
    if niks:
        rows = "".join(f"{nik},confirmed,2022-12-31\n" for nik in niks)
        (folder / "affected.csv").write_text(f"nik,status,status_date\n{rows}")
    started = time.perf_counter()
    cost = _call("-m", "local_stack.shock", "--event", event_id)
    seconds = time.perf_counter() - started
    log = max((root / "state" / "run_log").iterdir(), key=lambda run: run.stat().st_mtime)
    entries = RunLog(root / "state", log.name).entries()
    steps = {entry["step"]: entry["seconds"] for entry in entries if entry["outcome"] == DONE}
    listed = next(r for r in read_base(root / "published").package["resources"] if r["name"] == "shock_affected_family")
    return Response(event_id, seconds, steps, listed["row_count"], cost)


def _call(*arguments: str) -> Cost:
    """Run Python in a process of its own and say what that cost."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def _print(responses: list[Response]) -> None:
    steps = list(responses[-1].steps)
    rows = [[step, *(f"{r.steps[step]:.1f}" for r in responses)] for step in steps]
    rows.append(["Airflow and the rest", *(f"{r.seconds - sum(r.steps.values()):.1f}" for r in responses)])
    rows.append(["from event file to published lists", *(f"{r.seconds:.1f}" for r in responses)])
    rows.append(["of them CPU, over both cores", *(f"{r.cost.cpu_seconds:.1f}" for r in responses)])
    rows.append(["families listed, all events so far", *(f"{r.families:,}" for r in responses)])
    rows.append(["peak MiB", *(f"{r.cost.peak_mib:,}" for r in responses)])
    say(table(["seconds", *(r.event_id for r in responses)], rows))
    say(f"slowest {max(r.seconds for r in responses):.1f} s, budget {BUDGET_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
