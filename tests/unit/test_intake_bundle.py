"""One bundle at a time: what is read, and what is found."""

import hashlib
import io
import json
import zipfile
from datetime import date

import pytest

from include.contract import FAMILY_COLUMNS, FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from include.intake import unpack
from include.intake.bundle import Bundle, read_bundle
from include.intake.finding import WARNINGS
from tests.builders import DAY, bundle_bytes, csv_bytes, family

NAME = "3573_P35730042_20221016_01.zip"
FAMILIES = [family(1), family(2, r106="RT 01, gang 2", notes='kata "tetangga"\nbaris kedua')]


def read(content: bytes, name: str = NAME, arrival: str = DAY) -> Bundle:
    return read_bundle(name, content, date.fromisoformat(arrival))


def reasons(bundle: Bundle) -> set[str]:
    return {finding.reason for finding in bundle.findings}


def test_a_sound_bundle_has_no_findings_and_keeps_every_value_as_text() -> None:
    content = bundle_bytes(FAMILIES)
    bundle = read(content)
    assert not bundle.findings
    assert bundle.sha256 == hashlib.sha256(content).hexdigest()
    rows = bundle.members[FAMILY_MEMBER].rows
    assert dict(zip(FAMILY_COLUMNS, rows[1], strict=False))["r109"] == "002"
    assert dict(zip(FAMILY_COLUMNS, rows[1], strict=False))["notes"] == 'kata "tetangga"\nbaris kedua'


def damaged() -> bytes:
    content = bytearray(bundle_bytes(FAMILIES))
    content[content.find(b"keluarga.csv") + 40] ^= 0xFF
    return bytes(content)


def with_member(name: str, content: bytes = b"x") -> bytes:
    return bundle_bytes(FAMILIES, members={name: content})


def with_columns(columns: tuple[str, ...], rows: list[dict] | None = None) -> bytes:
    return bundle_bytes(FAMILIES, members={FAMILY_MEMBER: csv_bytes(rows or FAMILIES, columns)})


def with_text(text: bytes) -> bytes:
    return bundle_bytes(FAMILIES, members={FAMILY_MEMBER: text})


SOUND = csv_bytes(FAMILIES, FAMILY_COLUMNS)
HEADER, FIRST = SOUND.split(b"\n")[:2]
CASES = {
    "random bytes": (b"not a zip at all", "NOT_A_ZIP"),
    "a cut-off zip": (bundle_bytes(FAMILIES)[:-30], "NOT_A_ZIP"),
    "a damaged member": (damaged(), "NOT_A_ZIP"),
    "a password": (bundle_bytes(FAMILIES, encrypted=True), "ENCRYPTED"),
    "a bomb": (with_member(PERSON_MEMBER, b"0" * 2**21), "TOO_LARGE"),
    "a strange member": (with_member("foto.jpg"), "UNSAFE_MEMBER"),
    "a way out": (with_member("../keluarga.csv"), "UNSAFE_MEMBER"),
    "no manifest": (bundle_bytes(FAMILIES, members={MANIFEST_MEMBER: None}), "NO_MANIFEST"),
    "a manifest that is no JSON": (with_member(MANIFEST_MEMBER, b"{"), "BAD_MANIFEST"),
    "a manifest that is a list": (with_member(MANIFEST_MEMBER, b"[]"), "BAD_MANIFEST"),
    "no device": (bundle_bytes(FAMILIES, device_id=None), "BAD_MANIFEST"),
    "an upload time without offset": (bundle_bytes(FAMILIES, uploaded_at="2022-10-16T18:42:11"), "BAD_MANIFEST"),
    "no row counts": (bundle_bytes(FAMILIES, files={FAMILY_MEMBER: {"sha256": "0" * 64}}), "BAD_MANIFEST"),
    "another contract": (bundle_bytes(FAMILIES, contract="regsosek-upload/2"), "UNKNOWN_CONTRACT"),
    "another form": (bundle_bytes(FAMILIES, form_version="K-2023"), "UNKNOWN_FORM_VERSION"),
    "no persons' file": (bundle_bytes(FAMILIES, members={PERSON_MEMBER: None}), "MISSING_MEMBER"),
    "Latin-1": (with_text(SOUND.replace(b"tetangga", b"tetangg\xe9")), "BAD_ENCODING"),
    "an open quote": (with_text(SOUND + b'"x'), "BAD_CSV"),
    "a ragged row": (with_text(SOUND + b"a,b\n"), "BAD_CSV"),
    "a repeated header": (with_columns((*FAMILY_COLUMNS, "r101")), "BAD_CSV"),
    "a missing column": (with_columns(FAMILY_COLUMNS[:-1]), "MISSING_COLUMN"),
    "an empty file": (with_text(b""), "MISSING_COLUMN"),
    "no family": (bundle_bytes([]), "EMPTY"),
}


