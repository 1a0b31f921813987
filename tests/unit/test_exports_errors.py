"""What is wrong with an export stands in the ledger by the contract's reason; what is wrong with a mapping stops it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.intake.exports import files, spreadsheet, statistical
from include.intake.exports.mapping_file import PACKAGED, MappingError, read_mapping
from tests.builders import bundle_bytes, family, person
from tests.field_tools import TOOLS, Files, edited, workbook, zipped
from tests.unit.exports import read

FAMILIES, PERSONS = [family(1), family(2)], [person(1), person(2)]
LONG, KOBO, STATA = (TOOLS[name](FAMILIES, PERSONS) for name in ("surveycto_long_k", "kobotoolbox_k", "stata_k"))
MAIN, REPEAT = "REGSOSEK22-K.csv", "REGSOSEK22-K-anggota.csv"
SOLUTIONS = TOOLS["survey_solutions_k"](FAMILIES, PERSONS)
(SOLUTIONS_ZIP,) = SOLUTIONS


def main(change: Callable[[bytes], bytes]) -> Files:
    return LONG | {MAIN: change(LONG[MAIN])}


def members(**changed: bytes | None) -> Files:
    """The Survey Solutions zip with members (dots as two underscores) replaced or left out."""
    with zipfile.ZipFile(io.BytesIO(SOLUTIONS[SOLUTIONS_ZIP])) as archive:
        found: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    found |= {f"{name}.tab": content for name, content in changed.items()}
    return {SOLUTIONS_ZIP: zipped({name: content for name, content in found.items() if content is not None})}


def without_rows(content: bytes) -> bytes:
    return content.splitlines(keepends=True)[0]


def wide_sheet() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("REGSOSEK22-K")
    sheet.write(0, 0, "x")
    sheet.write(1_000_000, 16_000, "x")
    book.close()
    return buffer.getvalue()


LOCKED = {"x.zip": bundle_bytes(FAMILIES, members={"anggota.tab": b""}, encrypted=True)}
CASES: dict[str, tuple[str, Files, str]] = {
    "an unknown mapping": ("formulir_lain", LONG, "UNKNOWN_CONTRACT"),
    "a missing column": ("surveycto_long_k", main(lambda c: c.replace(b"r302", b"luas")), "MISSING_COLUMN"),
    "a missing key": ("surveycto_long_k", main(lambda c: c.replace(b",KEY", b",KUNCI")), "MISSING_COLUMN"),
    "a missing column of persons": (
        "surveycto_long_k", LONG | {REPEAT: LONG[REPEAT].replace(b"r402", b"nama")}, "MISSING_COLUMN"
    ),
    "no persons' file": ("surveycto_long_k", {MAIN: LONG[MAIN]}, "MISSING_MEMBER"),
    "two files of one name": ("surveycto_long_k", LONG | {f"lagi/{MAIN}": LONG[MAIN]}, "UNSAFE_MEMBER"),
    "Latin-1": ("surveycto_long_k", main(lambda c: c.replace(b"JALAN", b"J\xe9LAN")), "BAD_ENCODING"),
    "an open quote": ("surveycto_long_k", main(lambda c: c + b'"x'), "BAD_CSV"),
    "a ragged row": ("surveycto_long_k", main(lambda c: c + b"a,b\r\n"), "BAD_CSV"),
    "a repeated header": ("surveycto_long_k", main(lambda c: c.replace(b"r302", b"r303", 1)), "BAD_CSV"),
    "no family row": ("surveycto_long_k", main(without_rows), "EMPTY"),
    "an empty file": ("surveycto_long_k", main(lambda _: b""), "MISSING_COLUMN"),
    "no workbook": ("kobotoolbox_k", {"x.xlsx": b"not a workbook"}, "NOT_A_ZIP"),
    "a zip that is no workbook": ("kobotoolbox_k", {"x.xlsx": bundle_bytes(FAMILIES)}, "NOT_A_ZIP"),
    "a broken old workbook": ("kobotoolbox_k", {"x.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600}, "NOT_A_ZIP"),
    "a cut-off workbook": ("kobotoolbox_k", {n: c[:-50] for n, c in KOBO.items()}, "NOT_A_ZIP"),
    "no such sheet": ("kobotoolbox_k", {"x.xlsx": workbook({"Lembar": [{"_index": 1}]})}, "MISSING_MEMBER"),
    "a sheet that fills the memory": ("kobotoolbox_k", {"x.xlsx": wide_sheet()}, "TOO_LARGE"),
    "values without a header": (
        "kobotoolbox_k", {"x.xlsx": workbook({"REGSOSEK22-K": [{"_index": 1, "": "x"}]})}, "BAD_CSV"
    ),
    "no Stata file": ("stata_k", STATA | {"keluarga.dta": b"not Stata"}, "NOT_A_ZIP"),
    "no SPSS file": ("spss_k", {"x.sav": b"$FL2 not SPSS"}, "NOT_A_ZIP"),
    "a broken zip": ("survey_solutions_k", {SOLUTIONS_ZIP: SOLUTIONS[SOLUTIONS_ZIP][:-30]}, "NOT_A_ZIP"),
    "a password": ("survey_solutions_k", LOCKED, "ENCRYPTED"),
    "a bomb": ("survey_solutions_k", members(anggota=b"0" * 2**22), "TOO_LARGE"),
    "no roster": ("survey_solutions_k", members(anggota=None), "MISSING_MEMBER"),
    "no record of actions": ("survey_solutions_k", members(interview__actions=None), "MISSING_MEMBER"),
    "a record of actions without dates": (
        "survey_solutions_k", members(interview__actions=b"interview__key\taction\n"), "MISSING_COLUMN"
    ),
    "every interview rejected": (
        "survey_solutions_k",
        members(interview__actions=b"interview__key\tdate\ttime\taction\n"
                b"12-34-56-78\t2022-10-16\t09:00:00\t7\n12-34-56-79\t2022-10-16\t09:00:00\t8\n"), "EMPTY",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("mapping_id", "content", "reason"), CASES.values(), ids=CASES.keys())
def test_a_broken_export_is_one_rejected_bundle_with_its_reason(
    tmp_path: Path, mapping_id: str, content: Files, reason: str
) -> None:
    (bundle,) = read(tmp_path, mapping_id, content)
    assert [f.reason for f in bundle.findings if f.reason != "IN_REVIEW"] == [reason]
    assert (bundle.name, bundle.is_readable) == (f"exports/{mapping_id}", False)


def test_a_missing_column_names_mapping_file_and_column(tmp_path: Path) -> None:
    (bundle,) = read(tmp_path, "surveycto_long_k", main(lambda c: c.replace(b"r302", b"luas")))
    (finding,) = bundle.findings
    assert (finding.member, finding.detail) == (MAIN, "mapping surveycto_long_k needs r302")


def test_a_file_outside_every_mappings_folder_is_reported(tmp_path: Path) -> None:
    (bundle,) = read(tmp_path, "", LONG)
    assert (bundle.name, [f.reason for f in bundle.findings]) == ("exports/-", ["UNKNOWN_CONTRACT"])


def test_a_wide_export_with_half_a_persons_columns_misses_columns(tmp_path: Path) -> None:
    (wide,) = TOOLS["surveycto_wide_k"](FAMILIES, PERSONS).values()
    (bundle,) = read(tmp_path, "surveycto_wide_k", {"REGSOSEK22-K_WIDE.csv": wide.replace(b"r402_1", b"nama_1")})
    assert [(f.reason, f.detail) for f in bundle.findings] == [
        ("MISSING_COLUMN", "mapping surveycto_wide_k needs r402_1")
    ]


@pytest.mark.parametrize(
    ("module", "limit", "mapping_id"),
    [(files, "EXPORT_BYTES_MAX", name) for name in TOOLS]
    + [(spreadsheet, "SHEET_CELLS_MAX", "excel_k"), (statistical, "FILE_VALUES_MAX", "spss_k")],
)
def test_no_export_is_read_beyond_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, limit: str, mapping_id: str
) -> None:
    monkeypatch.setattr(module, limit, 100)
    (bundle,) = read(tmp_path, mapping_id, TOOLS[mapping_id](FAMILIES, PERSONS))
    assert [f.reason for f in bundle.findings] == ["TOO_LARGE"]


def test_photos_beside_the_data_are_neither_read_nor_judged(tmp_path: Path) -> None:
    photos = {"media/1.jpg": b"0" * 2**22}
    (bundle,) = read(tmp_path, "surveycto_long_k", {"export.zip": zipped(LONG | photos)})
    assert not bundle.findings


def test_a_value_no_recode_knows_stays_as_written_and_is_counted_without_being_shown(tmp_path: Path) -> None:
    content = edited(TOOLS["odk_central_k"](FAMILIES, PERSONS), "regsosek_k.csv", "program-r501a", "BUDI RAHASIA")
    (bundle,) = read(tmp_path, "odk_central_k", content)
    (finding,) = bundle.findings
    assert (finding.reason, finding.member, finding.row_number) == ("UNKNOWN_VALUE", "regsosek_k.csv", 1)
    assert finding.detail == "r501a: 1 values the mapping does not know, kept as written"
    assert "BUDI RAHASIA" in bundle.members[FAMILY_MEMBER].rows[0]


def test_a_value_that_has_not_the_form_a_change_needs_stays_as_written(tmp_path: Path) -> None:
    (bundle,) = read(tmp_path, "surveycto_long_k", edited(LONG, MAIN, "starttime", "kemarin pagi"))
    assert {f.reason for f in bundle.findings} == {"UNKNOWN_VALUE"}
    assert bundle.members[FAMILY_MEMBER].rows[0].count("kemarin pagi") == 2  # r201 and started_at


@pytest.mark.parametrize("written", ["", "SITI RAHASIA", "P-1"])
def test_rows_without_an_enumerators_id_are_kept_as_nobodys(tmp_path: Path, written: str) -> None:
    bundles = read(tmp_path, "surveycto_long_k", edited(LONG, MAIN, "r202", written))
    assert [b.name for b in bundles] == ["exports/surveycto_long_k/P35730042", "exports/surveycto_long_k/-"]
    assert bundles[1].manifest and bundles[1].manifest.enumerator_id == ""
    assert [len(b.members[PERSON_MEMBER].rows) for b in bundles] == [1, 1]


def test_a_person_without_a_family_is_kept_as_nobodys(tmp_path: Path) -> None:
    content = edited(LONG, REPEAT, "PARENT_KEY", "uuid:tidak-ada")
    ours, nobodys = read(tmp_path, "surveycto_long_k", content)
    assert [f.reason for f in nobodys.findings] == ["EMPTY"]
    assert [len(b.members[PERSON_MEMBER].rows) for b in (ours, nobodys)] == [1, 1]


PIECES = st.one_of(
    st.binary(max_size=60),
    st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=8)),
)


@given(mapping_id=st.sampled_from(sorted(TOOLS)), damage=PIECES)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_ends_in_named_findings_and_never_in_an_exception(
    tmp_path_factory: pytest.TempPathFactory, mapping_id: str, damage: bytes | tuple[int, bytes]
) -> None:
    content = dict(TOOLS[mapping_id](FAMILIES, PERSONS))
    name = min(content)
    if isinstance(damage, bytes):
        content[name] = damage
    else:
        at, piece = damage[0] % len(content[name]), damage[1]
        content[name] = content[name][:at] + piece + content[name][at + len(piece) :]
    bundles = read(tmp_path_factory.mktemp("damaged"), mapping_id, content)
    assert bundles
    assert all(bundle.is_readable or bundle.findings for bundle in bundles)


GOOD = (PACKAGED / "odk_central_k.yaml").read_text(encoding="utf-8")
WRONG = {
    "no YAML": (GOOD + "\n  - [", "while parsing"),
    "a key twice": (GOOD.replace("meta:", "tool: odk_central\nmeta:"), "tool twice"),
    "an unknown tool": (GOOD.replace("tool: odk_central", "tool: redcap"), "tool: Input should be"),
    "an unknown form": (GOOD.replace("K-2022-final", "K-2023"), "form_version: .*no form version"),
    "another id": (GOOD.replace("id: odk_central_k", "id: odk"), "id: is odk, must be the file's name"),
    "an unmapped variable": (GOOD.replace("    notes: catatan\n", ""), "families: notes: unmapped; map it, or list it"),
    "an unmapped person": (GOOD.replace("r402, ", ""), "persons: r402: unmapped"),
    "a variable twice": (GOOD.replace("[r203, photo", "[r203, r205, photo"), "families: r205: said twice"),
    "no variable": (GOOD.replace("[r203, photo", "[r203, r999, photo"), "r999: no variable of the contract"),
    "an id that is absent": (
        GOOD.replace("    r202: kunjungan-pencacah\n", "").replace("[r203", "[r202, r203"), "r202: cannot be absent"
    ),
    "an unknown recode": (GOOD.replace("recode: jenis_kelamin", "recode: kelamin"), "r405: no recode table kelamin"),
    "an unknown transform": (GOOD.replace("plus_one", "plus_two"), "revision.*no transform plus_two"),
    "a transform without its number": (GOOD.replace("plus_one", "zero_pad"), "zero_pad takes 1 whole numbers"),
    "source and constant": (GOOD.replace("{constant: 0}", "{constant: 0, source: x}"), "either source or constant"),
    "a recoded constant": (GOOD.replace("{constant: 0}", "{constant: 0, recode: ya_tidak}"), "neither transformed nor"),
    "an unknown key": (GOOD.replace("meta:", "warna: biru\nmeta:"), "warna: Extra inputs"),
    "no link": (GOOD.replace("  parent: PARENT_KEY\n", ""), "say file .or sheet. and parent"),
    "a wide ODK": (GOOD.replace("  parent: PARENT_KEY\n", "  wide: true\n"), "persons.wide: odk_central writes"),
    "another tool's review": (GOOD + "review: {}\n", "only survey_solutions"),
    "an unknown zone": (GOOD.replace("meta:", "timezone: Asia/Malang\nmeta:"), "timezone: .*no such time zone"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_mapping_is_an_error_that_names_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odk_central_k.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=f"mapping odk_central_k.yaml: .*{said}"):
        read_mapping(path)


def test_a_wide_source_that_names_no_person_is_refused(tmp_path: Path) -> None:
    text = (PACKAGED / "spss_k.yaml").read_text(encoding="utf-8").replace("art{n}_r405", "r405")
    (tmp_path / "spss_k.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"names the person with \{n\}"):
        read_mapping(tmp_path / "spss_k.yaml")


def test_yes_and_leading_zeros_are_text_in_a_mapping(tmp_path: Path) -> None:
    text = GOOD.replace("ya_tidak: {ya: 1, tidak: 2}", "ya_tidak: {yes: 01, no: 2}")
    (tmp_path / "odk_central_k.yaml").write_text(text, encoding="utf-8")
    assert read_mapping(tmp_path / "odk_central_k.yaml").recodes["ya_tidak"] == {"yes": "01", "no": "2"}


def test_every_packaged_mapping_is_valid_and_every_tool_has_one() -> None:
    found = {path.stem: read_mapping(path).tool for path in PACKAGED.glob("*.yaml")}
    assert found == {name: name.removesuffix("_k") for name in TOOLS}
