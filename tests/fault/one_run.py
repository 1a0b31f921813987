"""One run in a process of its own, to be killed from outside: ``python -m tests.fault.one_run DAG_ID DAY RUN_ID``."""

import sys

from tests.fault.world import RUNS

if __name__ == "__main__":
    RUNS[sys.argv[1]](*sys.argv[2:])
