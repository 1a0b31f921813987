"""How long nights take, step by step, and how they grow: ``python -m benchmarks.nights --enumerators 500 --days 6``."""

import argparse
import logging
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measure import Watch, in_own_process, machine, say, table, watched
from include.run_log import DONE, run_log
from include.settings import settings
from include.simulation import Plan, simulate
from tests.builders import DAY, LandingZone, family, keys_file
from tests.pipeline import run_night

FIRST_DAY = date(2022, 10, 15)
SLOWEST = 5
WARMED = "start-up"

Night = tuple[str, Watch, dict[str, float]]


def main(arguments: list[str] | None = None) -> int:
    """Run the nights and print what each step took; returns the process' exit code, which says nothing of the speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nights", description=__doc__)
    parser.add_argument("--enumerators", type=int, default=500)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        size = {"enumerators": asked.enumerators, "days": asked.days, "seed": asked.seed}
        made = in_own_process(simulate, Plan(root / "landing", first_day=FIRST_DAY, headquarters="frame", **size))
        nights = in_own_process(_run_nights, root, asked.days)
    received = f"{made.bundles:,} bundles, {made.documents:,} documents, {made.persons:,} persons"
    say(f"{asked.enumerators:,} enumerators x {asked.days} days: {received}\n{machine()}\n")
    _print(nights)
    return 0


def _run_nights(root: Path, days: int) -> list[Night]:
    """Run all nights in this process, a first one elsewhere: imports and dbt's parsing would hide how nights grow."""
    logging.disable(logging.INFO)
    zone = LandingZone(root / WARMED / "landing").with_frame()
    zone.send([family(n) for n in range(1, 7)])
    nights = [_run(root / WARMED, DAY, WARMED)]
    for n in range(days):
        day = (FIRST_DAY + timedelta(days=n)).isoformat()
        nights.append(_run(root, day, f"night {n + 1}"))
    return nights


def _run(root: Path, day: str, name: str) -> Night:
    for place in ("landing", "raw", "published", "state", "scratch"):
        os.environ[f"REGSOSEK_{place.upper()}"] = str(root / place)
    os.environ["REGSOSEK_WAREHOUSE"] = str(root / "regsosek.duckdb")
    os.environ["REGSOSEK_KEYS_FILE"] = str(keys_file(root))
    settings.cache_clear()
    with watched() as watch:
        run_night(day, name)
    entries = run_log(settings().state, "field_uploads_nightly", name).entries()
    return name, watch, {entry["step"]: entry["seconds"] for entry in entries if entry["outcome"] == DONE}


def _print(nights: list[Night]) -> None:
    steps = list(nights[-1][2])
    rows = [[step, *(f"{taken[step]:.2f}" for _, _, taken in nights)] for step in steps]
    rows.append(["the night", *(f"{watch.seconds:.1f}" for _, watch, _ in nights)])
    rows.append(["peak MiB so far", *(f"{watch.peak_mib:,}" for _, watch, _ in nights)])
    say(table(["seconds", *(name for name, _, _ in nights)], rows))
    _print_growth(nights[1], nights[-1])


def _print_growth(first: Night, last: Night) -> None:
    (first_name, first_watch, before), (last_name, last_watch, now) = first, last
    slowest = sorted(now, key=lambda step: now[step], reverse=True)[:SLOWEST]
    say(f"slowest of {last_name}: {', '.join(f'{step} {now[step]:.1f} s' for step in slowest)}")
    if first_name != last_name:
        grown = (f"{step} {now[step] / max(before[step], 0.001):.1f}" for step in slowest)
        say(f"{last_name} / {first_name}: ratio {last_watch.seconds / first_watch.seconds:.2f}; {', '.join(grown)}")


if __name__ == "__main__":
    sys.exit(main())
