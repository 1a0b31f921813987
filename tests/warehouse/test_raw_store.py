"""Landing to raw: a pure function of one folder, whatever the order, the number of runs, or where it was killed."""

import hashlib
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.intake import raw_store
from include.intake.headquarters import take_in_snapshot
from include.intake.landing import LandingError, open_landing
from include.intake.pending import pending_days, pending_snapshots, take_in_pending
from include.intake.uploads import take_in_uploads
from include.settings import Settings
from tests.builders import DAY, ENUMERATOR, SUB_SLS, LandingZone, family

DAYS = ("2022-10-15", DAY, "2022-10-17")


def contents(raw: Path) -> dict[str, str]:
    """Every Parquet file of a raw store by path, with its digest."""
    return {
        p.relative_to(raw).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(raw.rglob("*.parquet"))
    }


def read(path: Path, columns: str = "*") -> list[tuple]:
    return duckdb.sql(f"select {columns} from read_parquet('{path}')").fetchall()


@pytest.fixture
def three_days(zone: LandingZone) -> LandingZone:
    for number, day in enumerate(DAYS, start=1):
        zone.send([family(number, r201=day), family(number + 10, r201=day)], day=day)
    zone.write(f"uploads/{DAY}/broken.zip", b"not a zip")
    return zone


@given(order=st.lists(st.sampled_from(DAYS), min_size=3, max_size=8).filter(lambda days: set(days) == set(DAYS)))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repetition_give_the_same_bytes(
    three_days: LandingZone, tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    landing = open_landing(str(three_days.root))
    in_order, as_drawn = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b")
    for day in DAYS:
        take_in_uploads(landing, day, in_order)
    for day in order:
        take_in_uploads(landing, day, as_drawn)
    assert contents(as_drawn) == contents(in_order)
    assert len(contents(in_order)) == 12


def test_every_value_lands_as_text_with_its_lineage(zone: LandingZone, here: Settings) -> None:
    name = zone.send([family(1, r109="007", r302="6O", notes="")])
    take_in_uploads(open_landing(here.landing), DAY, here.raw)
    documents = here.raw / "uploads" / DAY / "documents.parquet"
    assert read(documents, "bundle_name, row_number, r109, r302, notes, r104") == [(name, 1, "007", "6O", None, "001")]


def test_a_broken_bundle_is_in_the_ledger_and_the_others_are_loaded(three_days: LandingZone, here: Settings) -> None:
    take_in_uploads(open_landing(here.landing), DAY, here.raw)
    folder = here.raw / "uploads" / DAY
    findings = read(folder / "bundle_findings.parquet", "bundle_name, reason")
    assert findings == [("broken.zip", "NOT_A_ZIP"), ("broken.zip", "NAME_MISMATCH")]
    assert read(folder / "bundles.parquet", "count(*)") == [(2,)]
    assert read(folder / "documents.parquet", "count(*)") == [(2,)]


def test_a_day_is_pending_until_taken_in_and_again_when_it_changes(three_days: LandingZone, here: Settings) -> None:
    landing = open_landing(here.landing)
    assert pending_days(landing, here.raw, DAY) == ["2022-10-15", DAY]
    take_in_pending(landing, here.raw, "2022-10-17")
    assert pending_days(landing, here.raw, "2022-10-17") == []
    three_days.send([family(9)], day="2022-10-15", sequence=2)
    (three_days.root / "uploads" / DAY / "broken.zip").unlink()
    assert pending_days(landing, here.raw, "2022-10-17") == ["2022-10-15", DAY]


def test_a_folder_that_was_taken_away_takes_its_partition_with_it(three_days: LandingZone, here: Settings) -> None:
    landing = open_landing(here.landing)
    take_in_pending(landing, here.raw, "2022-10-17")
    for file in (three_days.root / "uploads" / DAY).iterdir():
        file.unlink()
    (three_days.root / "uploads" / DAY).rmdir()
    take_in_pending(landing, here.raw, "2022-10-17")
    assert set(raw_store.partitions(here.raw, "uploads")) == {"2022-10-15", "2022-10-17"}


class Killed(BaseException):
    """Stands for the process being killed: nothing may catch it."""


@pytest.mark.parametrize("at", ["write_note", "remove", "rename"])
def test_a_kill_leaves_a_whole_partition_or_none_and_the_next_run_repairs(
    three_days: LandingZone, here: Settings, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    landing = open_landing(here.landing)
    take_in_uploads(landing, DAY, here.raw)
    three_days.send([family(8)], sequence=2)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if at == "rename":
            patched.setattr("include.intake.raw_store.os.rename", die)
        else:
            module = "uploads" if at == "write_note" else "raw_store"
            patched.setattr(f"include.intake.{module}.{at}", die)
        with pytest.raises(Killed):
            take_in_uploads(landing, DAY, here.raw)
    assert DAY in pending_days(landing, here.raw, DAY)
    take_in_pending(landing, here.raw, DAY)
    assert raw_store.partitions(here.raw, "uploads")[DAY].rows["bundles"] == 3
    assert not list((here.raw / "uploads").glob(".beside-*"))


def test_headquarters_files_land_as_text_with_their_day(zone: LandingZone, here: Settings) -> None:
    take_in_snapshot(open_landing(here.landing), "frame", zone.frame_day, here.raw)
    table = here.raw / "frame" / zone.frame_day / "sub_sls.parquet"
    assert read(table, "cast(snapshot_day as varchar), row_number, idsubsls, expected_families")[0] == (
        zone.frame_day, 1, SUB_SLS, "60",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"idsubsls,enumerator_id,valid_from\nA,B,C\n", "frame/2022-10-01/assignments.csv: missing column valid_to"),
        (b"idsubsls,enumerator_id\n", "missing column valid_from, valid_to"),
        (b"idsubsls,enumerator_id,valid_from,valid_to\nA,B,C,\nSITI RAHASIA,B\n", "row 3: 2 fields, header has 4"),
        (b"idsubsls,enumerator_id,valid_from,valid_to\nA,B\xe9,C,\n", "not UTF-8 in line 2"),
    ],
)
def test_a_broken_headquarters_file_is_named_with_row_and_reason_and_no_value(
    zone: LandingZone, here: Settings, content: bytes, said: str
) -> None:
    zone.write("frame/2022-10-01/assignments.csv", content)
    with pytest.raises(LandingError) as error:
        take_in_snapshot(open_landing(here.landing), "frame", "2022-10-01", here.raw)
    assert said in str(error.value)
    assert "RAHASIA" not in str(error.value)
    assert not raw_store.partitions(here.raw, "frame")


