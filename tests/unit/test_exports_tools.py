"""Each field tool's export, read through its worked mapping, gives the contract's rows: codes and labels, no UUIDs."""

import json
import uuid
from pathlib import Path

import pytest

from expectations.suites import raw_bundles
from include.contract import FAMILY_COLUMNS, FAMILY_MEMBER, PERSON_COLUMNS, PERSON_MEMBER
from include.intake.bundle import Bundle
from include.intake.exports.mapping_file import PACKAGED
from include.intake.finding import WARNINGS
from include.settings import PROJECT
from tests.builders import DAY, ENUMERATOR, NEIGHBOUR, SUPERVISOR, document_id, family, person
from tests.field_tools import TOOLS, Row, edited, kobotoolbox, survey_solutions, zipped
from tests.unit.exports import read

PLACED = {"latitude": "-7.98", "longitude": "112.63", "accuracy_m": "5"}
FAMILIES = [
    family(1, r112="2", notes='kata "tetangga"', r501a="1", r501a_month="3", r501a_year="2022", **PLACED),
    family(2, r302="", r503a="1", r105="000200"),
]
PERSONS = [
    person(1, 1, r411="5", r431a="3", r403="3515" + "155202009921"),
    person(1, 2, r402="BUDI UJI", r405="1", r409="3", r406y="2010", r407="12", r410="", r431f=""),
    person(2, 1, r416a="2"),
]
# What a tool's example does not collect, and so comes as missing.
ABSENT = {"excel_k": PLACED, "odk_central_k": {"r203": ""}}


def expected_families(mapping_id: str, families: list[Row]) -> list[Row]:
    """The families as the tool can say them: without what its form lacks, under a made id where it has none."""
    said = [f | dict.fromkeys(ABSENT.get(mapping_id, {}), "") for f in families]
    if mapping_id in ("stata_k", "spss_k", "excel_k"):
        said = [f | {"submission_id": made_id(mapping_id, str(n))} for n, f in enumerate(said, start=1)]
    return said


def made_id(mapping_id: str, key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"regsosek-upload/1/exports/{mapping_id}/{key}"))


def rows_of(bundle: Bundle, member: str) -> list[Row]:
    columns = FAMILY_COLUMNS if member == FAMILY_MEMBER else PERSON_COLUMNS
    return [dict(zip((*columns, "unknown_columns"), row, strict=True)) for row in bundle.members[member].rows]


@pytest.mark.parametrize("mapping_id", TOOLS)
def test_an_export_gives_the_rows_of_the_contract(tmp_path: Path, mapping_id: str) -> None:
    (bundle,) = read(tmp_path, mapping_id, TOOLS[mapping_id](FAMILIES, PERSONS))
    said = expected_families(mapping_id, FAMILIES)
    ids = {f["submission_id"]: made["submission_id"] for f, made in zip(FAMILIES, said, strict=True)}
    assert rows_of(bundle, FAMILY_MEMBER) == [f | {"unknown_columns": ""} for f in said]
    assert rows_of(bundle, PERSON_MEMBER) == [
        p | {"submission_id": ids[p["submission_id"]], "unknown_columns": ""} for p in PERSONS
    ]
    assert {finding.reason for finding in bundle.findings} <= {"TOOL_ERROR"}


@pytest.mark.parametrize("mapping_id", TOOLS)
def test_an_enumerators_share_stands_in_the_ledger_like_a_bundle(tmp_path: Path, mapping_id: str) -> None:
    families = [FAMILIES[0], FAMILIES[1] | {"r202": NEIGHBOUR}]
    bundles = read(tmp_path, mapping_id, TOOLS[mapping_id](families, PERSONS))
    assert [b.name for b in bundles] == [f"exports/{mapping_id}/{e}" for e in (ENUMERATOR, NEIGHBOUR)]
    assert [len(b.members[PERSON_MEMBER].rows) for b in bundles] == [2, 1]
    assert len({b.sha256 for b in bundles}) == 2
    for bundle, enumerator in zip(bundles, (ENUMERATOR, NEIGHBOUR), strict=True):
        assert bundle.named and bundle.manifest
        assert (bundle.named.kab_code, bundle.named.enumerator_id) == ("3573", enumerator)
        assert bundle.named.field_day.isoformat() == DAY
        assert (bundle.manifest.supervisor_id, bundle.manifest.form_version) == (SUPERVISOR, "K-2022-final")


