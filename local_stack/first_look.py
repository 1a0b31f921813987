"""``make run``: simulate a small province into the landing zone, run its nights, and say where everything is."""

import argparse
import shutil
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from include.publication.pointer import live
from include.report import FIRST_PAGE
from include.settings import Settings, settings
from include.simulation import Plan, simulate
from include.simulation.shock import EVENT_ID
from local_stack.nights import prepare_airflow, run_night
from local_stack.random_keys import make_keys
from local_stack.score_check import score_lines
from local_stack.shock import events_to_come, run_response

TRUTH = "_truth"  # only a simulated landing zone has it


def main() -> int:
    """Simulate and run; an earlier first look makes way. Returns the process' exit code."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--enumerators", type=int, required=True)
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first-day", type=date.fromisoformat, required=True)
    parser.add_argument("--make-keys", action="store_true", help="write random keys where there is no keys file")
    asked = parser.parse_args()
    started = time.monotonic()
    if asked.make_keys:
        make_keys()
    configured = settings()
    _make_way(configured)
    plan = Plan(
        out=Path(configured.landing), enumerators=asked.enumerators, days=asked.days, seed=asked.seed,
        first_day=asked.first_day, defects=True,
    )  # fmt: skip
    made = simulate(plan)
    _say(
        f"Simulated {asked.enumerators} enumerators x {asked.days} days: {made.bundles} bundles, "
        f"{made.documents:,} documents, {made.persons:,} persons, some damaged on purpose\n"
        f"          in {configured.landing}\n"
    )
    prepare_airflow()
    with events_to_come(plan.out):
        published = [run_night(asked.first_day + timedelta(days=n)) for n in range(asked.days)]
    published.append(run_response(EVENT_ID))
    if all(published):
        _say("\n".join(score_lines(configured)) + "\n")
    _say(_where(configured) + f"\nAll in {time.monotonic() - started:.0f} s.")
    return 0 if all(published) else 1


def _make_way(configured: Settings) -> None:
    """Take an earlier first look away, and nothing that was not one."""
    landing = Path(configured.landing)
    if not landing.exists():
        return
    if not (landing / TRUTH).is_dir():
        sys.exit(f"{landing} was not simulated: `make nights` runs it, `make run` makes its own")
    for made in (landing, configured.raw, configured.published, configured.state, configured.scratch):
        shutil.rmtree(made, ignore_errors=True)
    configured.warehouse.unlink(missing_ok=True)


def _where(configured: Settings) -> str:
    current = live(configured.published)
    site = configured.published / current["tiers"]["open"]["path"] / FIRST_PAGE if current else "nothing is published"
    return "\n".join([
        f"Report site    {site}",
        f"Live snapshot  {configured.published / 'CURRENT.json'}",
        f"Data Docs      {configured.state / 'data_docs'}/<day>/<gate>/gate.html",
        f"Run log        {configured.state / 'run_log'}",
        f"Warehouse      {configured.warehouse}",
        f"Keys           {configured.keys_file} (random; never for production)",
    ])  # fmt: skip


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
