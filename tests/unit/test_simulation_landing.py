"""A simulated landing zone speaks the upload contract, says the truth about itself, and is always the same."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from include.contract import (
    BUNDLE_NAME,
    CONTRACT,
    FAMILY_MEMBER,
    FORM_VERSIONS,
    HEADQUARTERS,
    MANIFEST_KEYS,
    MEMBER_COLUMNS,
    PERSON_MEMBER,
)
from include.simulation import Plan, Summary, province, simulate
from include.simulation.__main__ import main

LAST_DAY = "2022-10-17"


def read_csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def bundles_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.zip"))


def every_byte(out: Path) -> dict[str, str]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def member_rows(bundle: Path, member: str) -> pl.DataFrame:
    with zipfile.ZipFile(bundle) as archive:
        return pl.read_csv(archive.read(member), infer_schema=False)


def structural_reason(bundle: Path, enumerators: set[str]) -> str | None:
    """The first reason of contract section 3 that applies, of those that can be told from the bundle and the staff."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return "NOT_A_ZIP"
    manifest = json.loads(members.pop("manifest.json"))
    if list(members) != [FAMILY_MEMBER, PERSON_MEMBER] or set(manifest) != set(MANIFEST_KEYS):
        return "UNSAFE_MEMBER or BAD_MANIFEST"
    if manifest["contract"] != CONTRACT or manifest["form_version"] not in FORM_VERSIONS:
        return "UNKNOWN_CONTRACT or UNKNOWN_FORM_VERSION"
    if any(hashlib.sha256(text).hexdigest() != manifest["files"][name]["sha256"] for name, text in members.items()):
        return "CHECKSUM_MISMATCH"
    return _reason_of_content(members, manifest) or _reason_of_name(bundle, manifest, enumerators)


def _reason_of_content(members: dict[str, bytes], manifest: dict[str, dict[str, dict[str, int]]]) -> str | None:
    for name, data in members.items():
        try:
            header, *rows = csv.reader(io.StringIO(data.decode("utf-8")), strict=True)
        except UnicodeDecodeError:
            return "BAD_ENCODING"
        if any(len(row) != len(header) for row in rows):
            return "BAD_CSV"
        if set(MEMBER_COLUMNS[name]) - set(header):
            return "MISSING_COLUMN"
        if len(rows) != manifest["files"][name]["rows"]:
            return "ROW_COUNT_MISMATCH"
    return None


def _reason_of_name(bundle: Path, manifest: dict[str, dict[str, dict[str, int]]], enumerators: set[str]) -> str | None:
    name = BUNDLE_NAME.fullmatch(bundle.name)
    if name is None or name["enumerator_id"] != manifest["enumerator_id"]:
        return "NAME_MISMATCH"
    if name["enumerator_id"] not in enumerators:
        return "UNKNOWN_ENUMERATOR"
    if name["field_day"] > bundle.parent.name.replace("-", ""):
        return "FUTURE_FIELD_DAY"
    return None if manifest["files"][FAMILY_MEMBER]["rows"] else "EMPTY"


def enumerators_of(out: Path) -> set[str]:
    staff = read_csv(out / "frame" / "2022-10-01" / "staff.csv")
    return set(staff.filter(pl.col("role") == "PPL")["staff_id"])


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sound") / "landing"
    simulate(Plan(out, enumerators=60, days=3))
    return out


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("damaged") / "landing"
    simulate(Plan(out, enumerators=60, days=3, headquarters="frame", defects=True))
    return out


@pytest.mark.parametrize("folder", ["uploads", "pes"])
def test_every_bundle_is_structurally_sound(zone: Path, folder: str) -> None:
    bundles = bundles_in(zone / folder)
    assert len(bundles) >= 4
    assert {structural_reason(bundle, enumerators_of(zone)) for bundle in bundles} == {None}


def test_manifests_tell_who_and_when(zone: Path) -> None:
    staff = read_csv(zone / "frame" / "2022-10-01" / "staff.csv")
    supervisor_of = dict(staff.select("staff_id", "supervisor_id").iter_rows())
    for bundle in bundles_in(zone / "uploads"):
        with zipfile.ZipFile(bundle) as archive:
            manifest = json.loads(archive.read("manifest.json"))
        uploaded = datetime.fromisoformat(manifest["uploaded_at"])
        assert uploaded.utcoffset() is not None
        assert uploaded.date().isoformat() == bundle.parent.name
        assert manifest["supervisor_id"] == supervisor_of[manifest["enumerator_id"]]


