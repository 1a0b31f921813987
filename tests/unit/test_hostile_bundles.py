"""Every hostile bundle meets its named fate, no finding holds a person's value, and raw holds what it must."""

import csv
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.suites import raw_bundles
from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.intake import raw_schema
from include.intake.bundle import read_bundle
from include.intake.finding import BUNDLE_WARNINGS, WARNINGS
from include.intake.landing import open_landing
from include.intake.uploads import KIND, take_in_uploads
from include.settings import PROJECT
from tests.builders import LandingZone
from tests.hostile.case import CANARIES, FAMILY_CSV, NAME, PERSON_CSV, Case, sound
from tests.hostile.manifests import MANIFESTS
from tests.hostile.members import MEMBERS
from tests.hostile.names import NAMES
from tests.hostile.pairs import FAULTS, PAIRS
from tests.hostile.zips import ZIPS

CORPUS = ZIPS | MANIFESTS | MEMBERS | NAMES | PAIRS
JUDGED_IN_SQL = {"UNKNOWN_ENUMERATOR"}


def precedence() -> dict[str, int]:
    """The contract's order, as the seed has it and dbt applies it."""
    with (PROJECT / "dbt_project/seeds/codes/bundle_reasons.csv").open() as seed:
        return {row["reason"]: int(row["precedence"]) for row in csv.DictReader(seed)}


ORDER = precedence()


def taken_in(case: Case, folder: Path) -> dict[str, list[dict]]:
    """Every raw table after one night with this one bundle."""
    zone = LandingZone(folder / "landing")
    zone.write(f"{KIND}/{case.arrival}/{case.name}", case.content)
    take_in_uploads(open_landing(str(zone.root)), case.arrival, folder / "raw")
    made = folder / "raw" / KIND / case.arrival
    tables = [table for table, (kind, _, _) in raw_schema.TABLES.items() if kind == KIND]
    return {table: pq.read_table(made / f"{table}.parquet").to_pylist() for table in tables}


@pytest.mark.parametrize("case", CORPUS.values(), ids=CORPUS.keys())
def test_a_hostile_bundle_meets_its_fate(case: Case, tmp_path: Path) -> None:
    raw = taken_in(case, tmp_path)
    reasons = {finding["reason"] for finding in raw["bundle_findings"]}
    assert reasons <= {*ORDER, *WARNINGS}
    assert min(reasons & set(ORDER), key=ORDER.__getitem__, default=None) == case.reason
    assert reasons - set(ORDER) == case.warnings
    assert len(raw["bundles"]) == 1
    assert (len(raw["documents"]), len(raw["persons"])) == case.in_raw
    said = str([(finding["detail"], finding["member"]) for finding in raw["bundle_findings"]])
    assert not [canary for canary in CANARIES if canary in said]


def test_the_corpus_has_a_case_for_every_reason_and_for_every_two_of_them() -> None:
    assert len(CORPUS) >= 120
    assert {case.reason for case in CORPUS.values()} == {*ORDER, None} - JUDGED_IN_SQL
    assert list(FAULTS) == [reason for reason in sorted(ORDER, key=ORDER.__getitem__) if reason not in JUDGED_IN_SQL]
    assert set().union(*(case.warnings for case in CORPUS.values())) == set(BUNDLE_WARNINGS)


def test_a_canary_stands_in_every_row_it_is_looked_for_in() -> None:
    for text in (FAMILY_CSV, PERSON_CSV):
        assert all(CANARIES[0].encode() in line and CANARIES[1].encode() in line for line in text.splitlines()[1:])


def test_raw_keeps_every_value_as_it_was_written(tmp_path: Path) -> None:
    written = {
        "harmless member: codes a spreadsheet mangled": {"r105": "1,20603E+15", "r101": "035", "r109": "7.0"},
        "harmless member: ids with no-break spaces": {
            "submission_id": "\u00a000000000-0000-4000-8000-000000000001\u00a0"
        },
        "harmless member: a NUL in a cell": {"r107": "JAL\0AN UJI"},
        "harmless member: quoted newlines, quotes and commas": {"r107": 'JALAN "UJI", \r\nRT 1'},
        'harmless member: a quote inside an unquoted cell': {"r107": 'JALAN 5" UJI'},
        "warned: unknown columns first": {"unknown_columns": '{"lama": "KENARI"}'},
        "warned: a nameless column": {"unknown_columns": None},
    }  # fmt: skip
    for number, (name, values) in enumerate(written.items()):
        first = taken_in(CORPUS[name], tmp_path / str(number))["documents"][0]
        assert {column: first[column] for column in values} == values, name


def test_every_hostile_bundle_in_one_folder_leaves_the_sound_one_whole(tmp_path: Path) -> None:
    zone = LandingZone(tmp_path / "landing")
    sent = [case.content for case in CORPUS.values() if case.reason is not None]
    for number, content in enumerate(sent):
        zone.write(f"uploads/2022-10-16/hostile-{number:04d}.zip", content)
    zone.write(f"uploads/2022-10-16/{NAME}", sound())
    partition = take_in_uploads(open_landing(str(zone.root)), "2022-10-16", tmp_path / "raw")
    assert partition
    assert partition.rows["bundles"] == len(sent) + 1
    documents = pq.read_table(tmp_path / "raw/uploads/2022-10-16/documents.parquet").to_pylist()
    assert [row["row_number"] for row in documents if row["bundle_name"] == NAME] == [1, 2]


def test_a_finding_about_encoding_or_quotes_names_the_row_past_blank_lines_and_quoted_newlines() -> None:
    header, first, second = FAMILY_CSV.splitlines()
    quoted = first.replace(b"JALAN UJI", b'"JALAN\n\nUJI"')
    for broken, reason in ((second.replace(b"JALAN", b"JAL\xc1N"), "BAD_ENCODING"), (b"a,b", "BAD_CSV")):
        text = b"\n".join([header, b"", quoted, b"", broken, b""])
        content = sound(members={FAMILY_MEMBER: text})
        (finding,) = [f for f in read_bundle(NAME, content, date(2022, 10, 16)).findings if f.reason == reason]
        assert (finding.member, finding.row_number) == (FAMILY_MEMBER, 2)


def test_no_gate_counts_a_warned_bundle_as_rejected_and_every_warning_has_its_texts() -> None:
    assert "reason in ({rejecting_reasons})" in raw_bundles.FIGURES
    assert not set(WARNINGS) & set(ORDER)
    with (PROJECT / "dbt_project/seeds/codes/bundle_warnings.csv").open() as seed:
        texts = {row["warning"]: row["text_id"] and row["text_en"] for row in csv.DictReader(seed)}
    assert set(texts) == {*WARNINGS, "OTHER_KAB"}
    assert all(texts.values())


def test_a_warned_bundle_says_where_to_look() -> None:
    content = MEMBERS["warned: a visit after the arrival"].content
    (finding,) = read_bundle(NAME, content, date(2022, 10, 16)).findings
    assert (finding.member, finding.row_number) == (FAMILY_MEMBER, 1)
    assert "2 rows" in str(finding.detail)
    content = MEMBERS["warned: unknown columns of persons"].content
    (finding,) = read_bundle(NAME, content, date(2022, 10, 16)).findings
    assert (finding.member, finding.detail) == (PERSON_MEMBER, "lama")
