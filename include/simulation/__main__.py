"""Command line: ``python -m include.simulation --out DIR --enumerators 60 --days 3 --seed 7``."""

import argparse
import sys
from datetime import date
from pathlib import Path

from include.simulation.plan import HEADQUARTERS_SCOPES, Plan
from include.simulation.province import simulate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m include.simulation", description="Write a synthetic landing zone.")
    parser.add_argument("--out", type=Path, required=True, help="folder to become the landing zone; must be empty")
    parser.add_argument("--enumerators", type=int, default=60)
    parser.add_argument("--days", type=int, default=3, help="field days simulated")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first-day", type=date.fromisoformat, default=date(2022, 10, 15))
    parser.add_argument("--families-per-day", type=float, default=8.0, help="mean per enumerator")
    parser.add_argument("--load", type=int, default=250, dest="load_families", help="families per enumerator")
    parser.add_argument("--defects", action="store_true", help="inject known defects, listed in _truth/defects.csv")
    scope = "frame: prelist, register and recipients only of families that the days reach"
    parser.add_argument("--headquarters", choices=HEADQUARTERS_SCOPES, default="all", help=scope)
    parser.add_argument("--processes", type=int, default=2, help="the bytes do not depend on it")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Simulate what the arguments ask for; 0, or 2 when it cannot be done."""
    try:
        plan = Plan(**vars(_parser().parse_args(arguments)))
        made = simulate(plan)
    except (ValueError, FileExistsError) as refusal:
        sys.stderr.write(f"simulation refused: {refusal}\n")
        return 2
    sys.stdout.write(
        f"{plan.out}: {made.bundles} bundles, {made.documents} documents, {made.persons} persons, "
        f"{made.recheck_bundles} re-check bundles, {made.defects} defects\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