def test_device_and_upload_time_come_from_the_tools_own_columns(tmp_path: Path) -> None:
    found = {}
    for mapping_id in ("odk_central_k", "kobotoolbox_k", "surveycto_wide_k"):
        (bundle,) = read(tmp_path / mapping_id, mapping_id, TOOLS[mapping_id](FAMILIES, PERSONS))
        assert bundle.manifest
        found[mapping_id] = (bundle.manifest.device_id, bundle.manifest.uploaded_at)
    assert found == {
        "odk_central_k": ("TAB-00A1", "2022-10-16T11:42:11.000Z"),
        "kobotoolbox_k": ("", "2022-10-16T11:42:11+00:00"),
        "surveycto_wide_k": ("TAB-00A1", "2022-10-16T18:42:11+07:00"),
    }


@pytest.mark.parametrize("mapping_id", TOOLS)
def test_the_same_files_are_the_same_bundle_and_other_files_are_not(tmp_path: Path, mapping_id: str) -> None:
    files = TOOLS[mapping_id](FAMILIES, PERSONS)
    renamed = {name.replace("latest", "2022"): content for name, content in files.items()}
    other = TOOLS[mapping_id]([FAMILIES[0] | {"r302": "61"}, FAMILIES[1]], PERSONS)
    (first,), (again,), (changed,) = (
        read(tmp_path / str(n), mapping_id, said) for n, said in enumerate((files, renamed, other))
    )
    assert first.sha256 == again.sha256 != changed.sha256


def test_another_mapping_makes_the_same_files_another_bundle(tmp_path: Path) -> None:
    files = TOOLS["excel_k"](FAMILIES, PERSONS)
    mappings = tmp_path / "mappings"
    mappings.mkdir()
    text = (PACKAGED / "excel_k.yaml").read_text(encoding="utf-8")
    (mappings / "excel_k.yaml").write_text(text.replace("Tidak: 2, Y: 1", "Tidak: 2, B: 1, Y: 1"), encoding="utf-8")
    (ours,), (theirs,) = read(tmp_path, "excel_k", files), read(tmp_path, "excel_k", files, mappings)
    assert ours.sha256 != theirs.sha256
    assert ours.members == theirs.members


def test_kobo_values_may_be_codes_instead_of_labels(tmp_path: Path) -> None:
    (by_code,) = read(tmp_path / "a", "kobotoolbox_k", kobotoolbox(FAMILIES, PERSONS, labels=False))
    (by_label,) = read(tmp_path / "b", "kobotoolbox_k", kobotoolbox(FAMILIES, PERSONS))
    assert by_code.members == by_label.members
    assert not by_code.findings


@pytest.mark.parametrize(
    ("done", "is_document"),
    [
        ([1, 2, 3], True),
        ([1, 2, 3, 5, 6], True),
        ([1, 2, 3, 7, 1], False),
        ([1, 2, 3, 5, 8, 1], False),
        ([1, 2, 3, 7, 1, 2, 3], True),
        ([1, 2, 3, 4], False),
        ([1, 2], False),
    ],
    ids=["completed", "approved", "rejected by the supervisor", "rejected by headquarters", "completed again",
         "restarted", "never completed"],
)  # fmt: skip
def test_an_interview_is_a_document_while_it_stands_completed_or_approved(
    tmp_path: Path, done: list[int], is_document: bool
) -> None:
    files = survey_solutions(FAMILIES, PERSONS, {document_id(1): done, document_id(2): [3]})
    (bundle,) = read(tmp_path, "survey_solutions_k", files)
    found = [row["submission_id"] for row in rows_of(bundle, FAMILY_MEMBER)]
    assert found == [document_id(n) for n in (1, 2) if n == 2 or is_document]
    assert len(bundle.members[PERSON_MEMBER].rows) == (3 if is_document else 1)
    waits = [(f.row_number, f.detail) for f in bundle.findings if f.reason == "IN_REVIEW"]
    assert waits == ([] if is_document else [(1, "1 rows are no documents: rejected, or not completed")])


