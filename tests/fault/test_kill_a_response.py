"""Shock responses killed with SIGKILL: readers keep a whole snapshot, and the next one leaves no trace of the kill."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from include.publication.package import is_whole
from include.publication.pointer import live
from include.run_log import INTERRUPTED
from tests.builders import DAY, SUB_SLS, LandingZone, family
from tests.fault.world import World, content, digests, kill, wait_for

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

EVENT = "flood-01"

# After which step to look, and what is then seen from outside.
SIGNS: dict[str, tuple[str, Callable[[World], bool]]] = {
    "the run is opened": ("open_run", lambda world: True),
    "the event is in raw": ("take_in_event", lambda world: True),
    # people's rows lie in clear in the response's own warehouse
    "the live marts are loaded": ("load_live", lambda world: True),
    "the marts are built": ("build_adaptive", lambda world: True),
    "the gate is open": ("gate_shock", lambda world: True),
    "a snapshot is written beside": (
        "gate_shock", lambda world: any(world.published.glob("operational/snapshots/.response.beside-*")),
    ),
    # a whole snapshot that no pointer names
    "a snapshot has its name": (
        "gate_shock", lambda world: len(list(world.published.glob(f"operational/snapshots/{DAY}_*"))) > 1,
    ),
}  # fmt: skip
SHORT = ("the live marts are loaded", "a snapshot is written beside")


@dataclass(frozen=True)
class Story:
    """One landing zone: the world as the night left it, an event that came, and what an undisturbed response makes."""

    stage: Path
    first: World
    published: dict[str, str]
    paths: tuple[str, str]  # of the night's operational snapshot and of the response's


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    night = World(folder / "stage")
    zone = LandingZone(night.root / "landing").with_frame()
    zone.send([family(n) for n in range(1, 7)])
    night.run(DAY, "night")
    before = night.live_snapshots()["operational"]
    event = {"event_id": EVENT, "type": "flood", "name": "Banjir", "started_on": DAY, "areas": [SUB_SLS[:7]]}
    zone.write(f"events/{EVENT}/event.json", json.dumps(event).encode())
    world = replace(night, dag_id="shock_response")
    first = world.copy(folder / "first")
    world.run(EVENT, "undisturbed")
    made = content(world.published), (before, world.live_snapshots()["operational"])
    shutil.rmtree(world.root)
    return Story(world.root, first, *made)


@pytest.fixture
def world(story: Story) -> Iterator[World]:
    """The world as the night left it, with an event in the landing zone."""
    yield story.first.copy(story.stage)
    shutil.rmtree(story.stage)


@pytest.mark.parametrize("sign", SHORT)
def test_short_a_killed_response_harms_no_reader_and_the_next_repairs(story: Story, world: World, sign: str) -> None:
    killed_at_a_sign(story, world, sign)


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign not in SHORT])
def test_long_a_killed_response_harms_no_reader_and_the_next_repairs(story: Story, world: World, sign: str) -> None:
    killed_at_a_sign(story, world, sign)


def killed_at_a_sign(story: Story, world: World, sign: str) -> None:
    step, seen = SIGNS[sign]
    with world.running(EVENT, "killed") as response:
        wait_for(lambda: world.has_entered("killed", step), response)
        assert wait_for(lambda: seen(world), response, every_seconds=0.0005)
        assert kill(response)
    assert_readers_find_a_whole_snapshot(story, world)
    world.run(EVENT, "next")
    assert content(world.published) == story.published
    assert world.leftovers() == []
    assert list((world.root / "scratch" / "shock_response").glob("*.duckdb*")) == []
    assert world.log("killed").entries()[-1]["outcome"] == INTERRUPTED
    assert world.log("next").entries()[-1]["message"] == "published"


def assert_readers_find_a_whole_snapshot(story: Story, world: World) -> None:
    for pointer in ("CURRENT.json", "open/CURRENT", "restricted/CURRENT", "operational/CURRENT"):
        tiers = json.loads((world.published / pointer).read_text())["tiers"]
        assert tiers["operational"]["path"] in story.paths
        assert all(is_whole(world.published / said["path"]) for said in tiers.values())
    assert live(world.published)["as_of"] == DAY
    before = story.paths[0]
    assert digests(world.published / before) == digests(story.first.published / before)