def test_a_misnamed_folder_is_an_error_that_says_how_to_rename_it(zone: LandingZone, here: Settings) -> None:
    zone.write("uploads/hari ini/x.zip", b"")
    with pytest.raises(LandingError, match="uploads/hari ini: rename it to YYYY-MM-DD"):
        take_in_pending(open_landing(here.landing), here.raw, "2022-10-17")
    zone.write("programmes/Oktober/recipients.csv", b"programme,nik,no_kk\n")
    with pytest.raises(LandingError, match="programmes/Oktober: rename it to YYYY-MM"):
        pending_snapshots(open_landing(here.landing), here.raw, "2022-10-17")


def test_a_snapshot_folder_without_a_contract_file_is_no_snapshot_and_never_pending(
    zone: LandingZone, here: Settings
) -> None:
    zone.write("register/2022-10-01/README.txt", b"kosong")
    landing = open_landing(here.landing)
    assert take_in_snapshot(landing, "register", "2022-10-01", here.raw) is None
    assert ("register", "2022-10-01") not in pending_snapshots(landing, here.raw, "2022-10-17")


def test_a_landing_zone_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="correct REGSOSEK_LANDING"):
        open_landing(str(tmp_path / "nowhere"))


def test_the_landing_zone_is_only_read(three_days: LandingZone, here: Settings) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in three_days.root.rglob("*") if p.is_file()}
    take_in_pending(open_landing(here.landing), here.raw, "2022-10-17")
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in three_days.root.rglob("*") if p.is_file()} == before
    assert ENUMERATOR in str(before)