@pytest.mark.parametrize(("content", "reason"), CASES.values(), ids=CASES.keys())
def test_a_broken_bundle_is_found_out_by_name(content: bytes, reason: str) -> None:
    assert reasons(read(content)) == {reason}


def test_a_wrong_checksum_and_a_wrong_count_are_both_found() -> None:
    files = {name: {"sha256": "0" * 64, "rows": 9} for name in (FAMILY_MEMBER, PERSON_MEMBER)}
    assert reasons(read(bundle_bytes(FAMILIES, files=files))) == {"CHECKSUM_MISMATCH", "ROW_COUNT_MISMATCH"}


@pytest.mark.parametrize(
    ("name", "arrival", "reason"),
    [
        ("keluarga.zip", DAY, "NAME_MISMATCH"),
        ("3573_P35730042_20221340_01.zip", DAY, "NAME_MISMATCH"),
        ("3573_P35730099_20221016_01.zip", DAY, "NAME_MISMATCH"),
        (NAME, "2022-10-15", "FUTURE_FIELD_DAY"),
    ],
)
def test_a_name_is_held_against_manifest_and_arrival_day(name: str, arrival: str, reason: str) -> None:
    assert reasons(read(bundle_bytes(FAMILIES), name, arrival)) - set(WARNINGS) == {reason}


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + SOUND,
        SOUND.replace(b"\n", b"\r\n"),
        SOUND + b"\n\n",
        csv_bytes(FAMILIES, tuple(reversed(FAMILY_COLUMNS))),
    ],
    ids=["a BOM", "CRLF", "blank lines at the end", "columns in another order"],
)
def test_harmless_differences_change_no_row(text: bytes) -> None:
    bundle = read(with_text(text))
    assert not bundle.findings
    assert [row[:10] for row in bundle.members[FAMILY_MEMBER].rows] == [
        [f[column] for column in FAMILY_COLUMNS[:10]] for f in FAMILIES
    ]


def test_unknown_columns_are_kept_and_reported() -> None:
    rows = [f | {"catatan_lain": "ya"} for f in FAMILIES]
    bundle = read(with_columns((*FAMILY_COLUMNS, "catatan_lain"), rows))
    assert reasons(bundle) == {"UNKNOWN_COLUMN"}
    assert json.loads(bundle.members[FAMILY_MEMBER].rows[0][-1]) == {"catatan_lain": "ya"}


def test_a_finding_names_the_row_and_never_a_value() -> None:
    written = "SITI RAHASIA"
    bundle = read(with_text(SOUND + f"{written},x\n".encode()))
    (finding,) = bundle.findings
    assert (finding.member, finding.row_number) == (FAMILY_MEMBER, 3)
    assert written not in str(bundle.findings)


def test_a_directory_entry_that_lies_about_its_size_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "UNPACKED_BYTES_MAX", 100)
    assert reasons(read(bundle_bytes(FAMILIES))) == {"TOO_LARGE"}


def test_a_repeated_member_is_unsafe() -> None:
    buffer = io.BytesIO(bundle_bytes(FAMILIES))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(FAMILY_MEMBER, SOUND)
    assert "UNSAFE_MEMBER" in reasons(read(buffer.getvalue()))
