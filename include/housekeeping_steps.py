"""The step of DAG ``housekeeping``, which ``make housekeeping`` takes too."""

import sys
from datetime import UTC, datetime

from include.publication.housekeeping import BusyError, tidy
from include.publication.pointer import live
from include.run_log import CLOSED, OPENED
from include.settings import SettingsError, settings
from include.step import log_of, no_retry


@no_retry
def housekeep(run: str) -> int:
    """Take away the snapshots that nobody needs; return how many folders went.

    Raises:
        BusyError: a snapshot is being written; the next attempt may find none.
    """
    configured, log = settings(), log_of(run)
    current = live(configured.published)
    log.enter("open_run", OPENED)
    with log.step("housekeeping", current["as_of"] if current else "") as figures:
        figures |= tidy(configured.published, configured.snapshots_kept)
    log.enter("close_run", CLOSED, message="tidied")
    return figures["removed"]


def main() -> int:
    """Tidy once by hand; returns the process' exit code."""
    try:
        removed = housekeep(f"housekeeping/manual-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
    except (BusyError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{removed} old or unfinished snapshots taken away\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
