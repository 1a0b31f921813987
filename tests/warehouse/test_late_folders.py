"""Late folders: what appears, changes or goes in an earlier arrival day is seen by the next night, which says so."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from include import steps
from include.intake.landing import open_landing
from include.intake.pending import take_in_pending
from include.run_log import DONE, run_log
from include.settings import Settings
from tests.builders import DAY, LandingZone, bundle_bytes, family
from tests.pipeline import build_marts, rows
from tests.warehouse.test_raw_store import contents

pytestmark = pytest.mark.core

EARLIER, LATER = "2022-10-15", "2022-10-17"


@pytest.fixture
def two_days(zone: LandingZone) -> LandingZone:
    zone.send([family(1, r201=EARLIER)], day=EARLIER)
    zone.send([family(2, r201=EARLIER)], day=EARLIER, sequence=2)
    zone.send([family(3)])
    return zone


def add(zone: LandingZone) -> None:
    zone.send([family(4, r201=EARLIER)], day=EARLIER, sequence=3)


def remove(zone: LandingZone) -> None:
    next((zone.root / "uploads" / EARLIER).glob("*_02.zip")).unlink()


def replace(zone: LandingZone) -> None:
    """Other bytes of the same length, name and time, as a copy that keeps times leaves them."""
    (file,) = (zone.root / "uploads" / EARLIER).glob("*_02.zip")
    before = file.stat()
    content = bundle_bytes([family(2, r201=EARLIER)])
    file.write_bytes(content[:-1] + b"\0")
    assert file.stat().st_size == before.st_size
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def night(arrival_day: str) -> dict:
    """Take a night's uploads in; return what the run log says of it."""
    run = f"field_uploads_nightly/{arrival_day}"
    steps.take_in_uploads(run, steps.open_run(run, arrival_day))
    steps.close_run(run)
    entries = run_log(steps.settings().state, "field_uploads_nightly", arrival_day).entries()
    (figures,) = [e["figures"] for e in entries if e["step"] == "take_in_uploads" and e["outcome"] == DONE]
    return json.loads(figures)


@pytest.mark.parametrize("change", [add, remove, replace])
def test_the_next_night_takes_a_changed_earlier_day_in_again_and_says_which(
    two_days: LandingZone, here: Settings, tmp_path: Path, change: Callable[[LandingZone], None]
) -> None:
    assert night(DAY)["days_taken_in_again"] == []
    change(two_days)
    two_days.send([family(5, r201=LATER)], day=LATER)
    assert night(LATER) == {
        "days": 2, "days_taken_in_again": [EARLIER],
        "bundles": 1 + len(list((two_days.root / "uploads" / EARLIER).iterdir())),
    }  # fmt: skip
    take_in_pending(open_landing(here.landing), tmp_path / "at once", LATER)
    took = {path: digest for path, digest in contents(here.raw).items() if path.startswith("uploads/")}
    assert took == contents(tmp_path / "at once")


def test_a_day_that_is_gone_is_taken_out_and_named(two_days: LandingZone, here: Settings) -> None:
    night(DAY)
    for file in (two_days.root / "uploads" / EARLIER).iterdir():
        file.unlink()
    assert night(LATER) == {"days": 1, "days_taken_in_again": [EARLIER], "bundles": 0}


def test_a_night_without_change_takes_nothing_in(two_days: LandingZone, here: Settings) -> None:
    night(DAY)
    assert night(LATER) == {"days": 0, "days_taken_in_again": [], "bundles": 0}


def test_a_bundle_that_came_late_to_an_earlier_day_wins_and_supersedes_as_if_it_had_been_there(
    two_days: LandingZone, here: Settings
) -> None:
    two_days.send([family(9, r302="50")], sequence=4)
    build_marts(here, DAY)
    two_days.send([family(9, r201=EARLIER), family(3, r201=EARLIER, revision="2")], day=EARLIER, sequence=8)
    build_marts(here, LATER)
    found = rows(
        "select cast(arrival_day as varchar), right(document_id, 1), outcome, reason"
        " from intermediate.int_documents__fate where right(document_id, 1) in ('3', '9') order by all"
    )
    assert found == [
        (EARLIER, "3", "accepted", None),
        (EARLIER, "9", "accepted", None),
        (DAY, "3", "superseded", "REVISION"),
        (DAY, "9", "held", "CONFLICT"),
    ]
