"""``make run``: simulate a small province into the landing zone, then run its nights and say where everything is."""

import argparse
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from include.settings import settings
from include.simulation import Plan, simulate
from local_stack.nights import prepare_airflow, run_night


def main() -> int:
    """Simulate and run; the former first look, if any, makes way. Returns the process' exit code."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--enumerators", type=int, required=True)
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first-day", type=date.fromisoformat, required=True)
    asked = parser.parse_args()
    _make_way()
    plan = Plan(
        out=Path(settings().landing), enumerators=asked.enumerators, days=asked.days, seed=asked.seed,
        first_day=asked.first_day, defects=True,
    )  # fmt: skip
    simulate(plan)
    prepare_airflow()
    nights = [asked.first_day + timedelta(days=n) for n in range(asked.days)]
    return 0 if all([run_night(night) for night in nights]) else 1


if __name__ == "__main__":
    sys.exit(main())
