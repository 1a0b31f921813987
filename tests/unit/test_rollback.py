"""Rollback and housekeeping: what was live together is live together again, and nothing live is taken away."""

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from include import housekeeping_steps, step
from include.publication import rollback
from include.publication.housekeeping import BusyError, tidy
from include.publication.package import is_whole
from include.publication.pointer import HISTORY, live, move_pointer, past_pointers, writing
from include.publication.rollback import RollbackError, roll_back
from include.run_log import RunLog
from include.settings import Settings
from tests.builders import correction
from tests.publication import Night, night_in

DAYS = [(date(2022, 10, 14) + timedelta(days=n)).isoformat() for n in range(4)]


@pytest.fixture
def night(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Night:
    return night_in(tmp_path, pointed_at)


def published(night: Night, days: list[str]) -> list[dict]:
    """Publish each day and return what was live after it."""
    pointers = []
    for day in days:
        night.publish(day, [correction()])
        pointers.append(live(night.published))
    return pointers


def snapshots(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/snapshots/*"))


@pytest.mark.parametrize("by", ["as_of", "open", "operational"])
def test_a_rollback_makes_live_what_was_live_together(night: Night, by: str) -> None:
    first, _ = published(night, DAYS[:2])
    to = first["as_of"] if by == "as_of" else first["tiers"][by]["snapshot"]
    assert roll_back(night.published, to) == first == live(night.published)
    for tier in first["tiers"]:
        assert json.loads((night.published / tier / "CURRENT").read_text()) == first


def test_a_rollback_can_be_taken_back_and_a_later_night_goes_on(night: Night) -> None:
    first, second = published(night, DAYS[:2])
    roll_back(night.published, DAYS[0])
    roll_back(night.published, DAYS[1])
    assert past_pointers(night.published) == [first, second, first, second]
    roll_back(night.published, DAYS[0])
    (third,) = published(night, DAYS[2:3])
    assert third["as_of"] == DAYS[2]


def test_a_rollback_to_what_never_was_or_is_live_moves_nothing(night: Night) -> None:
    _, second = published(night, DAYS[:2])
    with pytest.raises(RollbackError, match=f"live were: {DAYS[0]}, {DAYS[1]}"):
        roll_back(night.published, "2021-01-01")
    with pytest.raises(RollbackError, match="is live already"):
        roll_back(night.published, DAYS[1])
    assert live(night.published) == second


def test_a_rollback_to_a_damaged_snapshot_moves_nothing(night: Night) -> None:
    first, second = published(night, DAYS[:2])
    (night.published / first["tiers"]["operational"]["path"] / "dictionary.csv").write_text("changed")
    with pytest.raises(RollbackError, match=r"operational/snapshots/.* not whole"):
        roll_back(night.published, DAYS[0])
    assert live(night.published) == second


def test_the_command_enters_the_run_log(night: Night, monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # noqa: ANN001
    first, _ = published(night, DAYS[:2])
    monkeypatch.setattr(rollback, "settings", lambda: night.settings)
    assert rollback.main([DAYS[0]]) == 0
    assert first["tiers"]["open"]["path"] in capsys.readouterr().out
    assert rollback.main([DAYS[0]]) == 1
    assert rollback.main([]) == 2
    folders = sorted((night.settings.state / "run_log").glob("rollback__*"))
    steps = [[(e["step"], e["outcome"]) for e in RunLog(f.parents[1], f.name).entries()] for f in folders]
    assert steps[0] == [("open_run", "opened"), ("rollback", "done"), ("mirror", "done"), ("close_run", "closed")]
    assert steps[1][:2] == [("open_run", "opened"), ("rollback", "failed")]


def test_copies_that_a_kill_left_ahead_of_the_pointer_follow_it_again(night: Night) -> None:
    (first,) = published(night, DAYS[:1])
    (night.published / "open" / "CURRENT").write_text("{}")
    published(night, DAYS[:1])
    assert json.loads((night.published / "open" / "CURRENT").read_text()) == first


def test_a_pointer_that_is_moved_to_where_it_is_leaves_no_entry(night: Night) -> None:
    published(night, [DAYS[0], DAYS[0]])
    assert past_pointers(night.published) == [live(night.published)]
    assert list((night.published / HISTORY).glob("*.json")) == []


def of_day(published: Path, as_of: str) -> None:
    """A snapshot of both tiers that shares a file with every other, live."""
    for tier in ("open", "operational"):
        folder = published / tier / "snapshots" / f"{as_of}_0"
        folder.mkdir(parents=True)
        os.link(published / "shared", folder / "part-0.parquet")
    move_pointer(published, as_of, "0", dict.fromkeys(("open", "operational"), f"{as_of}_0"))


def test_housekeeping_keeps_the_live_the_last_days_and_one_a_week(tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("rows")
    days = [(date(2022, 10, 3) + timedelta(days=n)).isoformat() for n in range(18)]  # a Monday and on
    for day in days:
        of_day(tmp_path, day)
    roll_back_to = days[1]
    move_pointer(tmp_path, roll_back_to, "0", dict.fromkeys(("open", "operational"), f"{roll_back_to}_0"))
    for orphan in (
        "open/snapshots/2022-10-20_never",
        "open/snapshots/.beside-x",
        "operational/snapshots/.response.beside-x",
    ):
        (tmp_path / orphan).mkdir()
    assert tidy(tmp_path, 2) == {"kept": 10, "removed": 29}
    kept = [days[1], days[6], days[13], days[16], days[17]]
    assert snapshots(tmp_path) == [f"{tier}/snapshots/{day}_0" for tier in ("open", "operational") for day in kept]
    assert {path.read_text() for path in tmp_path.glob("*/snapshots/*/*")} == {"rows"}
    assert tidy(tmp_path, 2) == {"kept": 10, "removed": 0}


def test_housekeeping_takes_nothing_while_a_snapshot_is_written(night: Night) -> None:
    published(night, DAYS)
    before = snapshots(night.published)
    with writing(night.published), writing(night.published), pytest.raises(BusyError):
        tidy(night.published, 2)
    assert snapshots(night.published) == before
    tidy(night.published, 2)
    assert len(snapshots(night.published)) < len(before)
    assert all(is_whole(night.published / said["path"]) for said in live(night.published)["tiers"].values())


def test_the_step_of_housekeeping_enters_what_went(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    published(night, DAYS)
    for module in (housekeeping_steps, step):
        monkeypatch.setattr(module, "settings", lambda: night.settings)
    removed = housekeeping_steps.housekeep("housekeeping/once")
    (folder,) = (night.settings.state / "run_log").glob("housekeeping__once")
    done = RunLog(night.settings.state, folder.name).entries()[1]
    assert (done["step"], done["outcome"], json.loads(done["figures"])["removed"]) == ("housekeeping", "done", removed)
