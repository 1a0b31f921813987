"""How long a reader waits for a kab/kota's rows of each open mart: `python -m benchmarks.reading --published DIR`."""

import argparse
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.measure import say, table
from include.publication.pointer import live

BUDGET_MS = 100.0
TIER = "open"


def slowest_ms(published: Path, repeats: int) -> Iterator[tuple[str, int, float]]:
    """Read the largest kab/kota of each open mart, whole, through the pointer and on a fresh connection each time.

    Yields mart, rows, and the median of the repeats in milliseconds.
    """
    current = live(published)
    if current is None:
        raise SystemExit(f"nothing is published in {published}")
    folder = published / current["tiers"][TIER]["path"]
    for mart in sorted(path for path in folder.iterdir() if list(path.glob("kab_code=*"))):
        part = max(mart.glob("kab_code=*/*.parquet"), key=lambda path: path.stat().st_size)
        taken = [_read(part) for _ in range(repeats)]
        yield mart.name, taken[0][0], statistics.median(seconds for _, seconds in taken) * 1000


def _read(part: Path) -> tuple[int, float]:
    started = time.perf_counter()
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(part), hive_partitioning=False).to_arrow_table().num_rows
    return rows, time.perf_counter() - started


def main(arguments: list[str] | None = None) -> int:
    """Measure and say; returns 1 where a mart takes longer than the budget."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--published", type=Path, default=Path("published"))
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args(arguments)
    measured = list(slowest_ms(asked.published, asked.repeats))
    say(
        table(
            ("open mart", "rows of its largest kab/kota", "ms"), [(m, f"{n:,}", f"{ms:.1f}") for m, n, ms in measured]
        )
    )
    worst = max(ms for _, _, ms in measured)
    say(f"slowest {worst:.1f} ms, budget {BUDGET_MS:.0f} ms")
    return 0 if worst <= BUDGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