def test_headquarters_files_have_the_contracts_columns(zone: Path) -> None:
    folders = {"frame": "2022-10-01", "register": "2022-10-10", "programmes": "2022-10", "consultations": LAST_DAY}
    # Nobody corrects a simulated province by log.
    assert {*folders, "corrections"} == set(HEADQUARTERS)
    for kind in folders:
        for file, columns in HEADQUARTERS[kind].items():
            rows = read_csv(zone / kind / folders[kind] / f"{file}.csv")
            assert tuple(rows.columns) == tuple(columns)
            assert rows.height > 0, file


def test_every_sub_sls_is_assigned_exactly_once(zone: Path) -> None:
    frame = zone / "frame" / "2022-10-01"
    sub_sls, assignments = read_csv(frame / "sub_sls.csv"), read_csv(frame / "assignments.csv")
    assert sub_sls["idsubsls"].is_unique().all()
    assert assignments["idsubsls"].to_list() == sub_sls["idsubsls"].to_list()
    assert assignments["enumerator_id"].n_unique() == 60
    load = assignments.join(sub_sls, on="idsubsls").group_by("enumerator_id").agg(
        pl.col("expected_families").cast(pl.Int64).sum()
    )  # fmt: skip
    assert load["expected_families"].is_between(220, 280).all()
    assert sub_sls["expected_families"].cast(pl.Int64).is_between(35, 100).all()


def test_places_are_real_and_towns_and_regencies_mix(zone: Path) -> None:
    sub_sls = read_csv(zone / "frame" / "2022-10-01" / "sub_sls.csv")
    master = region_master()
    known = {(bps, code.replace(".", "")) for bps, code in master.select("bps_code", "region_code").iter_rows()}
    assert set(sub_sls.select("bps_desa_code", "kemendagri_desa_code").rows()) <= known
    assert (sub_sls["idsubsls"].str.slice(0, 10) == sub_sls["bps_desa_code"]).all()
    kab = sub_sls["idsubsls"].str.slice(0, 4).cast(pl.Int64).unique()
    assert len(kab) >= 4
    assert (kab >= 3571).any()
    assert (kab < 3571).sum() >= 2
    assert set(sub_sls["urban_rural"]) == {"1", "2"}


def region_master() -> pl.DataFrame:
    return read_csv(Path(__file__).parents[2] / "dbt_project" / "seeds" / "reference" / "region_master.csv")


def test_truth_agrees_with_the_bundles_on_disk(zone: Path) -> None:
    bundles = read_csv(zone / "_truth" / "bundles.csv")
    documents = read_csv(zone / "_truth" / "documents.csv")
    on_disk = {(path.parent.name, path.name): path for path in bundles_in(zone / "uploads")}
    assert set(bundles.select("arrival_day", "bundle_name").rows()) == set(on_disk)
    for row in bundles.iter_rows(named=True):
        path = on_disk[row["arrival_day"], row["bundle_name"]]
        families = member_rows(path, FAMILY_MEMBER)
        told = documents.filter((pl.col("bundle_name") == path.name) & (pl.col("arrival_day") == path.parent.name))
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert int(row["documents"]) == families.height
        assert int(row["persons"]) == member_rows(path, PERSON_MEMBER).height
        assert told.select("submission_id", "revision").rows() == families.select("submission_id", "revision").rows()
        assert told["row_number"].to_list() == [str(n + 1) for n in range(families.height)]


def test_field_life_without_defects(zone: Path) -> None:
    rows = pl.concat([member_rows(path, FAMILY_MEMBER) for path in bundles_in(zone / "uploads")])
    truth = read_csv(zone / "_truth" / "documents.csv")
    outcome = dict(rows["r205"].value_counts(normalize=True).rows())
    assert outcome["1"] == pytest.approx(0.95, abs=0.02)
    assert outcome["2"] == pytest.approx(0.02, abs=0.01)
    assert set(outcome) == {"1", "2", "3", "4", "5"}
    assert (rows["revision"] != "1").mean() == pytest.approx(0.045, abs=0.02)
    assert 0 < (rows["is_deleted"] == "1").sum() < 12
    assert set(truth["expected_outcome"]) == {"accepted", "superseded"}
    late = [p for p in bundles_in(zone / "uploads") if p.name[15:23] < p.parent.name.replace("-", "")]
    assert 0 < len(late) < 12
    assert max(path.parent.name for path in bundles_in(zone / "uploads")) == LAST_DAY
    assert read_csv(zone / "_truth" / "defects.csv").height == 0