def test_each_completion_of_an_interview_is_a_revision(tmp_path: Path) -> None:
    files = survey_solutions(FAMILIES, PERSONS, {document_id(1): [3, 7, 3, 7, 3], document_id(2): [3, 5]})
    (bundle,) = read(tmp_path, "survey_solutions_k", files)
    assert [row["revision"] for row in rows_of(bundle, FAMILY_MEMBER)] == ["3", "1"]
    assert [row["revision"] for row in rows_of(bundle, PERSON_MEMBER)] == ["3", "3", "1"]


def test_checks_that_the_tool_left_open_are_reported_by_variable_without_the_message(tmp_path: Path) -> None:
    (bundle,) = read(tmp_path, "survey_solutions_k", TOOLS["survey_solutions_k"](FAMILIES, PERSONS))
    (finding,) = bundle.findings
    assert (finding.reason, finding.row_number) == ("TOOL_ERROR", 1)
    assert finding.detail == "checks of the survey left open: r302"


def test_a_row_the_mapping_skips_is_no_document_and_brings_no_persons(tmp_path: Path) -> None:
    files = edited(TOOLS["odk_central_k"](FAMILIES, PERSONS), "regsosek_k.csv", "ReviewState", "rejected")
    (bundle,) = read(tmp_path, "odk_central_k", files)
    assert [row["submission_id"] for row in rows_of(bundle, FAMILY_MEMBER)] == [document_id(2)]
    assert len(bundle.members[PERSON_MEMBER].rows) == 1
    assert [f.reason for f in bundle.findings] == ["IN_REVIEW"]


def test_unknown_columns_are_kept_and_reported(tmp_path: Path) -> None:
    files = edited(TOOLS["surveycto_long_k"](FAMILIES, PERSONS), "REGSOSEK22-K.csv", "catatan_lain", "ya")
    (bundle,) = read(tmp_path, "surveycto_long_k", files)
    (finding,) = bundle.findings
    assert (finding.reason, finding.member, finding.detail) == ("UNKNOWN_COLUMN", "REGSOSEK22-K.csv", "catatan_lain")
    assert json.loads(rows_of(bundle, FAMILY_MEMBER)[0]["unknown_columns"]) == {"catatan_lain": "ya"}
    assert rows_of(bundle, PERSON_MEMBER)[0]["unknown_columns"] == ""


def test_zipped_and_plain_files_are_read_alike(tmp_path: Path) -> None:
    plain = TOOLS["surveycto_long_k"](FAMILIES, PERSONS)
    (from_plain,) = read(tmp_path / "a", "surveycto_long_k", plain)
    (from_zip,) = read(
        tmp_path / "b", "surveycto_long_k", {"export.zip": zipped({f"data/{n}": c for n, c in plain.items()})}
    )
    assert from_plain.members == from_zip.members


def test_no_warning_rejects_a_bundle_or_counts_as_rejected_in_the_gate() -> None:
    reasons = (PROJECT / "dbt_project" / "seeds" / "codes" / "bundle_reasons.csv").read_text(encoding="utf-8")
    assert not set(WARNINGS) & {line.split(",")[1] for line in reasons.splitlines()}
    assert "reason in ({rejecting_reasons})" in raw_bundles.FIGURES
