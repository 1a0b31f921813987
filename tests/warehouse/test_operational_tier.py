"""The operational tier: read by who holds the key and nobody else, the same when made again, whole after a kill."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from include.publication import publish as publishing
from include.publication.key_file import rotate
from include.publication.keys import KeysError, keyed_digest
from include.publication.operational_writer import OperationalWriter
from include.publication.package import is_whole
from include.publication.pointer import live
from include.publication.snapshot import PublicationError
from include.settings import Settings
from tests.builders import DAY, SUPERVISOR, correction
from tests.publication import CORRECTIONS, Night, decrypted, night_in, read_in_duckdb

pytestmark = pytest.mark.core

NEXT_DAY = "2022-10-17"
NIK = "357301" + "550680" + "9123"
PHONE = "0800000" + "4711"
NAME = "SRI RAHASIA WULANDARI"
SECRETS = (NIK, PHONE, NAME)
NAMED = {"head_name": NAME, "person_name": NAME, "written_values": f"r403={NIK}; r206={PHONE}"}
ROWS = [
    correction(1, **NAMED),
    correction(2, **NAMED, supervisor_id=None),
    correction(3, **NAMED, supervisor_id="M35070001", enumerator_id="P35070001", kab_code="3507"),
    correction(4, **NAMED, kab_code="UNKNOWN", supervisor_id=None),
]
LISTS = (
    "supervisor_list/kab_code=3507/M35070001.zip", f"supervisor_list/kab_code=3573/{SUPERVISOR}.zip",
    "supervisor_list/kab_code=3573/TANPA_PENGAWAS.zip", "supervisor_list/kab_code=UNKNOWN/TANPA_PENGAWAS.zip",
)  # fmt: skip


@pytest.fixture
def night(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Night:
    return night_in(tmp_path, pointed_at)


@pytest.fixture
def published(night: Night) -> Night:
    night.publish(DAY, ROWS)
    return night


def content(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file below a folder by path: its digest, and when it was written."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns) for p in files}


def test_the_kab_kota_s_key_opens_its_rows_in_pyarrow_and_in_duckdb(published: Night) -> None:
    assert published.read("3573") == ROWS[:2]
    assert published.read("3507") == ROWS[2:3]
    assert published.read_in_duckdb("3573") == [("item 1", NAME), ("item 2", NAME)]


def test_no_other_key_opens_them(published: Night) -> None:
    for key in (published.keys.of("3507"), published.keys.of("35"), bytes(32)):
        with pytest.raises(OSError, match="decrypt"):
            published.read("3573", key)
        with pytest.raises(duckdb.InvalidInputException):
            published.read_in_duckdb("3573", key)
    with pytest.raises(OSError, match="encrypted"):
        pq.read_metadata(published.snapshot() / CORRECTIONS / "kab_code=3573" / "part-0.parquet")


def test_rows_of_unknown_areas_are_the_province_offices(published: Night) -> None:
    assert published.read("UNKNOWN", published.keys.of("35")) == ROWS[3:]


def test_duckdb_too_reads_partitions_of_many_rows_and_long_texts(night: Night, tmp_path: Path) -> None:
    rows = [correction(n, head_name=hashlib.sha256(str(n).encode()).hexdigest() * 4) for n in range(41_000)]
    OperationalWriter(night.keys, DAY).write(pa.Table.from_pylist(rows), tmp_path, "person_fate", "3573")
    part, key = tmp_path / "person_fate" / "kab_code=3573" / "part-0.parquet", night.keys.of("3573")
    assert decrypted(part.read_bytes(), key).to_pylist() == rows
    assert sorted(read_in_duckdb(part.parent, key)) == sorted((row["item_id"], row["head_name"]) for row in rows)


def test_each_supervisor_has_one_workbook_behind_one_password(published: Night) -> None:
    folder = published.snapshot()
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.zip")) == sorted(LISTS)
    for path, kab_code, items in ((LISTS[1], "3573", 1), (LISTS[2], "3573", 1), (LISTS[3], "UNKNOWN", 1)):
        ((name, workbook),) = published.unzipped(path, kab_code).items()
        assert name == f"perbaikan_{Path(path).stem}_{DAY}.xlsx"
        rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name("Perbaikan").to_python()[2:]
        assert sum(NAME in row for row in rows) == items
    with pytest.raises(RuntimeError, match="Bad password"):
        published.unzipped(LISTS[0], "3573")


def test_a_night_without_corrections_has_columns_to_read_and_no_list(night: Night) -> None:
    made = night.publish(DAY, [])
    assert made["rows"]["operational"] == {CORRECTIONS: 0}
    assert night.read("35") == []
    assert not list(night.snapshot().rglob("*.zip"))


def test_figures_name_the_rows_of_every_tier(night: Night) -> None:
    made = night.publish(DAY, ROWS)
    assert made["rows"] == {
        "open": {"area_total": 3},
        "restricted": {"area_total": 3},
        "operational": {CORRECTIONS: 4, "supervisor_list": 4},
    }
    assert made["paths"] == {tier: str(night.snapshot(tier)) for tier in ("open", "restricted", "operational")}
    assert made["path"] == made["paths"]["open"]


def leaks(folder: Path) -> list[str]:
    """Files below a folder that hold a secret as they lie there, in their name, or in a zip without a password."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        texts = [path.read_bytes(), str(path).encode()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(i) for i in archive.infolist() if not i.flag_bits & 1]
                texts += [str(archive.infolist()).encode()]
        found += [path.name for secret in SECRETS if any(secret.encode() in text for text in texts)]
    return found


