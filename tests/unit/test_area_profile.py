"""Counts by attribute as they are published: released over nights, written down, and attacked before they are live."""

import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from airflow.sdk.exceptions import AirflowFailException

from include.publication import publish
from include.publication.attacker.__main__ import main
from include.publication.attacker.published import DisclosureError
from include.publication.disclosure.ledger import ReleaseLedgerError
from include.publication.pointer import live
from include.publication.rollback import roll_back
from include.settings import Settings
from include.step import no_retry
from tests.publication import Night, night_in

NIGHTS = ("2022-10-15", "2022-10-16", "2022-10-17", "2022-10-18", "2022-10-19")
SCHEMA = pa.schema([
    ("attribute", pa.string()), ("area_level", pa.string()), ("area_code", pa.string()), ("kab_code", pa.string()),
    ("category", pa.string()), ("families", pa.int32()), ("attribute_families", pa.int32()), ("status", pa.string()),
    ("released_on", pa.date32()), ("as_of", pa.date32()),
])  # fmt: skip
LEVELS = {2: "province", 4: "kab_kota", 7: "kecamatan", 10: "desa"}
DESA = [f"{kec}{n:03d}" for kec in ("3573010", "3573020", "3507010") for n in (1, 2, 3, 4)]
Desa = dict[str, tuple[int, int]]


def counted(desa: Desa, as_of: str) -> list[dict[str, Any]]:
    """The mart as dbt builds it: disability of every area of every level, as counted."""
    areas: dict[str, tuple[int, int]] = {}
    for code, (yes, no) in desa.items():
        for digits in LEVELS:
            so_far = areas.get(code[:digits], (0, 0))
            areas[code[:digits]] = (so_far[0] + yes, so_far[1] + no)
    day = date.fromisoformat(as_of)
    return [
        {
            "attribute": "disability", "area_level": LEVELS[len(code)], "area_code": code, "kab_code": code[:4],
            "category": category, "families": families, "attribute_families": sum(both), "status": "counted",
            "released_on": day, "as_of": day,
        }
        for code, both in areas.items()
        for category, families in zip(("yes", "no"), both, strict=True)
    ]  # fmt: skip


def province(families: int = 40) -> Desa:
    return {code: (8 + n, families) for n, code in enumerate(DESA)} | {DESA[0]: (2, families)}


