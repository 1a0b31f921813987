"""The step of DAG ``housekeeping``, which ``make housekeeping`` takes too."""

import sys
from datetime import UTC, datetime

from include.publication.housekeeping import BusyError, tidy
from include.publication.mirror import tidy_mirror
from include.publication.mirror_store import MirrorError
from include.publication.pointer import live
from include.run_log import CLOSED, OPENED
from include.settings import SettingsError, settings
from include.step import log_of, no_retry


@no_retry
def housekeep(run: str) -> int:
    """Take away the snapshots that nobody needs, here and then from the mirror; return how many folders went here.

    Raises:
        BusyError: a snapshot is being written; the next attempt may find none.
        MirrorError: the mirror cannot be reached; here all is tidied.
    """
    configured, log = settings(), log_of(run)
    current = live(configured.published)
    log.enter("open_run", OPENED)
    with log.step("housekeeping", current["as_of"] if current else "") as figures:
        figures |= tidy(configured.published, configured.snapshots_kept)
        if configured.published_mirror:
            figures |= tidy_mirror(configured.published, configured.snapshots_kept, configured.published_mirror)
    log.enter("close_run", CLOSED, message="tidied")
    return figures["removed"]


def main() -> int:
    """Tidy once by hand; returns the process' exit code."""
    try:
        removed = housekeep(f"housekeeping/manual-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
    except (BusyError, MirrorError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{removed} old or unfinished snapshots taken away\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
