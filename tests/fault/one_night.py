"""One night in a process of its own, to be killed from outside: ``python -m tests.fault.one_night DAY RUN_ID``."""

import sys

from tests.pipeline import run_night

if __name__ == "__main__":
    run_night(*sys.argv[1:])
