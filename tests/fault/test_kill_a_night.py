"""Nights killed with SIGKILL: readers keep a whole snapshot, and the next night leaves no trace of the kill."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from include.publication.package import is_whole
from include.run_log import CLOSED, INTERRUPTED
from tests.builders import DAY, NEIGHBOUR, OTHER_SUB_SLS, LandingZone, at, family
from tests.fault.world import World, content, digests, kill, raw_content, wait_for

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

Record = Callable[[str, object], None]
BEFORE = "2022-10-15"
MOMENTS = 16

# What can be seen from outside while a night writes, and the step after which to look for it (looking costs the night
# its time). The comment says what a kill then leaves half done.
SIGNS: dict[str, tuple[str, Callable[[World], bool]]] = {
    # a raw partition is being written, or stands complete beside the one it replaces
    "a partition is written beside": ("open_run", lambda world: any(world.root.glob("raw/uploads/.beside-*"))),
    # a snapshot has some of its files, or all of them and not yet its name
    "a snapshot is written beside": ("gate_marts", lambda world: any(world.published.glob("open/snapshots/.beside-*"))),
    # a whole snapshot that no pointer names
    "a snapshot has its name": ("gate_marts", lambda world: any(world.published.glob(f"open/snapshots/{DAY}_*"))),
    # the open tier is written, the operational one has some of its files
    "an operational snapshot is written beside": (
        "gate_marts",
        lambda world: any(world.published.glob("operational/snapshots/.beside-*")),
    ),
    # the tier's copy names the new snapshot, the pointer itself the old one
    "the copy moved": ("gate_marts", lambda world: DAY in (world.published / "open" / "CURRENT").read_text()),
}
SHORT = ("a partition is written beside", "an operational snapshot is written beside", "the copy moved")


@dataclass(frozen=True)
class Story:
    """One landing zone: the world as night 1 left it, and what an undisturbed night 2 makes of it."""

    stage: Path  # where worlds are run, always the same: dbt parses anew for a warehouse at another path
    first: World
    published: dict[str, str]
    raw: dict[str, str]
    snapshots: tuple[dict[str, str], dict[str, str]]  # by tier, of night 1 and of night 2


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Night 1 done; waiting for night 2 are a day of 41 bundles, one of them broken, and a late file of day 1."""
    folder = tmp_path_factory.mktemp("story")
    world = World(folder / "stage")
    zone = LandingZone(world.root / "landing").with_frame()
    zone.send([family(n, r201=BEFORE) for n in range(1, 7)], day=BEFORE)
    world.run(BEFORE, "first")
    old = world.live_snapshots()
    for n in range(1, 21):
        zone.send([family(10 + n)], sequence=n)
        zone.send([family(40 + n, **at(OTHER_SUB_SLS))], enumerator=NEIGHBOUR, sequence=n)
    zone.write(f"uploads/{DAY}/3573_P35730042_20221016_21.zip", b"broken")
    zone.send([family(2, revision="2", r302="45", r201=BEFORE)], day=BEFORE, sequence=2)
    first = world.copy(folder / "first")
    world.run(DAY, "next")
    made = content(world.published), raw_content(world.raw)
    snapshots = old, world.live_snapshots()
    shutil.rmtree(world.root)
    return Story(world.root, first, *made, snapshots)


@pytest.fixture
def world(story: Story) -> Iterator[World]:
    """The world as night 1 left it."""
    yield story.first.copy(story.stage)
    shutil.rmtree(story.stage)


@pytest.fixture(scope="module")
def night_seconds(story: Story) -> float:
    """How long an undisturbed night 2 takes in a process of its own, from its first entry in the run log."""
    world = story.first.copy(story.stage)
    with world.running(DAY, "next") as night:
        started = time.monotonic()
        assert night.wait() == 0, (world.root / "next.txt").read_text()
        seconds = time.monotonic() - started
    assert content(world.published) == story.published
    shutil.rmtree(story.stage)
    return seconds


@pytest.mark.parametrize("sign", SHORT)
def test_short_a_kill_at_a_sign_harms_no_reader_and_the_next_night_repairs(
    story: Story, world: World, sign: str, record_testsuite_property: Record
) -> None:
    killed_at_a_sign(story, world, sign, 0.0, record_testsuite_property)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("later", [0.002, 0.015])
def test_long_a_kill_soon_after_a_sign_harms_no_reader_and_the_next_night_repairs(
    story: Story, world: World, sign: str, later: float, record_testsuite_property: Record
) -> None:
    killed_at_a_sign(story, world, sign, later, record_testsuite_property)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_long_a_kill_at_any_moment_harms_no_reader_and_the_next_night_repairs(
    story: Story, night_seconds: float, world: World, moment: int, record_testsuite_property: Record
) -> None:
    with world.running(DAY, "killed") as night:
        time.sleep(night_seconds * (moment + 0.5) / MOMENTS)
        if not kill(night):
            pytest.skip("this night was quicker than the measured one, and over before its moment")
    assert_sound(story, world, record_testsuite_property)


def killed_at_a_sign(story: Story, world: World, sign: str, later: float, record: Record) -> None:
    step, seen = SIGNS[sign]
    with world.running(DAY, "killed") as night:
        wait_for(lambda: world.has_entered("killed", step), night)
        was_seen = wait_for(lambda: seen(world), night, every_seconds=0.0005)
        time.sleep(later)
        struck = kill(night)
    assert was_seen
    assert struck or later
    assert_sound(story, world, record)


def assert_sound(story: Story, world: World, record: Record) -> None:
    """Judge what readers find after the kill, then what the next night makes of it."""
    entered = world.log("killed").entries()
    record("last step entered", f"{entered[-1]['step']} {entered[-1]['outcome']}")
    record("left beside", world.leftovers())
    assert_readers_find_a_whole_snapshot(story, world)
    world.run(DAY, "next")
    assert content(world.published) == story.published
    assert raw_content(world.raw) == story.raw
    assert world.leftovers() == []
    ended = CLOSED if entered[-1]["outcome"] == CLOSED else INTERRUPTED
    assert world.log("killed").entries()[-1]["outcome"] == ended
    assert world.log("next").entries()[-1]["message"] == "published"


def assert_readers_find_a_whole_snapshot(story: Story, world: World) -> None:
    for pointer in ("CURRENT.json", "open/CURRENT", "restricted/CURRENT", "operational/CURRENT"):
        tiers = json.loads((world.published / pointer).read_text())["tiers"]
        named = {tier: said["path"] for tier, said in tiers.items()}
        assert named in story.snapshots
        assert all(is_whole(world.published / path) for path in named.values())
    for old in story.snapshots[0].values():
        assert digests(world.published / old) == digests(story.first.published / old)
