"""What lies in a desa's folder, who can open it, and what is carried over from one night to the next."""

import base64
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import pyzipper
from python_calamine import CalamineWorkbook

from include.publication.key_file import rotate
from include.publication.keys import Keys, KeysError, derive, desa_key, desa_password, keyed_digest, read_keys
from include.publication.list_carry import Makers
from include.publication.list_orders import orders
from include.publication.operational_writer import OperationalWriter
from include.publication.package import is_whole
from include.publication.snapshot import PublicationError
from include.settings import Settings
from tests.builders import DAY, SUB_SLS, SUPERVISOR, correction
from tests.publication import Night, decrypted, night_in

NEXT_DAY, DAY_AFTER = "2022-10-17", "2022-10-18"
NAME = "SRI RAHASIA WULANDARI"
NIK = "357301" + "550680" + "9123"
DESA, NEIGHBOUR_DESA, ELSEWHERE = "3573010001", "3573010002", "3507010001"
MART = "desa_follow_up"


def item(number: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """One row of ``desa_follow_up``: a person to make sure of."""
    return {
        "item_id": f"item {number}", "kind": "person", "kab_code": "3573", "bps_desa_code": DESA,
        "desa_name": "Arjowinangun", "kecamatan_name": "Kedungkandang", "idsubsls": SUB_SLS, "building_number": 7,
        "family_number": number, "sls_name": "RT 01", "head_name": NAME, "address": "JL. MAWAR 1", "person_name": NAME,
        "nik": NIK, "sex": 2, "birth_date": date(1980, 6, 15), "programme": None, "reason": "dead",
        "problem_id": "Menurut keluarganya sudah meninggal", "treatment_id": "Pastikan.", "problem_en": "Dead.",
        "treatment_en": "Make sure.",
    } | changes  # fmt: skip


SCHEMA = pa.Table.from_pylist([item(programme="PKH")]).schema
ITEMS = [
    item(1), item(2, bps_desa_code=NEIGHBOUR_DESA), item(3, kab_code="3507", bps_desa_code=ELSEWHERE),
    item(4, kind="eligible_unserved", programme="PKH", person_name=None),
]  # fmt: skip


@pytest.fixture
def night(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Night:
    return night_in(tmp_path, pointed_at, {MART: (SCHEMA, ["item_id"])})


@pytest.fixture
def keys(night: Night) -> Keys:
    return read_keys(night.settings.keys_file)


def folder_of(night: Night, desa: str) -> Path:
    return night.snapshot() / f"desa/kab_code={desa[:4]}/kecamatan_code={desa[:7]}/desa_code={desa}"


def opened(file: Path, password: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(file) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(night: Night, desa: str, key: bytes) -> list[dict]:
    return decrypted((folder_of(night, desa) / f"{MART}.parquet").read_bytes(), key).to_pylist()


def test_each_desa_has_one_folder_with_its_own_rows_behind_its_own_key(night: Night, keys: Keys) -> None:
    made = night.publish(DAY, [], follow_up=ITEMS)
    assert made["rows"]["operational"] == {"correction_list": 0, MART: 4, "desa_list": 3}
    assert [row["item_id"] for row in rows_of(night, DESA, desa_key(keys, DESA))] == ["item 1", "item 4"]
    assert rows_of(night, ELSEWHERE, desa_key(keys, ELSEWHERE)) == [ITEMS[2]]
    files = {p.name for p in folder_of(night, DESA).iterdir()}
    assert files == {f"{MART}.parquet", f"{MART}.zip"}


def test_a_desa_s_key_opens_that_desa_alone_and_not_its_kab_kota(night: Night, keys: Keys) -> None:
    night.publish(DAY, [], follow_up=ITEMS)
    for key in (desa_key(keys, NEIGHBOUR_DESA), desa_key(keys, ELSEWHERE), keys.of("3573"), keys.of("35"), bytes(32)):
        with pytest.raises(OSError, match="decrypt"):
            rows_of(night, DESA, key)
        with pytest.raises(RuntimeError, match="Bad password"):
            opened(folder_of(night, DESA) / f"{MART}.zip", desa_password(key))
    of_kab = (night.snapshot() / MART / "kab_code=3573" / "part-0.parquet").read_bytes()
    with pytest.raises(OSError, match="decrypt"):
        decrypted(of_kab, desa_key(keys, DESA))
    assert decrypted(of_kab, keys.of("3573")).num_rows == 3


def test_a_kab_kota_derives_the_keys_of_its_own_desa_and_of_no_other(night: Night, keys: Keys) -> None:
    night.publish(DAY, [], follow_up=ITEMS)
    own = Keys(Path("office.json"), {"3573": keys.of("3573")})
    assert rows_of(night, NEIGHBOUR_DESA, desa_key(own, NEIGHBOUR_DESA)) == [ITEMS[1]]
    with pytest.raises(KeysError, match="no key of kab/kota '3507'"):
        desa_key(own, ELSEWHERE)
    with pytest.raises(OSError, match="decrypt"):
        rows_of(night, ELSEWHERE, derive(keys.of("3573"), ELSEWHERE))


def test_duckdb_reads_a_desa_with_its_key(night: Night, keys: Keys) -> None:
    night.publish(DAY, [], follow_up=ITEMS)
    key = base64.b64encode(desa_key(keys, DESA)).decode()
    with duckdb.connect() as connection:
        connection.execute(f"pragma add_parquet_key('desa', '{key}')")
        file = folder_of(night, DESA) / f"{MART}.parquet"
        read = f"select item_id from read_parquet('{file}', encryption_config = {{footer_key: 'desa'}}) order by 1"
        assert connection.execute(read).fetchall() == [("item 1",), ("item 4",)]


def test_the_zip_holds_a_workbook_and_a_pdf_of_the_same_rows(night: Night, keys: Keys) -> None:
    night.publish(DAY, [], follow_up=ITEMS)
    members = opened(folder_of(night, DESA) / f"{MART}.zip", desa_password(desa_key(keys, DESA)))
    name = f"{MART}_{DESA}_{DAY}"
    assert list(members) == [f"{name}.xlsx", f"{name}.pdf"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(members[f"{name}.xlsx"]))
    pages = {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    assert list(pages) == ["Ringkasan", "Belum menerima", "Periksa penerima", "Pastikan orang", "Belum terdata"]
    said = {str(row[0]).split("\n")[0]: row[1] for row in pages["Ringkasan"]}
    assert (said["Keadaan per"], said["Belum menerima"], said["Pastikan orang"]) == (date.fromisoformat(DAY), 1, 1)
    assert "RAHASIA" in str(pages["Ringkasan"])
    assert NIK in str(pages["Pastikan orang"])
    assert "Tidak ada." in str(pages["Belum terdata"])
    assert members[f"{name}.pdf"].startswith(b"%PDF")
    digests = night.package()["keyed_digests"]
    path = (folder_of(night, DESA) / f"{MART}.zip").relative_to(night.snapshot()).as_posix()
    assert digests[path] == keyed_digest(desa_key(keys, DESA), b"".join(members.values()))


def test_a_place_that_is_no_desa_of_the_kab_kota_has_no_folder(keys: Keys) -> None:
    codes = [None, "UNKNOWN", "../../3573", ELSEWHERE, "35730100011"]
    table = pa.Table.from_pylist([item(n, bps_desa_code=code) for n, code in enumerate(codes)])
    assert list(orders(table, MART, "3573", keys, DAY)) == []


def test_nobody_is_named_in_clear_below_published(night: Night) -> None:
    night.publish(DAY, [correction(1, head_name=NAME)], follow_up=ITEMS)
    files = [path for path in night.published.rglob("*") if path.is_file()]
    assert sum(path.suffix == ".zip" for path in files) == 4
    assert [path for path in files if NAME.encode() in path.read_bytes() or NIK.encode() in path.read_bytes()] == []


def inodes(night: Night) -> dict[str, int]:
    snapshot = night.snapshot()
    return {p.relative_to(snapshot).as_posix(): p.stat().st_ino for suffix in ("zip", "parquet")
            for p in snapshot.rglob(f"*.{suffix}")}  # fmt: skip


def linked(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {Path(path).parent.name + "/" + Path(path).name for path in before if after.get(path) == before[path]}


ROWS = [correction(1), correction(2, supervisor_id="M35730009")]
OF_DESA = {
    f"desa_code={desa}/{MART}.{kind}" for desa in (DESA, NEIGHBOUR_DESA, ELSEWHERE) for kind in ("zip", "parquet")
}
OF_SUPERVISORS = {f"kab_code=3573/{supervisor}.zip" for supervisor in (SUPERVISOR, "M35730009")}


def test_lists_whose_rows_did_not_change_are_linked_though_a_day_has_passed(night: Night, keys: Keys) -> None:
    night.publish(DAY, ROWS, follow_up=ITEMS)
    before, digests = inodes(night), night.package()["keyed_digests"]
    older = [row | {"age_days": row["age_days"] + 1, "as_of": date(2022, 10, 20)} for row in ROWS]
    night.publish(NEXT_DAY, older, follow_up=ITEMS)
    assert linked(before, inodes(night)) == OF_DESA | OF_SUPERVISORS
    assert {p: d for p, d in night.package()["keyed_digests"].items() if p.endswith(".zip")} == {
        p: d for p, d in digests.items() if p.endswith(".zip")
    }
    assert is_whole(night.snapshot())
    (name, *_) = opened(folder_of(night, DESA) / f"{MART}.zip", desa_password(desa_key(keys, DESA)))
    assert DAY in name


def test_only_the_list_whose_rows_changed_is_made_anew(night: Night, keys: Keys) -> None:
    night.publish(DAY, ROWS, follow_up=ITEMS)
    before = inodes(night)
    changed = [ROWS[0], ROWS[1] | {"written_values": "r302=997"}]
    night.publish(NEXT_DAY, changed, follow_up=[ITEMS[0] | {"reason": "moved"}, *ITEMS[1:]])
    made = {f"desa_code={DESA}/{MART}.zip", f"desa_code={DESA}/{MART}.parquet", "kab_code=3573/M35730009.zip"}
    assert linked(before, inodes(night)) == (OF_DESA | OF_SUPERVISORS) - made
    (name, *_) = opened(folder_of(night, DESA) / f"{MART}.zip", desa_password(desa_key(keys, DESA)))
    assert NEXT_DAY in name


def test_a_list_that_no_row_is_left_of_goes(night: Night) -> None:
    night.publish(DAY, ROWS, follow_up=ITEMS)
    night.publish(NEXT_DAY, ROWS[:1], follow_up=ITEMS[1:3])
    assert not folder_of(night, DESA).exists()
    assert not list(night.snapshot().rglob("M35730009.zip"))


def test_a_torn_or_recoded_list_is_not_carried_over(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.publish(DAY, ROWS, follow_up=ITEMS)
    torn = folder_of(night, DESA) / f"{MART}.zip"
    torn.write_bytes(b"torn")
    before = inodes(night)
    night.publish(NEXT_DAY, ROWS, follow_up=ITEMS)
    made = {f"desa_code={DESA}/{MART}.zip", f"desa_code={DESA}/{MART}.parquet"}
    assert linked(before, inodes(night)) == (OF_DESA | OF_SUPERVISORS) - made
    monkeypatch.setattr("include.publication.publish.lists_made_with", lambda _: "code of tomorrow")
    before = inodes(night)
    night.publish(DAY_AFTER, ROWS, follow_up=ITEMS)
    assert linked(before, inodes(night)) == set()


def test_lists_under_a_key_that_was_rotated_are_made_anew_under_the_new_one(night: Night) -> None:
    night.publish(DAY, ROWS, follow_up=ITEMS)
    before = inodes(night)
    rotate(night.settings.keys_file, "3573")
    night.publish(DAY, ROWS, follow_up=ITEMS)
    assert linked(before, inodes(night)) == {f"desa_code={ELSEWHERE}/{MART}.{kind}" for kind in ("zip", "parquet")}
    assert rows_of(night, DESA, desa_key(night.keys, DESA))[0] == ITEMS[0]


def test_the_same_night_over_another_base_is_the_same_snapshot(night: Night) -> None:
    night.publish(DAY, ROWS, follow_up=ITEMS)
    night.publish(NEXT_DAY, ROWS, follow_up=ITEMS, inputs="first")
    carried = inodes(night)
    night.publish(NEXT_DAY, ROWS, follow_up=[ITEMS[0] | {"reason": "moved"}, *ITEMS[1:]], inputs="second")
    night.publish(NEXT_DAY, ROWS, follow_up=ITEMS, inputs="first")
    assert inodes(night) == carried
    with pytest.raises(PublicationError, match="the same inputs now give other bytes"):
        night.publish(NEXT_DAY, ROWS, follow_up=ITEMS[1:], inputs="first")


def test_processes_make_what_one_makes_and_get_no_key_by_command_or_file(keys: Keys, tmp_path: Path) -> None:
    rows = [item(n, bps_desa_code=f"3573010{n % 15:03d}", family_number=n) for n in range(60)]
    wanted = list(orders(pa.Table.from_pylist(rows), MART, "3573", keys, DAY))
    alone, two = Makers(1), Makers(2)
    assert len(wanted) == 15
    made = list(two.make(wanted))
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
                for pid in (two._pool._processes if two._pool else {})]  # fmt: skip
    two.close()
    expected = [[(file.path, file.digest) for file in files] for files in alone.make(wanted)]
    assert [[(file.path, file.digest) for file in files] for files in made] == expected
    assert len(commands) == 2
    secrets = [wanted[1].password.encode(), *(base64.b64encode(key) for key in (wanted[1].key, keys.of("3573")))]
    assert not [command for command in commands for secret in secrets if secret in command]


def test_orders_and_what_is_made_of_them_print_no_key_and_no_row(keys: Keys) -> None:
    (order,) = orders(pa.Table.from_pylist([item()]), MART, "3573", keys, DAY)
    said = repr(order)
    assert NAME not in said
    assert order.password not in said
    assert repr(order.key) not in said


def test_an_event_s_families_have_their_own_files_beside(night: Night, keys: Keys, tmp_path: Path) -> None:
    hit = {
        "event_id": "flood-01", "event_name": "Banjir", "bps_desa_code": DESA, "kab_code": "3573", "priority_rank": 1,
        "head_name": NAME, "building_number": 1, "family_number": 1, "under_5_persons": 2, "staleness_days": 3,
    }  # fmt: skip
    writer = OperationalWriter(keys, DAY)
    writer.write(pa.Table.from_pylist([hit]), tmp_path, "shock_affected_family", "3573")
    folder = tmp_path / f"desa/kab_code=3573/kecamatan_code=3573010/desa_code={DESA}"
    (resource,) = writer.says(tmp_path)["resources"]
    assert (resource["name"], resource["of"]) == ("shock_affected_family_of_desa", "shock_affected_family")
    assert resource["path"] == sorted(p.relative_to(tmp_path).as_posix() for p in folder.iterdir())
    book = opened(folder / "shock_affected_family.zip", desa_password(desa_key(keys, DESA)))
    (page,) = [content for name, content in book.items() if name.endswith("xlsx")]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(page)).get_sheet_by_name("Keluarga terdampak").to_python()
    assert "2 balita" in str(sheet)
