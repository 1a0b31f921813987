"""Move the pointer back to what was live once: all tiers together, as they were (docs/adr/0016)."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from include.publication.mirror import follow
from include.publication.mirror_store import MirrorError
from include.publication.package import is_whole
from include.publication.pointer import live, move_pointer, past_pointers, pointer_lock
from include.run_log import CLOSED, OPENED, run_log
from include.settings import SettingsError, settings


class RollbackError(RuntimeError):
    """There is nothing to go back to; the message says what there is, or which snapshot is not whole."""


def roll_back(published: Path, to: str) -> dict:
    """Make live what was live as of a day, or with a snapshot of that name; return the pointer.

    Where that was so more than once, the last one counts. Every snapshot is read whole before anything moves.

    Raises:
        RollbackError: nothing like it was ever live, it is live already, or a snapshot is gone or damaged.
    """
    with pointer_lock(published):
        pointer = _find(published, to)
        for said in pointer["tiers"].values():
            if not is_whole(published / said["path"]):
                raise RollbackError(f"snapshot {said['path']} is gone or not whole: nothing was moved")
        names = {tier: said["snapshot"] for tier, said in pointer["tiers"].items()}
        move_pointer(published, pointer["as_of"], pointer["build"], names)
    return pointer


def _find(published: Path, to: str) -> dict:
    past = past_pointers(published)
    found = [pointer for pointer in past if to in (pointer["as_of"], *_names(pointer))]
    if not found:
        known = ", ".join(dict.fromkeys(pointer["as_of"] for pointer in past)) or "nothing"
        raise RollbackError(f"nothing was ever live as {to!r}; live were: {known}")
    if found[-1] == live(published):
        raise RollbackError(f"{to} is live already; an earlier one of that day goes by its snapshot's name")
    return found[-1]


def _names(pointer: dict) -> list[str]:
    return [said["snapshot"] for said in pointer["tiers"].values()]


def main(arguments: list[str]) -> int:
    """Roll back to the one argument, the mirror too, and enter it in the run log; returns the process' exit code."""
    if len(arguments) != 1 or not arguments[0]:
        sys.stderr.write("which day or snapshot? make rollback TO=2022-10-16\n")
        return 2
    try:
        configured = settings()
        log = run_log(configured.state, "rollback", f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
        log.enter("open_run", OPENED)
        with log.step("rollback", arguments[0]) as figures:
            figures |= roll_back(configured.published, arguments[0])
        follow(log, figures["as_of"], configured)
        log.enter("close_run", CLOSED, as_of=figures["as_of"], message="rolled back")
    except MirrorError as error:
        sys.stderr.write(f"rolled back here, and the mirror did not follow; `make mirror` once it can: {error}\n")
        return 1
    except (RollbackError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"live: {said['path']}\n" for said in figures["tiers"].values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