@pytest.fixture
def night(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Night:
    night = night_in(tmp_path, pointed_at, {"area_profile": (SCHEMA, ["attribute", "area_code", "category"])})
    treat(night, "released")
    return night


def treat(night: Night, treatment: str) -> None:
    """Say how open publishes the families of an area."""
    path = night.settings.publication_policy
    kept = [line for line in path.read_text().splitlines() if not line.startswith("open,area_profile")]
    lines = [f"open,area_profile,{n},{treatment if n == 'families' else 'as_is'}" for n in SCHEMA.names]
    path.write_text("\n".join([*kept, *lines]) + "\n")


def publish_night(night: Night, desa: Desa, as_of: str, inputs: str = "") -> dict:
    return night.publish(as_of, [], inputs or as_of, follow_up=counted(desa, as_of))


def shown(night: Night) -> dict[str, tuple]:
    """Yes, no, status and day of every area in the live open snapshot."""
    rows = [
        row
        for part in (night.snapshot("open") / "area_profile").rglob("*.parquet")
        for row in pq.ParquetFile(part).read().to_pylist()
    ]
    by_area: dict[str, dict[str, dict]] = {}
    for row in rows:
        by_area.setdefault(row["area_code"], {})[row["category"]] = row
    return {
        code: (of["yes"]["families"], of["no"]["families"], of["no"]["status"], str(of["no"]["released_on"]))
        for code, of in by_area.items()
    }


def test_open_withholds_a_small_row_and_one_that_hides_it(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    told = shown(night)
    assert told[DESA[0]] == told[DESA[1]] == (None, None, "withheld", "None")
    assert told[DESA[2]] == (10, 40, "counted", NIGHTS[0])
    assert told["35"] == (2 + sum(9 + n for n in range(11)), 480, "counted", NIGHTS[0])


def test_operational_has_what_was_counted(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    assert night.package("operational")["resources"][0]["row_count"] == len(counted(province(), NIGHTS[0]))


def test_the_same_night_again_is_the_same_snapshot(night: Night) -> None:
    first = publish_night(night, province(), NIGHTS[0])
    assert publish_night(night, province(), NIGHTS[0])["snapshot"] == first["snapshot"]
    second = publish_night(night, province(60), NIGHTS[1])
    assert publish_night(night, province(60), NIGHTS[1])["paths"] == second["paths"]


def test_a_row_that_changed_by_few_stays_with_its_day(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    publish_night(night, province() | {DESA[2]: (12, 40), DESA[3]: (16, 40)}, NIGHTS[1])
    told = shown(night)
    assert told[DESA[2]] == (10, 40, "counted", NIGHTS[0])
    assert told[DESA[3]] == (16, 40, "counted", NIGHTS[1])
    assert told["3573010"][2:] == ("counted", NIGHTS[0])


def test_a_desa_of_a_later_frame_says_that_it_counts_nowhere_yet(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    publish_night(night, province() | {"3507010009": (1, 9)}, NIGHTS[1])
    assert shown(night)["3507010009"] == (None, None, "not_counted_yet", "None")


def test_a_kill_before_the_pointer_releases_nothing(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_night(night, province(), NIGHTS[0])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publish, "move_pointer", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_night(night, province(47), NIGHTS[1])
    assert live(night.published)["as_of"] == NIGHTS[0]
    # 47 was never seen: 44 is compared with 40, and waits.
    publish_night(night, province(44), NIGHTS[1], inputs="mended")
    assert shown(night)[DESA[2]] == (10, 40, "counted", NIGHTS[0])


def test_after_a_rollback_what_was_seen_since_still_counts(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    publish_night(night, province(60), NIGHTS[1])
    roll_back(night.published, NIGHTS[0])
    publish_night(night, province(62), NIGHTS[2])
    assert shown(night)[DESA[2]] == (10, 60, "counted", NIGHTS[1])


def test_without_what_was_released_before_nothing_is_published(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    before = live(night.published)
    shutil.rmtree(night.settings.state / "releases")
    with pytest.raises(ReleaseLedgerError, match="restore it"):
        publish_night(night, province(60), NIGHTS[1])
    assert live(night.published) == before


def test_what_areas_of_a_pool_have_each_is_read_by_nobody_else(night: Night) -> None:
    publish_night(night, province(), NIGHTS[0])
    files = list((night.settings.state / "releases").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert files[0].parent.stat().st_mode & 0o777 == 0o700


def test_another_smallest_cell_is_another_snapshot(night: Night, pointed_at: Callable[..., Settings]) -> None:
    first = publish_night(night, province(), NIGHTS[0])
    night.settings = night.settings.model_copy(update={"smallest_cell": 12})
    shutil.rmtree(night.published)
    assert publish_night(night, province(), NIGHTS[0])["snapshot"] != first["snapshot"]
    assert shown(night)[DESA[2]][2] == "withheld"


# The attacker's gate ------------------------------------------------------------------------------------------------


def test_counts_published_as_they_are_stop_at_the_gate(night: Night) -> None:
    publish_night(night, province(60), NIGHTS[0])
    before = live(night.published)
    treat(night, "as_is")
    with pytest.raises(DisclosureError, match=f"disability: a small count of yes in {DESA[0]}") as stopped:
        publish_night(night, province(80), NIGHTS[1])
    assert "2" not in str(stopped.value).partition(DESA[0])[0]
    assert live(night.published) == before


def test_a_row_that_moved_by_few_stops_at_the_gate(night: Night) -> None:
    treat(night, "as_is")
    large = dict.fromkeys(DESA, (30, 40))
    publish_night(night, large, NIGHTS[0])
    with pytest.raises(DisclosureError, match=f"a small change of no in {DESA[5]}"):
        publish_night(night, large | {DESA[5]: (30, 43)}, NIGHTS[1])


@pytest.mark.parametrize("error", [DisclosureError("a small count"), ReleaseLedgerError("restore it")])
def test_what_another_try_would_meet_again_ends_the_task_for_good(error: Exception) -> None:
    @no_retry
    def publish_anew() -> None:
        raise error

    with pytest.raises(AirflowFailException, match=str(error)):
        publish_anew()


def five_nights(night: Night) -> None:
    chance = random.Random(7)  # noqa: S311 - a province, no secret
    desa = {code: (chance.randrange(12), chance.randrange(40)) for code in DESA}
    for as_of in NIGHTS:
        publish_night(night, desa, as_of)
        grown = chance.sample(DESA, 7)
        desa |= {code: (desa[code][0] + chance.randrange(9), desa[code][1] + chance.randrange(15)) for code in grown}


def test_an_attacker_finds_nothing_in_five_nights(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    five_nights(night)
    assert main([str(night.published)]) == 0
    assert capsys.readouterr().out == "5 snapshots, 0 findings\n"
    told = shown(night)
    assert {status for _, _, status, _ in told.values()} == {"counted", "withheld"}
    assert len({day for *_, status, day in told.values() if status == "counted"}) > 1


def test_an_attacker_finds_what_five_nights_tell_where_nothing_is_withheld(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    treat(night, "as_is")
    monkeypatch.setattr(publish, "require_nothing_follows", lambda *_: None)
    five_nights(night)
    assert main([str(night.published)]) == 1
    said = capsys.readouterr().out
    assert "a small count of yes in" in said
    assert "a small change of" in said


def test_an_attacker_says_that_there_is_nothing_to_attack(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2
