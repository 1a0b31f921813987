"""A shock over the live snapshot: published whole and quickly, by day and during a night, whoever is first."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from include.publication.base import read_base
from include.publication.keys import read_keys
from include.publication.live_marts import partitions_of, read_partition
from include.publication.package import SUMS, checksums, is_whole, listed_checksums
from include.publication.pointer import live, move_pointer
from include.publication.policy import RESPONSE_MARTS
from include.run_log import RunLog
from include.settings import Settings
from include.simulation import Plan, simulate
from include.simulation.shock import EVENT_ID
from tests.pipeline import run_night, run_response

FIRST, SECOND = "2022-10-15", "2022-10-16"
AREA_EVENT, LATER_EVENT = "quake-01", "quake-02"


@dataclass(frozen=True)
class World:
    """A simulated province, its nights, and the snapshots that were live after each."""

    settings: Settings

    @property
    def published(self) -> Path:
        return self.settings.published

    def pointer(self) -> dict[str, Any]:
        pointer = live(self.published)
        assert pointer
        return pointer

    def snapshot(self) -> Path:
        return read_base(self.published).folder

    def lands(self, event_id: str, areas: list[str]) -> None:
        folder = Path(self.settings.landing) / "events" / event_id
        folder.mkdir(parents=True)
        event = {"event_id": event_id, "type": "quake", "name": event_id, "started_on": FIRST, "areas": areas}
        (folder / "event.json").write_text(json.dumps(event))

    def rows(self, mart: str) -> list[dict[str, Any]]:
        """A mart as whoever holds the keys reads it."""
        base, keys = read_base(self.published), read_keys(self.settings.keys_file)
        parts = partitions_of(base, mart).items()
        return [row for kab, part in parts for row in read_partition(part, keys.of(kab)).to_pylist()]

    def events(self) -> set[str]:
        return {row["event_id"] for row in self.rows("shock_caseload")}

    def steps(self, dag_id: str, run_id: str) -> list[str]:
        return [entry["step"] for entry in RunLog(self.settings.state, f"{dag_id}__{run_id}").entries()]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("province")


@pytest.fixture
def world(root: Path, pointed_at: Callable[..., Settings]) -> World:
    """The tests of this file tell one story, in their order."""
    world = World(pointed_at(root))
    landing = Path(world.settings.landing)
    if not landing.exists():
        simulate(Plan(out=landing, enumerators=12, days=2, seed=11))
        (landing / "events" / EVENT_ID).rename(landing / "flood-to-come")
        run_night(FIRST, "first")
    return world


def test_an_event_is_published_over_the_live_snapshot_and_the_rest_is_linked(world: World) -> None:
    before, old = world.pointer(), world.snapshot()
    (Path(world.settings.landing) / "flood-to-come").rename(Path(world.settings.landing) / "events" / EVENT_ID)
    world.settings.warehouse.rename(world.settings.warehouse.with_suffix(".away"))  # a response never opens it
    new = Path(run_response(EVENT_ID, "flood"))
    world.settings.warehouse.with_suffix(".away").rename(world.settings.warehouse)
    assert new == world.snapshot() != old
    assert world.pointer()["as_of"] == before["as_of"]
    assert world.pointer()["build"] == before["build"]
    assert world.pointer()["tiers"]["open"] == before["tiers"]["open"]
    linked = [p for p in listed_checksums(new) if p.endswith(("parquet", "zip")) and "shock_" not in p]
    assert {path.split("/")[0] for path in linked} >= {"family_register", "person_register", "supervisor_list"}
    assert all((old / path).stat().st_ino == (new / path).stat().st_ino for path in linked)
    assert {p.split("/")[0] for p in listed_checksums(new) if "/" in p and p not in linked} == {
        *RESPONSE_MARTS,
        "desa",
        "metadata",
    }
    of_desa = [path for path in listed_checksums(new) if path.startswith("desa/") and "shock_affected_family" in path]
    assert {Path(path).suffix for path in of_desa} == {".zip", ".parquet"}
    assert {path for path in of_desa if (old / path).exists()} == set()
    subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=new, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=old, check=True)
    assert len(world.rows("shock_affected_family")) > 10
    assert not list(world.settings.scratch.rglob("*.duckdb*"))


def test_the_papers_of_a_response_are_those_a_night_would_write(world: World) -> None:
    response = read_base(world.published)
    lists = {mart: world.rows(mart) for mart in RESPONSE_MARTS}
    run_night(FIRST, "again")
    night = read_base(world.published)
    assert night.folder != response.folder
    assert {mart: world.rows(mart) for mart in RESPONSE_MARTS} == lists
    differing = {name for name in night.package if night.package[name] != response.package[name]}
    assert differing <= {"lineage", "version", "resources", "keyed_digests"}
    assert night.made_from["events"] == response.made_from["events"]
    described = [[{**r, "byte_count": 0} for r in b.package["resources"]] for b in (night, response)]
    assert [r for r in described[0] if r["name"] != "supervisor_list"] == [
        r for r in described[1] if r["name"] != "supervisor_list"
    ]
    assert (night.folder / "dictionary.csv").read_bytes() == (response.folder / "dictionary.csv").read_bytes()
    unchanged = {path for path in night.package["keyed_digests"] if path.startswith("shock_")}
    assert unchanged
    for path in unchanged:
        assert night.package["keyed_digests"][path] == response.package["keyed_digests"][path]


def test_an_event_that_is_live_already_changes_nothing(world: World) -> None:
    before, snapshots = world.pointer(), sorted(world.snapshot().parent.iterdir())
    run_response(EVENT_ID, "twice")
    assert world.pointer() == before
    assert sorted(world.snapshot().parent.iterdir()) == snapshots


def test_events_that_come_during_a_night_are_in_its_snapshot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from include.publication import publish

    lock = publish.pointer_lock
    snapshots_of_night = []

    def comes_before_the_pointer_moves(published: Path):  # noqa: ANN202
        monkeypatch.setattr(publish, "pointer_lock", lock)
        snapshots_of_night.extend(p for p in world.snapshot().parent.iterdir() if p.name.startswith(SECOND))
        world.lands(LATER_EVENT, ["3573"])
        run_response(LATER_EVENT, "later")
        assert world.events() == {EVENT_ID, AREA_EVENT, LATER_EVENT}
        return lock(published)

    def comes_after_the_marts_were_built() -> None:
        world.lands(AREA_EVENT, ["35"])
        run_response(AREA_EVENT, "meanwhile")
        assert world.events() == {EVENT_ID, AREA_EVENT}
        assert world.pointer()["as_of"] == FIRST
        monkeypatch.setattr(publish, "pointer_lock", comes_before_the_pointer_moves)

    run_night(SECOND, "second", comes_after_the_marts_were_built)
    assert world.pointer()["as_of"] == SECOND
    assert world.events() == {EVENT_ID, AREA_EVENT, LATER_EVENT}
    assert len(snapshots_of_night) == 1
    assert world.snapshot() not in snapshots_of_night
    assert world.steps("field_uploads_nightly", "second").count("build_adaptive") == 2
    assert all(is_whole(world.published / said["path"]) for said in world.pointer()["tiers"].values())


def test_a_response_whose_base_was_replaced_starts_over_from_what_is_live(world: World) -> None:
    second = world.pointer()
    (Path(world.settings.landing) / "events" / AREA_EVENT / "event.json").unlink()
    (Path(world.settings.landing) / "events" / AREA_EVENT).rmdir()
    first = next(p for p in world.snapshot().parent.iterdir() if p.name.startswith(FIRST))

    def rolled_back() -> None:
        move_pointer(
            world.published, FIRST, second["build"],
            {"open": second["tiers"]["open"]["snapshot"], "operational": first.name},
        )  # fmt: skip

    run_response(LATER_EVENT, "overtaken", rolled_back)
    steps = world.steps("shock_response", "overtaken")
    assert [steps.count(step) for step in ("load_live", "build_adaptive", "gate_shock", "publish")] == [2, 2, 2, 1]
    assert world.pointer()["as_of"] == FIRST
    assert world.events() == {EVENT_ID, LATER_EVENT}
    linked = next(p for p in listed_checksums(first) if p.startswith("family_register"))
    assert (first / linked).stat().st_ino == (world.snapshot() / linked).stat().st_ino


def test_a_live_snapshot_with_a_file_too_few_is_not_taken_over(world: World) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    before, live_one = world.pointer(), world.snapshot()
    world.lands("quake-03", ["3573"])
    lost = next(p for p in (live_one / "document_fate").rglob("*.parquet"))
    kept = shutil.copy(lost, lost.parent.parent.parent.parent / "kept")
    lost.unlink()
    with pytest.raises(AirflowFailException, match=f"{live_one.name} is not as its papers say"):
        run_response("quake-03", "torn")
    shutil.move(kept, lost)
    assert world.pointer() == before
    assert checksums(live_one) == listed_checksums(live_one)
