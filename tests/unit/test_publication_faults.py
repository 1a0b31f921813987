"""A publication that dies, or finds the disk full, at any file operation: one whole live snapshot, then the next."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from include.publication.package import is_whole
from include.publication.pointer import live
from include.publication.rollback import roll_back
from include.settings import Settings
from tests.builders import DAY, correction
from tests.faults import Killed, Operations, counted, full_disk
from tests.publication import Night, night_in

NEXT_DAY = "2022-10-17"
ROWS = [correction()]
ERRORS = pytest.mark.parametrize("error", [Killed, full_disk], ids=["killed", "disk full"])
# Of the operations of a publication `make test` takes every so many, so that it lasts seconds; the fault run takes all.
SHORT_STRIDE = 17


@pytest.fixture
def night(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Night:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, ROWS)
    return night


def operations_of(work: Callable[[], object]) -> list[str]:
    with counted(Operations()) as operations:
        work()
    return operations.done


def assert_whole(published: Path, allowed: list[dict]) -> None:
    """One pointer, to snapshots of which every byte is there; the tiers' copies name whole ones too."""
    assert live(published) in allowed
    for pointer in ("CURRENT.json", "open/CURRENT", "operational/CURRENT"):
        for said in json.loads((published / pointer).read_text())["tiers"].values():
            assert is_whole(published / said["path"])


def strike_publications(night: Night, error: Callable[[], BaseException], stride: int) -> list[str]:
    """Let publications fail, each at another operation; return the operations of one that does not."""
    done = operations_of(lambda: night.publish(DAY, ROWS, "counted"))
    # The pointer and what comes before it are few, and last: always all of them.
    for number in sorted({*range(0, len(done), stride), *range(len(done) - 12, len(done))}):
        before, inputs = live(night.published), f"struck at {number}"
        # A folder that cannot be made is no error where it is there already: that publication goes on.
        with suppress(Killed, OSError), counted(Operations(number, error)):
            night.publish(DAY, ROWS, inputs)
            assert done[number] == "mkdir"
        after = live(night.published)
        assert_whole(night.published, [before, after])
        night.publish(DAY, ROWS, inputs)
        assert live(night.published) != before
        assert_whole(night.published, [live(night.published)])
        assert not list(night.published.glob("*/snapshots/.*"))
    return done


@ERRORS
def test_a_publication_that_fails_at_an_operation_leaves_one_whole_live_snapshot(
    night: Night, error: Callable[[], BaseException]
) -> None:
    done = strike_publications(night, error, SHORT_STRIDE)
    assert len(done) > 50
    assert {name.split()[0] for name in done} >= {"write", "fsync", "rename", "replace", "mkdir"}


@pytest.mark.fault
@ERRORS
def test_long_a_publication_may_fail_at_every_operation(night: Night, error: Callable[[], BaseException]) -> None:
    strike_publications(night, error, 1)


@ERRORS
def test_a_rollback_that_fails_at_an_operation_leaves_one_whole_live_snapshot(
    night: Night, error: Callable[[], BaseException]
) -> None:
    night.publish(NEXT_DAY, ROWS)
    done = operations_of(lambda: roll_back(night.published, DAY))
    roll_back(night.published, NEXT_DAY)
    assert len(done) > 8
    for number in range(len(done)):
        before = live(night.published)
        with suppress(Killed, OSError), counted(Operations(number, error)):
            roll_back(night.published, DAY)
            assert done[number] == "mkdir"
        assert_whole(night.published, [before, live(night.published)])
        if live(night.published)["as_of"] == NEXT_DAY:
            roll_back(night.published, DAY)
        assert live(night.published)["as_of"] == DAY
        roll_back(night.published, NEXT_DAY)
