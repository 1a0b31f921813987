"""The scans can fail: somebody planted in each kind of place is found, by value and by shape, and never repeated."""

import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pyzipper

from include.publication.privacy_shapes import in_text
from include.publication.scan import main, own_numbers, shaped, sub_sls_in
from include.publication.texts import texts_below
from include.settings import Settings
from tests.builders import SUB_SLS, LandingZone, family, person
from tests.identified import Identified, identified, in_sources

NIK, KK, PHONE = "357301" + "550680" + "9123", "357301" + "010110" + "9456", "0800000" + "47110"
NAME, ONE_WORD = "SRI RAHASIA WULANDARI", "WULANDARININGSIH"
ADDRESS, LATITUDE = "GANG RAHASIA NO 4", "-7.987654"


def in_parquet(folder: Path, value: str) -> None:
    pq.write_table(pa.table({"note": ["nothing", value]}), folder / "part-0.parquet")


def in_a_list_of_parquet(folder: Path, value: str) -> None:
    pq.write_table(pa.table({"notes": [["nothing", value]]}), folder / "part-0.parquet")


def in_a_page(folder: Path, value: str) -> None:
    (folder / "index.html").write_text(f"<td>{value.replace(' ', '&nbsp;')}</td>")


def in_json(folder: Path, value: str) -> None:
    (folder / "data.json").write_text(f'{{"rows": ["{value}"]}}')


def in_a_database(folder: Path, value: str) -> None:
    with sqlite3.connect(folder / "airflow.db") as database:
        database.execute("create table xcom (value json)")
        database.execute("insert into xcom values (?)", [f'"{value}"'])


def in_a_log(folder: Path, value: str) -> None:
    (folder / "task.log").write_text(f"2022-10-16 ERROR could not convert '{value}' to INT32\n")


def in_a_zip(folder: Path, value: str) -> None:
    with zipfile.ZipFile(folder / "list.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", f"a,b\n1,{value}\n" * 9)


