"""Nights from the landing zone to published Parquet: again, late, silent, closed, killed."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import frictionless
import pytest
import yaml
from airflow.sdk.exceptions import AirflowFailException

from include import steps
from include.publication.package import is_whole
from include.publication.pointer import live
from include.run_log import RunLog
from include.settings import Settings, settings
from tests.builders import DAY, NEIGHBOUR, OTHER_SUB_SLS, LandingZone, at, family
from tests.pipeline import rows, run_night

pytestmark = pytest.mark.core

BEFORE, AFTER = "2022-10-15", "2022-10-17"
MARTS = ("area", "progress_area_daily", "progress_enumerator_daily", "upload_accounting", "family_welfare")


@pytest.fixture
def busy(zone: LandingZone) -> LandingZone:
    """Three arrival days: a revision, a same family, a late bundle, a broken one."""
    zone.send([family(n, r201=BEFORE) for n in range(1, 7)], day=BEFORE)
    zone.send([family(n, **at(OTHER_SUB_SLS)) for n in range(11, 15)], day=DAY, enumerator=NEIGHBOUR)
    zone.send([family(2, revision="2", r302="45"), family(9, r109="3", r110="3")], day=DAY)
    zone.send([family(20, r201=BEFORE)], day=BEFORE, arrival=AFTER, sequence=2)
    zone.write(f"uploads/{AFTER}/3573_P35730042_20221017_01.zip", b"broken")
    return zone


def published_bytes(published: Path) -> dict[str, str]:
    """Every published file by path, with its digest."""
    return {
        p.relative_to(published).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(published.rglob("*")) if p.is_file()
    }  # fmt: skip


def wholes(published: Path, pointer: dict) -> dict[str, bool]:
    return {tier: is_whole(published / said["path"]) for tier, said in pointer["tiers"].items()}


def marts() -> dict[str, list[tuple]]:
    return {mart: rows(f"select * from marts.{mart} order by all") for mart in MARTS}


def log_of(run_id: str) -> list[dict]:
    return RunLog(settings().state, f"field_uploads_nightly__{run_id}").entries()


def test_the_same_night_twice_leaves_the_same_bytes(busy: LandingZone, here: Settings) -> None:
    for day in (BEFORE, DAY):
        run_night(day, f"first-{day}")
    first = published_bytes(here.published)
    run_night(DAY, "again")
    shutil.rmtree(here.raw)
    here.warehouse.unlink()
    run_night(DAY, "from nothing")
    assert published_bytes(here.published) == first
    assert sum(name.endswith(".parquet") for name in first) > 4


def test_a_snapshot_can_be_read_whole_through_the_pointer(busy: LandingZone, here: Settings) -> None:
    run_night(AFTER)
    current = json.loads((here.published / "CURRENT.json").read_text())
    snapshot = here.published / current["tiers"]["open"]["path"]
    assert is_whole(snapshot)
    read = f"read_parquet('{snapshot}/progress_area_daily/**/*.parquet', hive_types = {{'kab_code': varchar}})"
    assert duckdb.sql(
        f"select area_level, kab_code, enumerated_families_cumulative, coverage_denominator from {read}"
        f" where field_day = '{AFTER}' order by all"
    ).fetchall() == [
        ("desa", "3573", 11, 100), ("kab_kota", "3573", 11, 100), ("kecamatan", "3573", 11, 100),
        ("province", "35", 11, 100),
    ]  # fmt: skip
    assert frictionless.validate(str(snapshot / "datapackage.json")).valid
    package = json.loads((snapshot / "datapackage.json").read_text())
    published = {resource["name"] for resource in package["resources"]}
    assert published == {"progress_area_daily", "upload_accounting"}
    assert {gate["rule"] for gate in package["gates"]} >= {"RAW-BND-01", "STG-DOC-01", "MART-PAD-02"}


def test_a_night_takes_in_every_earlier_day_that_waits(busy: LandingZone, here: Settings) -> None:
    run_night(AFTER, "only the last")
    in_one = marts()
    busy.send([family(30)], day=BEFORE, sequence=7)
    run_night(AFTER, "a late file in an old folder")
    assert live(here.published)["as_of"] == AFTER
    assert marts() != in_one
    assert len(list((here.published / "open" / "snapshots").iterdir())) == 2


def test_the_worked_example_of_the_docs_is_what_comes_out(busy: LandingZone, here: Settings) -> None:
    """docs/progress.md, "one desa, two days": counted by hand there."""
    run_night(DAY)
    assert rows(
        "select enumerated_families, enumerated_families_cumulative, coverage_denominator, coverage_share::varchar,"
        " days_left, required_families_per_day::varchar from marts.progress_area_daily where area_level = 'desa'"
        " order by field_day"
    ) == [(4, 4, 100, "0.040000", 89, "1.079"), (6, 10, 100, "0.100000", 88, "1.023")]


def test_the_pointer_never_moves_back(busy: LandingZone, here: Settings) -> None:
    run_night(AFTER, "last")
    newest = live(here.published)
    run_night(BEFORE, "an old night again")
    assert live(here.published) == newest


def test_a_day_on_which_nothing_arrived_is_said_and_still_published(busy: LandingZone, here: Settings) -> None:
    run_night(DAY, "busy")
    run_night("2022-10-20", "silent")
    assert live(here.published)["as_of"] == "2022-10-20"
    (landing,) = [json.loads(e["figures"]) for e in log_of("silent") if e["step"] == "check_landing"]
    assert landing["nothing_arrived"] is True
    assert rows("select max(field_day)::varchar from marts.progress_area_daily") == [("2022-10-20",)]


def test_a_landing_zone_that_is_not_there_fails_at_the_start_and_names_the_setting(here: Settings) -> None:
    with pytest.raises(AirflowFailException, match="correct REGSOSEK_LANDING"):
        run_night(DAY, "nowhere")
    assert [(e["step"], e["outcome"]) for e in log_of("nowhere")] == [
        ("open_run", "opened"), ("check_landing", "failed"), ("close_run", "closed")
    ]  # fmt: skip
    assert log_of("nowhere")[-1]["message"] == "not published; failed at check_landing"


def test_a_closed_gate_stops_publication_and_names_suite_rule_and_figures(
    busy: LandingZone, here: Settings, tmp_path: Path, pointed_at: Callable[..., Settings]
) -> None:
    run_night(BEFORE, "open")
    before = published_bytes(here.published)
    limits = yaml.safe_load(here.thresholds.read_text())
    limits["marts.progress_area_daily"]["row_count_min"]["value"] = 10**6
    bad = tmp_path / "bad.yaml"
    bad.write_text(yaml.safe_dump(limits))
    pointed_at(tmp_path, thresholds=bad)
    with pytest.raises(AirflowFailException) as closed:
        run_night(DAY, "closed")
    said = str(closed.value)
    assert "gate marts closed: suite marts.progress_area_daily, rule MART-PAD-01 (critical) tripped" in said
    assert re.search(r"row_count = \d+, limit >= 1e\+06, owner data-team", said)
    assert f"snapshot {BEFORE}_" in said
    assert "stays live" in said
    assert published_bytes(here.published) == before
    assert not [e for e in log_of("closed") if e["step"] == "publish"]


class Killed(BaseException):
    """Stands for the process being killed."""


KILLS = {
    "before the papers": "include.publication.snapshot.write_papers",
    "before the rename": "include.publication.snapshot.swap_in",
    "before the pointer": "include.publication.publish.move_pointer",
    "between the tiers": "include.publication.publish.OperationalWriter",
    "between the tier's copy and the pointer": "include.durable.sync_folder",
}


def test_kills_while_publishing_leave_the_old_snapshot_live_and_the_next_attempt_repairs(
    busy: LandingZone, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_night(BEFORE, "old")
    old = live(here.published)

    def die(*_: object, **__: object) -> None:
        raise Killed

    def killed_at_every_place() -> None:
        for place in KILLS.values():
            with monkeypatch.context() as patched:
                patched.setattr(place, die)
                with pytest.raises(Killed):
                    steps.publish("field_uploads_nightly/next", DAY)
            assert live(here.published) == old, place
            assert wholes(here.published, old) == {"open": True, "restricted": True, "operational": True}, place

    run_night(DAY, "next", killed_at_every_place)
    new = live(here.published)
    assert new["as_of"] == DAY
    assert wholes(here.published, new) == {"open": True, "restricted": True, "operational": True}
    assert not list(here.published.rglob(".*"))