def test_nobody_is_named_in_clear_anywhere_below_published(published: Night) -> None:
    assert {path.suffix for path in published.snapshot().rglob("*")} >= {".parquet", ".zip", ".json", ".csv"}
    assert leaks(published.published) == []


def test_the_search_finds_what_lies_in_clear(published: Night, tmp_path: Path) -> None:
    for path, content in published.unzipped(LISTS[1], "3573").items():
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            workbook.extract("xl/sharedStrings.xml", tmp_path / "clear")
        (tmp_path / "clear" / path).write_bytes(content)
    assert set(leaks(tmp_path / "clear")) == {"sharedStrings.xml", f"perbaikan_{SUPERVISOR}_{DAY}.xlsx"}


class Killed(BaseException):
    """Stands for the process being killed."""


def test_nobody_is_named_in_clear_in_what_a_kill_leaves_beside(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr("include.publication.snapshot.sync_tree", die)
    monkeypatch.setattr(publishing, "PUBLISHED_TIERS", ("operational",))
    with pytest.raises(Killed):
        night.publish(DAY, ROWS)
    (beside,) = (night.published / "operational" / "snapshots").iterdir()
    assert beside.name.startswith(".beside-")
    assert list(beside.rglob("*.zip"))
    assert leaks(night.published) == []


def test_the_same_night_twice_leaves_the_snapshot_untouched(published: Night) -> None:
    before = content(published.snapshot())
    published.publish(DAY, ROWS)
    assert content(published.snapshot()) == before


def test_other_content_of_the_same_inputs_is_refused_and_what_is_live_stays(published: Night) -> None:
    before = content(published.published)
    with pytest.raises(PublicationError, match="the same inputs now give other bytes"):
        published.publish(DAY, [correction(1, head_name="SITI UJI"), *ROWS[1:]])
    assert content(published.published).items() >= before.items() - content(published.published / "open").items()
    assert published.read("3573") == ROWS[:2]


def test_a_torn_snapshot_is_written_again(published: Night) -> None:
    (published.snapshot() / LISTS[0]).write_bytes(b"torn")
    published.publish(DAY, ROWS)
    assert is_whole(published.snapshot())
    assert published.unzipped(LISTS[0], "3507")


def test_the_papers_prove_files_to_anyone_and_content_to_who_holds_the_key(published: Night) -> None:
    folder = published.snapshot()
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False).returncode == 0
    package = json.loads((folder / "datapackage.json").read_text())
    digests = package["keyed_digests"]
    files = {p.relative_to(folder).as_posix() for suffix in ("zip", "parquet") for p in folder.rglob(f"*.{suffix}")}
    assert set(digests) == files
    ((_, workbook),) = published.unzipped(LISTS[1], "3573").items()
    assert digests[LISTS[1]] == keyed_digest(published.keys.of("3573"), workbook)
    assert [(r["name"], r.get("row_count")) for r in package["resources"]] == [
        (CORRECTIONS, 4), ("supervisor_list", None)
    ]  # fmt: skip
    assert "AES_GCM" in package["encryption"]["parquet"]


def test_a_kab_kota_without_a_key_stops_publication_and_leaves_what_is_live(published: Night) -> None:
    before = live(published.published)
    with pytest.raises(KeysError, match=rf"{published.settings.keys_file}: no key of kab/kota '3599'"):
        published.publish(NEXT_DAY, [correction(1, kab_code="3599")])
    assert live(published.published) == before


def test_rows_without_a_kab_kota_stop_publication(night: Night) -> None:
    with pytest.raises(PublicationError, match="correction_list has rows without a kab_code"):
        night.publish(DAY, [correction(1, kab_code=None)])


def test_a_rotated_key_makes_another_snapshot_of_this_tier_only(published: Night) -> None:
    old, open_before = published.snapshot(), content(published.snapshot("open"))
    rotate(published.settings.keys_file, "3573")
    published.publish(DAY, ROWS)
    assert published.snapshot() != old
    assert is_whole(old)
    assert published.read("3573") == ROWS[:2]
    assert content(published.snapshot("open")) == open_before


OPERATIONS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")
_left: list[int] = []  # how many file operations may still happen; empty when nobody is to be killed


def _count_down(event: str, arguments: tuple) -> None:
    if not _left or event not in OPERATIONS or (event == "open" and not _writes(arguments)):
        return
    _left[0] -= 1
    if _left[0] < 0:
        _left.clear()
        raise Killed


def _writes(arguments: tuple) -> bool:
    path, _, flags = arguments
    return "published" in str(path) and bool(flags & (os.O_WRONLY | os.O_RDWR))


@pytest.fixture(scope="module")
def kill_points() -> Iterator[list[int]]:
    sys.addaudithook(_count_down)  # it cannot be taken off again, so it only counts while a test asks it to
    yield _left
    _left.clear()


def test_a_kill_before_any_file_operation_leaves_the_old_snapshot_live(
    published: Night, kill_points: list[int]
) -> None:
    old, new_rows = live(published.published), [*ROWS, correction(5)]
    for operations in range(500):
        kill_points[:] = [operations]
        try:
            published.publish(NEXT_DAY, new_rows, inputs=f"landed before night {operations}")
            break
        except Killed:
            assert live(published.published) == old
            for pointer in ("CURRENT.json", "open/CURRENT", "restricted/CURRENT", "operational/CURRENT"):
                named = json.loads((published.published / pointer).read_text())["tiers"]
                assert [is_whole(published.published / tier["path"]) for tier in named.values()] == [True] * 3
        finally:
            kill_points.clear()
    assert operations > 30
    assert live(published.published)["as_of"] == NEXT_DAY
    assert published.read("3573") == [*ROWS[:2], correction(5)]
    assert not list(published.published.rglob(".*"))