def test_the_prelist_is_nearly_the_truth(zone: Path) -> None:
    frame = zone / "frame" / "2022-10-01"
    families, persons = read_csv(frame / "prelist_families.csv"), read_csv(frame / "prelist_persons.csv")
    truth = pl.read_csv(zone / "_truth" / "families.csv")
    assert truth["is_prelisted"].mean() == pytest.approx(0.96, abs=0.02)
    assert 0 < truth["is_gone"].mean() < 0.04
    assert families["prelist_family_id"].is_unique().all()
    counted = persons.group_by("prelist_family_id").len()
    joined = families.join(counted, on="prelist_family_id", how="left")
    assert (joined["expected_members"].cast(pl.Int64) == joined["len"].fill_null(0)).all()


def test_the_recheck_is_done_by_others_in_the_sample(zone: Path) -> None:
    frame = zone / "frame" / "2022-10-01"
    sample = set(read_csv(frame / "pes_sample.csv")["idsubsls"])
    assigned = set(read_csv(frame / "assignments.csv")["enumerator_id"])
    again = pl.concat([member_rows(path, FAMILY_MEMBER) for path in bundles_in(zone / "pes")])
    first = pl.concat([member_rows(path, FAMILY_MEMBER) for path in bundles_in(zone / "uploads")])
    place = again.select(pl.concat_str("r101", "r102", "r103", "r104", "r105"))[:, 0]
    assert set(place) == sample
    assert not set(again["r202"]) & assigned
    assert not set(again["submission_id"]) & set(first["submission_id"])


def test_the_recheck_finds_mostly_the_same_persons(zone: Path) -> None:
    again = pl.concat([member_rows(path, PERSON_MEMBER) for path in bundles_in(zone / "pes")])
    register = read_csv(zone / "register" / "2022-10-10" / "population.csv")
    known = again["r403"].drop_nulls().is_in(register["nik"].implode())
    assert again.height > 100
    assert known.mean() > 0.97


