"""The privacy gate: each way in which a file could tell who somebody is, planted, and found without being repeated."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pyzipper

from include.publication.anonymity import Anonymity
from include.publication.partition import part_of
from include.publication.pointer import live
from include.publication.policy import Made, PublishedMart
from include.publication.privacy import PrivacyError, require_encrypted, require_private
from include.publication.privacy_shapes import in_column, in_text
from include.settings import Settings
from tests.builders import DAY, OTHER_SUB_SLS, SUB_SLS, correction
from tests.publication import CORRECTIONS, night_in

NIK, PHONE = "357301" + "550680" + "9123", "0800000" + "47110"
ANONYMITY = Anonymity(5, "kecamatan_code", {"person_register": ["kecamatan_code", "sex", "age_group"]})
FRAME = pa.array([SUB_SLS, OTHER_SUB_SLS])
PSEUDONYM = "0123456789abcdef" * 2
COLUMNS = {
    "person": [PSEUDONYM] * 5, "kecamatan_code": ["3573010"] * 5, "sex": [1] * 5, "age_group": ["30-34"] * 5,
    "note": ["35730155 of 100"] * 5, "rows": [7] * 5, "place": [SUB_SLS] * 5,
}  # fmt: skip
MART = PublishedMart(
    "person_register", list(COLUMNS), made={"person": Made("pseudonym", "person", ("nik",))}, sub_sls={"place"}
)


def gate(folder: Path, tier: str = "restricted", mart: PublishedMart = MART, **changes: list) -> None:
    """Judge a draft of one partition, its columns changed."""
    columns = {name: values for name, values in (COLUMNS | changes).items() if values}
    pq.write_table(pa.table(columns), part_of(folder, MART.name, "3573"))
    require_private({tier: folder}, {tier: [mart]}, FRAME, ANONYMITY)


def refusal(act: Callable[[], None]) -> str:
    with pytest.raises(PrivacyError) as raised:
        act()
    said = str(raised.value)
    assert NIK not in said
    assert PHONE not in said
    return said


@pytest.mark.parametrize("tier", ["open", "restricted"])
def test_a_draft_that_identifies_nobody_passes(tmp_path: Path, tier: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<p>12 of 100 families; x=.3573015506809123, 0.0812345678901</p>")
    (tmp_path / "site" / "chart.js").write_text(f"var most={2**53 - 1};")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  a\n")
    gate(tmp_path, tier)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("note", f"r403={NIK};", "restricted/person_register.note: 1 NIK- or KK-shaped"),
        ("note", f"call {PHONE}", "restricted/person_register.note: 1 phone-shaped"),
        ("note", PHONE.replace("0", "+62", 1), "restricted/person_register.note: 1 phone-shaped"),
        ("rows", int(NIK), "restricted/person_register.rows: 1 NIK- or KK-shaped"),
        ("person", NIK, "restricted/person_register.person: 1 no pseudonym"),
        ("person", NIK * 2 + "0", "restricted/person_register.person: 1 no pseudonym"),
        ("person", PSEUDONYM.upper(), "restricted/person_register.person: 1 no pseudonym"),
        ("place", NIK, "restricted/person_register.place: 1 no sub-SLS of the frame"),
        ("age_group", NIK, "restricted/person_register.age_group: 1 NIK- or KK-shaped"),
    ],
)
def test_a_number_planted_in_a_column_is_found(tmp_path: Path, column: str, value: object, said: str) -> None:
    values = [value, *COLUMNS[column][1:]]
    assert said in refusal(lambda: gate(tmp_path, **{column: values}))


@pytest.mark.parametrize("name", ["index.html", "data.json", "app.js", "areas.csv", "picture.svg"])
@pytest.mark.parametrize("number", [NIK, PHONE])
def test_a_number_planted_in_a_file_of_the_site_is_found(tmp_path: Path, name: str, number: str) -> None:
    (tmp_path / name).write_text(f'{{"n": "{number}"}}')
    assert f"open/{name}: 1 " in refusal(lambda: gate(tmp_path, "open"))


def test_a_number_in_a_zip_or_in_a_files_name_is_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", f"<v>{NIK}</v>")
    assert "open/table.xlsx: 1 NIK" in refusal(lambda: gate(tmp_path, "open"))
    (tmp_path / "table.xlsx").rename(tmp_path / f"{NIK}.txt")
    assert "a file's name: 1 NIK" in refusal(lambda: gate(tmp_path, "open"))


@pytest.mark.parametrize(
    "column", ["head_name", "address", "nik", "kk_number", "latitude", "enumerator_id", "age_years"]
)
def test_a_forbidden_column_is_found_whatever_the_policy_says(tmp_path: Path, column: str) -> None:
    mart = replace(MART, columns=[*MART.columns, column])
    assert f".{column}: forbidden column" in refusal(lambda: gate(tmp_path, mart=mart, **{column: [None] * 5}))


def test_a_pseudonym_may_bear_the_name_of_what_it_stands_for(tmp_path: Path) -> None:
    made = MART.made | {"nik": Made("pseudonym", "nik", ("nik",))}
    gate(tmp_path, mart=replace(MART, columns=[*MART.columns, "nik"], made=made), nik=[PSEUDONYM, *[None] * 4][:5])


def test_a_column_or_mart_without_a_line_of_the_policy_is_found(tmp_path: Path) -> None:
    assert "person_register.more: no line" in refusal(lambda: gate(tmp_path, more=[1] * 5))
    assert "no line of the policy names this mart" in refusal(lambda: gate(tmp_path, mart=replace(MART, name="other")))


def test_a_kecamatan_in_which_too_few_are_alike_is_found(tmp_path: Path) -> None:
    few = ANONYMITY.k - 1
    changed = {"sex": [1] * few + [2]}
    said = refusal(lambda: gate(tmp_path, **changed))
    assert f"person_register.kecamatan_code: {few + 1} rows in classes below {few + 1}" in said


def operational(folder: Path) -> None:
    require_private({"operational": folder}, {"operational": []}, FRAME)


def test_operational_lets_pass_what_is_encrypted_and_papers_without_a_number(tmp_path: Path) -> None:
    (tmp_path / "part.parquet").write_bytes(b"PARE....")
    with pyzipper.AESZipFile(tmp_path / "a.zip", "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.writestr("a.xlsx", NIK)
    (tmp_path / "datapackage.json").write_text("{}")
    operational(tmp_path)


def test_operational_stops_at_what_lies_in_clear(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "part.parquet")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.xlsx", "x")
    (tmp_path / "more.csv").write_text("x")
    (tmp_path / "datapackage.json").write_text(f'"{NIK}"')
    said = refusal(lambda: operational(tmp_path))
    for name in ("part.parquet", "a.zip", "more.csv"):
        assert f"operational/{name}: not encrypted" in said
    assert "operational/datapackage.json: 1 NIK- or KK-shaped" in said


@pytest.mark.parametrize("text", [f"a{NIK}", f"{NIK}1", f"0.{NIK}", NIK[:15], PHONE[:8]])
def test_a_number_inside_a_longer_run_or_a_fraction_is_none(text: str) -> None:
    assert in_text(text) == {}


@pytest.mark.parametrize("values", [[float(NIK)], [-int(NIK)], [f"{NIK} "], [f"x:{NIK}", None]])
def test_a_number_is_found_in_a_column_of_any_type(values: list) -> None:
    assert in_column(pa.chunked_array([values])) == {"NIK- or KK-shaped": 1}


def test_a_leak_in_any_tier_keeps_what_is_live(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, [correction(1)])
    before = live(night.published)

    def leaking(folder: Path, package: dict) -> None:
        (folder / "site.html").write_text(f"{package['name']} {NIK}")

    said = refusal(lambda: night.publish("2022-10-17", [correction(1)], report=leaking))
    assert "open/site.html: 1 NIK" in said
    assert "restricted/site.html: 1 NIK" in said
    assert live(night.published) == before
    assert len(list((night.published / "open" / "snapshots").glob("[!.]*"))) == 1


def test_the_papers_are_read_too(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    night = night_in(tmp_path, pointed_at)
    night.change_contract(CORRECTIONS, lambda node: node.update(description=f"such as {NIK}"))
    said = refusal(lambda: night.publish(DAY, [correction(1)]))
    assert "operational/datapackage.json: 1 NIK" in said
    assert live(night.published) is None


def test_a_response_reads_its_new_files_alone(tmp_path: Path) -> None:
    (tmp_path / "taken_over.csv").write_text("x")
    (tmp_path / "new.csv").write_text("x")
    said = refusal(lambda: require_encrypted(tmp_path, {"taken_over.csv"}))
    assert "new.csv: not encrypted" in said
    assert "taken_over" not in said