def in_a_members_name(folder: Path, value: str) -> None:
    with pyzipper.AESZipFile(folder / "list.zip", "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.writestr(f"{value}.csv", "a,b\n")


def in_a_files_name(folder: Path, value: str) -> None:
    (folder / f"{value}.csv").write_text("a,b\n")


PLACES = [
    in_parquet, in_a_list_of_parquet, in_a_page, in_json, in_a_database, in_a_log, in_a_zip, in_a_members_name,
    in_a_files_name,
]  # fmt: skip


@pytest.fixture
def sought(zone: LandingZone) -> Identified:
    somebody = family(r108=NAME, r114=KK, r206=PHONE, r107=ADDRESS, latitude=LATITUDE)
    zone.send([somebody], [person(r402=ONE_WORD, r403=NIK)])
    return identified(zone.root)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scanned").mkdir()
    return tmp_path / "scanned"


@pytest.mark.parametrize("plant", PLACES)
@pytest.mark.parametrize(
    ("kind", "value"),
    [("NIK", NIK), ("KK", KK), ("phone", PHONE), ("name", NAME), ("name", NAME.title()), ("address", ADDRESS),
     ("coordinate", LATITUDE)],
)  # fmt: skip
def test_somebody_planted_is_found_by_value(
    folder: Path, sought: Identified, plant: Callable[[Path, str], None], kind: str, value: str
) -> None:
    plant(folder, value)
    assert {kind} == {found for _, values in texts_below(folder) for found, _ in sought.sought_in(values)}


@pytest.mark.parametrize("plant", PLACES)
@pytest.mark.parametrize(
    ("what", "value"), [("NIK- or KK-shaped", NIK), ("NIK- or KK-shaped", KK), ("phone-shaped", PHONE)]
)
def test_a_number_planted_is_found_by_shape_and_not_repeated(
    folder: Path, plant: Callable[[Path, str], None], what: str, value: str
) -> None:
    plant(folder, value)
    said = shaped("scanned", texts_below(folder), set())
    assert said
    assert all(sentence.startswith("scanned/") and what in sentence for sentence in said)
    assert value not in "".join(said)


def test_a_name_of_one_word_is_found_as_a_whole_value_alone(folder: Path, sought: Identified) -> None:
    in_parquet(folder, ONE_WORD)
    assert {("name", ONE_WORD)} == {found for _, values in texts_below(folder) for found in sought.sought_in(values)}
    in_parquet(folder, f"{ONE_WORD} DATANG")
    assert not [found for _, values in texts_below(folder) for found in sought.sought_in(values)]


def test_a_short_name_that_bytes_spell_by_chance_is_nobody(folder: Path, zone: LandingZone) -> None:
    zone.send([family(r108="AD"), family(2, r108=ONE_WORD)])
    everybody = identified(zone.root)
    (folder / "part-0.parquet").write_bytes(b"PARE\xff<Ad>\xfe" + f"<{ONE_WORD}>".encode())
    assert {found for _, values in texts_below(folder) for found in everybody.sought_in(values)} == {("name", ONE_WORD)}
    (folder / "part-0.parquet").write_bytes(b"<Ad>")
    assert {found for _, values in texts_below(folder) for found in everybody.sought_in(values)} == {("name", "AD")}


def test_a_name_that_is_a_word_of_the_project_is_left_out(zone: LandingZone) -> None:
    zone.send([family(r108="HARI"), family(2, r108=ONE_WORD)])
    everybody = identified(zone.root)
    left_out = in_sources(everybody)
    assert ("name", "HARI") in left_out
    assert ONE_WORD in everybody.without(left_out).single
    assert "HARI" not in everybody.without(left_out).single


def test_what_is_encrypted_is_not_read_and_what_is_torn_is_read_as_bytes(folder: Path, sought: Identified) -> None:
    with pyzipper.AESZipFile(folder / "list.zip", "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.writestr("list.csv", NAME)
    for torn in ("part-0.parquet", "airflow.db"):
        (folder / torn).write_bytes({"part-0.parquet": b"PAR1", "airflow.db": b"SQLite format 3\0"}[torn] + b" torn")
    assert not [found for _, values in texts_below(folder) for found in sought.sought_in(values)]
    (folder / "part-1.parquet").write_bytes(b"PAR1 " + NAME.encode())
    assert [place for place, values in texts_below(folder) if sought.sought_in(values)] == ["part-1.parquet"]


def test_digits_of_several_cells_that_compression_joins_are_no_number(folder: Path) -> None:
    pq.write_table(
        pa.table({"area": [f"3573010{n:03d}" for n in range(1, 8)]}), folder / "p.parquet", compression="zstd"
    )
    assert in_text((folder / "p.parquet").read_bytes().decode(errors="replace"))
    assert shaped("here", texts_below(folder), frozenset()) == []


def test_what_a_parquet_file_says_of_itself_is_read(folder: Path, sought: Identified) -> None:
    table = pa.table({"area": ["3573010001"]}).replace_schema_metadata({"made_by": NAME})
    pq.write_table(table, folder / "p.parquet")
    assert [place for place, values in texts_below(folder) if sought.sought_in(values)] == ["p.parquet"]


@pytest.fixture
def framed(here: Settings) -> Settings:
    """A raw store that knows one sub-SLS, and folders with nobody in them."""
    (here.raw / "frame" / "2022-10-01").mkdir(parents=True)
    pq.write_table(pa.table({"idsubsls": [SUB_SLS]}), here.raw / "frame" / "2022-10-01" / "sub_sls.parquet")
    for folder in (here.published, here.state, here.scratch):
        folder.mkdir()
    return here


def test_the_command_passes_the_frame_and_nothing_else(framed: Settings, capsys: pytest.CaptureFixture) -> None:
    in_parquet(framed.published, SUB_SLS)
    assert main([]) == 0
    assert "nothing looks like" in capsys.readouterr().out
    in_a_log(framed.state, NIK)
    assert main([]) == 1
    assert capsys.readouterr().out == "state/task.log: 1 NIK- or KK-shaped\n"
    assert main([str(framed.published)]) == 0
    assert main([str(framed.published / "nowhere")]) == 2
    assert sub_sls_in(framed.raw) == {SUB_SLS}


def test_the_command_without_settings_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert main([]) == 2
    assert "REGSOSEK_PUBLISHED" in capsys.readouterr().err


def test_numbers_of_the_projects_own_unit_tests_are_known() -> None:
    assert SUB_SLS in own_numbers()
    assert NIK not in own_numbers()
