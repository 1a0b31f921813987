"""Folders of events are said when they are new or have changed, and never half-written."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.module_loading import import_string

from include.event_trigger import EventFolderTrigger
from include.settings import SettingsError
from include.shock_steps import ALL_EVENTS, pick_event


class OverError(Exception):
    """The test has no more to do between two looks."""


@pytest.fixture
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is watched; nothing but the landing zone is set, as in the triggerer."""
    monkeypatch.setenv("REGSOSEK_LANDING", str(tmp_path))
    return tmp_path / "events"


def said(*before_looks: Callable[[], object]) -> list[tuple[int, str]]:
    """Which event was said after which look, doing something before each."""
    trigger = EventFolderTrigger(0)
    look, looks = trigger._look, iter(before_looks)
    heard: list[tuple[int, str]] = []
    number = 0

    def looked() -> dict[str, str]:
        nonlocal number
        try:
            next(looks)()
        except StopIteration:
            raise OverError from None
        number += 1
        return look()

    async def listen() -> None:
        async for event in trigger.run():
            heard.append((number, event.payload["event_id"]))

    trigger._look = looked  # type: ignore[method-assign]
    with pytest.raises(OverError):
        asyncio.run(listen())
    return heard


def nothing() -> None:
    """Happens between two looks."""


def writes(events: Path, name: str, content: str = "{}") -> Callable[[], object]:
    def write() -> None:
        path = events / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    return write


def test_a_folder_is_said_once_when_two_looks_find_it_the_same(events: Path) -> None:
    assert said(nothing, writes(events, "flood/event.json"), nothing, nothing, nothing) == [(3, "flood")]


def test_a_folder_that_is_still_written_waits(events: Path) -> None:
    list_grows = [writes(events, "flood/affected.csv", "nik" * n) for n in (1, 2)]
    assert said(writes(events, "flood/event.json"), *list_grows, nothing, nothing) == [(4, "flood")]


def test_a_folder_without_its_event_is_not_said(events: Path) -> None:
    assert said(writes(events, "flood/affected.csv"), nothing, nothing) == []


def test_a_changed_folder_is_said_again(events: Path) -> None:
    first, again = writes(events, "flood/event.json"), writes(events, "flood/event.json", '{"name": "Banjir"}')
    assert said(first, nothing, again, nothing, nothing) == [(2, "flood"), (4, "flood")]


def test_several_folders_are_each_said(events: Path) -> None:
    looks = writes(events, "quake/event.json"), writes(events, "flood/event.json"), nothing, nothing
    assert said(*looks) == [(2, "quake"), (3, "flood")]


def test_a_landing_zone_that_is_away_is_looked_at_again(events: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = str(events.parent)
    away = lambda: monkeypatch.setenv("REGSOSEK_LANDING", f"{there}/away")  # noqa: E731
    back = lambda: monkeypatch.setenv("REGSOSEK_LANDING", there)  # noqa: E731
    assert said(writes(events, "flood/event.json"), away, back, nothing) == [(4, "flood")]


def test_without_the_setting_the_watch_fails_and_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGSOSEK_LANDING", raising=False)
    with pytest.raises(SettingsError, match="REGSOSEK_LANDING"):
        EventFolderTrigger(0)._look()


def test_the_triggerer_can_make_it_again() -> None:
    name, arguments = EventFolderTrigger(5.0).serialize()
    assert import_string(name)(**arguments).serialize() == (name, {"poll_seconds": 5.0})


class Triggered:
    """An asset event as Airflow hands it to a task."""

    def __init__(self, extra: dict[str, Any] | None) -> None:
        self.extra = extra


def test_a_run_is_for_the_event_asked_for_else_the_last_that_came_else_all() -> None:
    came = [Triggered({"from_trigger": True, "payload": {"event_id": e}}) for e in ("flood", "quake")]
    assert pick_event("eruption", {"asset": came}) == "eruption"
    assert pick_event(None, {"asset": came}) == "quake"
    assert pick_event(None, {"asset": [Triggered(None)]}) == ALL_EVENTS
    assert pick_event(None, None) == ALL_EVENTS
