"""How long intake takes for one arrival day, beside the floor: ``python -m benchmarks.intake --enumerators 7350``."""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

import pyarrow as pa

from benchmarks.floor import take_in_plainly
from benchmarks.measure import Watch, in_own_process, machine, say, table, watched
from include.intake.landing import open_landing
from include.intake.uploads import KIND, take_in_uploads
from include.simulation import Plan, simulate

BUDGET = 3.0
# The peak night that the budget is for: more rows than it make the budget harder, fewer do not count.
PEAK_NIGHT = {"bundles": 7350, "documents": 58_800, "persons": 235_200}

Measured = tuple[Watch, dict[str, int]]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the process' exit code, which says nothing of the speed."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        landing = asked.landing or Path(temporary) / "landing"
        if not landing.is_dir():
            size = {"enumerators": asked.enumerators, "families_per_day": asked.families_per_day, "seed": asked.seed}
            in_own_process(simulate, Plan(landing, days=1, headquarters="frame", **size))
        day = min(open_landing(str(landing)).days(KIND))
        floors, ours = [], []
        for turn in range(asked.repeats):
            floors.append(in_own_process(_measure_floor, landing, day, Path(temporary) / f"floor-{turn}"))
            ours.append(in_own_process(_measure_ours, landing, day, Path(temporary) / f"raw-{turn}"))
    _print(floors, ours)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    parser.add_argument("--enumerators", type=int, default=7350)
    parser.add_argument("--families-per-day", type=float, default=9.7, help="mean of an enumerator; 3.5 persons each")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--landing", type=Path, help="a landing zone of sound bundles; simulated there if not there yet"
    )
    parser.add_argument("--repeats", type=int, default=3, help="of each; the median counts")
    return parser


def _measure_floor(landing: Path, day: str, out: Path) -> Measured:
    _warm_up()
    with watched() as watch:
        rows = take_in_plainly(landing / KIND / day, out)
    return watch, rows


def _measure_ours(landing: Path, day: str, out: Path) -> Measured:
    _warm_up()
    opened = open_landing(str(landing))
    with watched() as watch:
        partition = take_in_uploads(opened, day, out)
    return watch, partition.rows if partition else {}


def _warm_up() -> None:
    """Let PyArrow import what it imports at its first array (pandas, 1 s), before the clock runs."""
    pa.array([["x"]])


def _print(floors: list[Measured], ours: list[Measured]) -> None:
    (_, written), (_, partition) = floors[0], ours[0]
    if any(partition[name] != count for name, count in written.items()):
        raise SystemExit(f"floor and intake read different rows, so no ratio: {written}, {partition}")
    rows = sum(written.values())
    floor, taken = _median_seconds(floors), _median_seconds(ours)
    say(f"{partition['bundles']:,} bundles, {written['documents']:,} documents, {written['persons']:,} persons")
    say(f"{machine()}; median of {len(ours)}; {_size_of(partition)}\n")
    header = ("work", "seconds", "from-to", "ratio", "rows/s", "peak MiB")
    say(table(header, [_line("floor", floors, floor, rows), _line("take_in_uploads", ours, floor, rows)]))
    say(f"ratio {taken / floor:.2f}, budget {BUDGET:g}: {'kept' if taken / floor <= BUDGET else 'OVER'}")


def _size_of(night: dict[str, int]) -> str:
    short = [f"{name} below {count:,}" for name, count in PEAK_NIGHT.items() if night[name] < count]
    return f"no peak night: {', '.join(short)}" if short else "a peak night"


def _line(name: str, runs: list[Measured], floor: float, rows: int) -> list[str]:
    seconds = _median_seconds(runs)
    spread = f"{min(watch.seconds for watch, _ in runs):.2f}-{max(watch.seconds for watch, _ in runs):.2f}"
    peak = median(watch.peak_mib for watch, _ in runs)
    return [name, f"{seconds:.2f}", spread, f"{seconds / floor:.2f}", f"{rows / seconds:,.0f}", f"{peak:,.0f}"]


def _median_seconds(runs: list[Measured]) -> float:
    return median(watch.seconds for watch, _ in runs)


if __name__ == "__main__":
    sys.exit(main())