def test_the_flood_affects_registered_persons_of_its_area(zone: Path) -> None:
    event = json.loads((zone / "events" / "flood-01" / "event.json").read_text())
    affected = read_csv(zone / "events" / "flood-01" / "affected.csv")
    ring = event["footprint"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert len(event["areas"][0]) == 7
    assert date.fromisoformat(event["started_on"]) <= date.fromisoformat(LAST_DAY)
    assert affected["nik"].is_unique().all()
    assert {"confirmed", "suspected"} <= set(affected["status"])


def test_consultations_move_families_to_another_group(zone: Path) -> None:
    moved = pl.read_csv(zone / "consultations" / LAST_DAY / "fkp.csv")
    assert (moved["group_before"] != moved["group_after"]).all()
    assert moved["group_after"].is_between(1, 4).all()


def test_broken_bundles_are_broken_as_the_truth_says(damaged: Path) -> None:
    told = read_csv(damaged / "_truth" / "bundles.csv")
    rejected = told.filter(pl.col("expected_outcome") == "rejected")
    staff = enumerators_of(damaged)
    files = {path.name: path for path in bundles_in(damaged / "uploads")}
    seen = [structural_reason(files[name], staff) for name in rejected["bundle_name"]]
    assert seen == rejected["expected_reason"].to_list()
    assert len(set(seen)) == 9
    duplicates = told.filter(pl.col("expected_outcome") == "duplicate")
    assert duplicates.height == 2
    assert set(duplicates["sha256"]) <= set(told.filter(pl.col("expected_outcome") == "accepted")["sha256"])


def test_defects_point_at_their_rows(damaged: Path) -> None:
    defects = read_csv(damaged / "_truth" / "defects.csv")
    files = {(path.parent.name, path.name): path for path in bundles_in(damaged / "uploads")}
    of_rows = defects.filter(pl.col("member").is_not_null())
    assert of_rows.height > 300
    for row in of_rows.iter_rows(named=True):
        rows = member_rows(files[row["arrival_day"], row["bundle_name"]], row["member"])
        written = rows.row(int(row["row_number"]) - 1, named=True)
        assert written["submission_id"] == row["submission_id"]
        assert written["revision"] == row["revision"]
        assert row["line"] == written.get("r401")


def test_stray_rows_have_the_fate_the_contract_gives_them(damaged: Path) -> None:
    defects = read_csv(damaged / "_truth" / "defects.csv")
    fate = dict(defects.group_by("kind").agg(pl.col("expected_reason_or_rule").first()).iter_rows())
    outcome = dict(defects.group_by("kind").agg(pl.col("expected_outcome").first()).iter_rows())
    assert {kind for kind, reason in fate.items() if reason == "BAD_AREA_CODE"} == {
        "area_code_as_float", "area_code_without_zeros",
    }  # fmt: skip
    assert outcome["repeated_document_row"] == outcome["resent_document"] == "duplicate"
    assert (outcome["conflicting_document_row"], fate["conflicting_document_row"]) == ("held", "CONFLICT")
    assert outcome["same_family"] == outcome["same_family_by_stranger"] == "superseded"
    assert fate["orphan_person"] == "ORPHAN_PERSON"
    assert fate["repeated_line"] == "DUPLICATE_LINE"


def small(out: Path, **more: object) -> Plan:
    return Plan(out, **{"enumerators": 12, "days": 2, "load_families": 60, "processes": 1, **more})  # type: ignore[arg-type]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate(small(tmp_path / "once", defects=True))
    simulate(small(tmp_path / "again", defects=True))
    simulate(small(tmp_path / "other", defects=True, seed=8))
    assert every_byte(tmp_path / "once") == every_byte(tmp_path / "again")
    assert every_byte(tmp_path / "once") != every_byte(tmp_path / "other")


def test_blocks_and_processes_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate(small(tmp_path / "whole"))
    monkeypatch.setattr(province, "blocks", lambda _: [(0, 5), (5, 12)])
    simulate(small(tmp_path / "cut", processes=2))
    assert every_byte(tmp_path / "whole") == every_byte(tmp_path / "cut")


def test_damaged_blocks_are_the_same_whatever_the_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(province, "blocks", lambda _: [(0, 5), (5, 12)])
    simulate(small(tmp_path / "one", defects=True))
    simulate(small(tmp_path / "two", defects=True, processes=2))
    assert every_byte(tmp_path / "one") == every_byte(tmp_path / "two")


def test_uploads_do_not_depend_on_what_headquarters_lists(tmp_path: Path) -> None:
    simulate(small(tmp_path / "all"))
    simulate(small(tmp_path / "frame", headquarters="frame"))
    assert every_byte(tmp_path / "all" / "uploads") == every_byte(tmp_path / "frame" / "uploads")
    listed = [read_csv(tmp_path / scope / "register" / "2022-10-10" / "population.csv") for scope in ("all", "frame")]
    assert set(listed[1]["nik"]) < set(listed[0]["nik"])


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(FileExistsError, match="not empty"):
        simulate(small(tmp_path))
    assert main(["--out", str(tmp_path), "--enumerators", "2"]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_failure_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr(province, "_write_truth", fail)
    with pytest.raises(RuntimeError, match="no room left"):
        simulate(small(tmp_path / "landing"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"enumerators": 0}, {"days": 0}, {"headquarters": "none"}, {"load_families": 9999}])
def test_an_impossible_plan_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be|does not fit"):
        small(tmp_path / "landing", **wrong)


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "landing"
    assert (
        main(["--out", str(out), "--enumerators", "5", "--days", "1", "--load", "30", "--first-day", "2022-11-01"]) == 0
    )
    bundles = read_csv(out / "_truth" / "bundles.csv")
    said = capsys.readouterr().out
    assert f"{bundles.height} bundles" in said
    assert {path.parent.name for path in bundles_in(out / "uploads")} == {"2022-11-01"}


def test_the_summary_counts_the_uploads(tmp_path: Path) -> None:
    made = simulate(small(tmp_path / "landing"))
    bundles = pl.read_csv(tmp_path / "landing" / "_truth" / "bundles.csv")
    counted = Summary(
        bundles=len(bundles_in(tmp_path / "landing" / "uploads")),
        documents=int(bundles["documents"].sum()),
        persons=int(bundles["persons"].sum()),
        recheck_bundles=len(bundles_in(tmp_path / "landing" / "pes")),
        defects=0,
    )
    assert made == counted
