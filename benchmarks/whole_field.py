"""A night of the whole field work beside the floor of a rebuild: ``python -m benchmarks.whole_field --nights 10 90``.

7,350 enumerators, 250 families each in 90 nights, damage included (design §6). The field work is made once, in minutes,
and kept in ``--cache``.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.field_night import lay_out_night
from benchmarks.field_store import days_of, field_plan, store_field
from benchmarks.measure import Watch, in_own_process, machine, say, table, watched
from benchmarks.rebuild_floor import measure_floor, type_the_field
from include import transform
from include.run_log import DONE, run_log
from include.settings import settings
from tests.builders import DAY, LandingZone, family, keys_file
from tests.pipeline import run_night

FACTOR, START_SECONDS, GROWTH = 6, 60, 3
SLOWEST = 5


@dataclass(frozen=True)
class Night:
    """What one night took: its start-up, its steps and dbt's nodes, seconds; ``peak_mib`` of its process."""

    start: float
    watch: Watch
    steps: dict[str, float]
    models: dict[str, float]
    tests: dict[str, float]

    @property
    def seconds(self) -> float:
        """The night with what a process pays once."""
        return self.start + self.watch.seconds


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the process' exit code, which says nothing of the speed."""
    asked = _parser().parse_args(arguments)
    plan = field_plan(asked.enumerators, max(asked.days, *asked.nights), asked.seed)
    with tempfile.TemporaryDirectory() as temporary:
        cache = asked.cache or Path(temporary) / "field"
        store_field(cache, plan)
        typed = cache / "typed" / str(max(asked.nights))
        in_own_process(type_the_field, cache, days_of(plan)[: max(asked.nights)], typed)
        floor, rows = in_own_process(measure_floor, typed, Path(temporary) / "floor.duckdb", asked.memory_gib)
        nights = {}
        for number in asked.nights:
            root = (asked.work or Path(temporary)) / f"night-{number}"
            shutil.rmtree(root, ignore_errors=True)
            nights[number] = in_own_process(_measure_night, cache, days_of(plan)[:number], root, asked.memory_gib)
        again, _ = in_own_process(measure_floor, typed, Path(temporary) / "floor.duckdb", asked.memory_gib)
    size = f"{rows['families']:,} families, {rows['persons']:,} persons on file after night {max(asked.nights)}"
    say(f"{size}; {asked.enumerators:,} enumerators\n{machine()}; DuckDB's limit {asked.memory_gib} GiB\n")
    _print(floor, again, nights)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_field", description=__doc__)
    parser.add_argument("--enumerators", type=int, default=7350)
    parser.add_argument("--nights", type=int, nargs="+", default=[10, 90], help="which nights; the last is the rebuild")
    parser.add_argument("--days", type=int, default=90, help="of the whole field work")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--memory-gib", type=int, default=8, help="what DuckDB may hold")
    parser.add_argument("--cache", type=Path, help="where the field work is kept")
    parser.add_argument("--work", type=Path, help="where the nights' warehouses are left")
    return parser


def _measure_night(cache: Path, days: list[str], root: Path, memory_gib: int) -> Night:
    """Run a night over what is on file, a tiny one before it: what a process pays once is told apart."""
    logging.disable(logging.INFO)
    os.environ["REGSOSEK_MEMORY_LIMIT"] = f"{memory_gib}GiB"
    zone = LandingZone(root / "start" / "landing").with_frame()
    zone.send([family(n) for n in range(1, 7)])
    _point_at(root / "start")
    with watched() as start:
        run_night(DAY, "start")
    lay_out_night(cache, days, root)
    _point_at(root)
    transform.NODE_SECONDS.clear()
    with watched() as watch:
        run_night(days[-1], "measured")
    entries = run_log(settings().state, "field_uploads_nightly", "measured").entries()
    seconds = {entry["step"]: entry["seconds"] for entry in entries if entry["outcome"] == DONE}
    return Night(start.seconds, watch, seconds, _nodes(is_test=False), _nodes(is_test=True))


def _nodes(*, is_test: bool) -> dict[str, float]:
    nodes = transform.NODE_SECONDS.items()
    return {name.split(".")[2]: took for name, took in nodes if name.startswith("test.") == is_test}


def _point_at(root: Path) -> None:
    for place in ("landing", "raw", "published", "state", "scratch"):
        os.environ[f"REGSOSEK_{place.upper()}"] = str(root / place)
    os.environ["REGSOSEK_WAREHOUSE"] = str(root / "regsosek.duckdb")
    os.environ["REGSOSEK_KEYS_FILE"] = str(keys_file(root))
    settings.cache_clear()


def _print(floor: Watch, again: Watch, nights: dict[int, Night]) -> None:
    last = nights[max(nights)]
    least = min(floor.seconds, again.seconds)
    rows = [[step, *(f"{night.steps.get(step, 0):.2f}" for night in nights.values())] for step in last.steps]
    rows.append(["the night", *(f"{night.watch.seconds:.1f}" for night in nights.values())])
    rows.append(["start-up, once a process", *(f"{night.start:.1f}" for night in nights.values())])
    rows.append(["peak MiB", *(f"{night.watch.peak_mib:,}" for night in nights.values())])
    say(table(["seconds", *(f"night {number}" for number in nights)], rows))
    say(f"floor of a full rebuild: {floor.seconds:.1f} s before, {again.seconds:.1f} s after; {floor.peak_mib:,} MiB")
    budget = FACTOR * least + START_SECONDS
    kept = "kept" if last.seconds <= budget else "OVER"
    say(f"night {max(nights)}: {last.seconds:.1f} s, ratio {last.watch.seconds / least:.2f} without start-up; ")
    say(f"budget {FACTOR} x {least:.1f} + {START_SECONDS} = {budget:.1f} s: {kept}")
    if len(nights) > 1:
        grown = last.watch.seconds / nights[min(nights)].watch.seconds
        say(f"growth {grown:.2f}, budget {GROWTH}: {'kept' if grown <= GROWTH else 'OVER'}")
    for kind, nodes in (("models", last.models), ("tests", last.tests)):
        slowest = sorted(nodes.items(), key=lambda node: node[1], reverse=True)[:SLOWEST]
        say(f"slowest {kind}: {', '.join(f'{name} {seconds:.1f} s' for name, seconds in slowest)}")


if __name__ == "__main__":
    sys.exit(main())
