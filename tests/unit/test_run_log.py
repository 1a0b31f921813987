"""The run log: whole entries, in order, and no run without an end."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from include.run_log import CLOSED, OPENED, enter_interrupted, run_log

RUN = "manual__2022-10-17T01:30:00+07:00"


def test_a_run_id_becomes_one_folder_and_its_entries_keep_their_order(tmp_path: Path) -> None:
    log = run_log(tmp_path, "nightly", RUN)
    log.enter("open_run", OPENED)
    with log.step("take_in", "2022-10-17") as figures:
        figures["bundles"] = 3
    assert log.key == "nightly__manual__2022-10-17T01-30-00-07-00"
    assert [(e["entry_number"], e["step"], e["outcome"], e["figures"]) for e in log.entries()] == [
        (1, "open_run", "opened", None),
        (2, "take_in", "done", '{"bundles": 3}'),
    ]


def test_a_failed_step_is_entered_with_its_message_and_raises_on(tmp_path: Path) -> None:
    log = run_log(tmp_path, "nightly", RUN)
    with pytest.raises(ValueError, match="no frame"), log.step("take_in", "2022-10-17"):
        raise ValueError("no frame")
    (entry,) = log.entries()
    assert (entry["outcome"], entry["message"]) == ("failed", "ValueError: no frame")


def test_a_run_that_never_closed_is_entered_as_interrupted_once(tmp_path: Path) -> None:
    killed, closed, now = (run_log(tmp_path, "nightly", name) for name in ("killed", "closed", "now"))
    killed.enter("open_run", OPENED)
    closed.enter("open_run", OPENED)
    closed.enter("close_run", CLOSED)
    now.enter("open_run", OPENED)
    other = run_log(tmp_path, "shock_response", "running")
    other.enter("open_run", OPENED)
    assert enter_interrupted(tmp_path, "nightly", but=now) == [killed.key]
    assert killed.entries()[-1]["outcome"] == "interrupted"
    assert enter_interrupted(tmp_path, "nightly", but=now) == []
    assert len(other.entries()) == 1


def test_tasks_that_enter_at_the_same_moment_get_numbers_of_their_own(tmp_path: Path) -> None:
    log = run_log(tmp_path, "nightly", RUN)
    with ThreadPoolExecutor(8) as tasks:
        list(tasks.map(lambda n: log.enter(f"step_{n}", OPENED), range(40)))
    assert [entry["entry_number"] for entry in log.entries()] == list(range(1, 41))
