"""The restricted tier: what the policy makes of a column, how rows hide among each other, what a new key changes."""

import base64
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from include.publication.anonymity import Anonymity, Measured, class_sizes, read_anonymity
from include.publication.catalogue import Column, Mart
from include.publication.key_file import add_random_keys, rotate
from include.publication.keys import PSEUDONYMS, KeysError, read_keys
from include.publication.lineage import for_restricted
from include.publication.policy import KINDS, PolicyError, PublishedMart, read_policy, unpublished
from include.publication.privacy import is_forbidden
from include.publication.pseudonyms import Pseudonyms, pseudonyms_of
from include.publication.restricted_writer import RestrictedWriter
from include.publication.treatment import as_published, treated
from include.settings import PROJECT, Settings
from tests.builders import SUB_SLS, keys_file

POLICY = PROJECT / "include" / "publication" / "publication_policy.csv"
LINES = """tier,mart,column,treatment
restricted,person_register,person,pseudonym:person:idsubsls|building_number|person_line
restricted,person_register,nik,pseudonym:nik
restricted,person_register,kab_code,as_is
restricted,person_register,kecamatan_code,kecamatan:idsubsls
restricted,person_register,sex,as_is
restricted,person_register,age_group,age_group:age_years
"""
SECRET, OTHER = Pseudonyms(bytes(range(32))), Pseudonyms(bytes(32))
ANONYMITY = Anonymity(5, "kecamatan_code", {"person_register": ["kecamatan_code", "sex", "age_group"]})
GRAIN = ("idsubsls", "building_number", "person_line")


def policy_of(folder: Path, lines: str = LINES) -> list[PublishedMart]:
    (folder / "policy.csv").write_text(lines)
    return read_policy(folder / "policy.csv", "restricted")


def persons(count: int = 6, **changes: list) -> pa.Table:
    columns = {
        "idsubsls": [SUB_SLS] * count, "building_number": [1] * count, "person_line": list(range(count)),
        "nik": [f"357301550680{9000 + n}" for n in range(count)], "kab_code": ["3573"] * count, "sex": [1] * count,
        "age_years": [30] * count,
    }  # fmt: skip
    types = {"person_line": pa.int32(), "age_years": pa.int32()}
    return pa.table({name: pa.array(v, types.get(name)) for name, v in (columns | changes).items()})


def contract() -> dict[str, Mart]:
    columns = {name: Column(name, "varchar", name, name) for name in persons().column_names}
    return {"person_register": Mart("person_register", "Persons.", "Orang.", GRAIN, columns)}


def test_a_pseudonym_is_32_hexadecimal_digits_equal_for_equal_values_and_null_for_null(tmp_path: Path) -> None:
    (mart,) = policy_of(tmp_path)
    nik = treated(persons(3, nik=["a", "a", None]), mart, SECRET)["nik"].to_pylist()
    assert nik[0] == nik[1]
    assert nik[2] is None
    assert len(nik[0]) == 32
    assert set(nik[0]) <= set("0123456789abcdef")


def test_a_pseudonym_of_several_columns_tells_apart_what_their_joined_text_would_not() -> None:
    one, other = ([pa.array([first]), pa.array([second])] for first, second in (("1", "23"), ("12", "3")))
    assert SECRET.of("family", one) != SECRET.of("family", other)


def test_kinds_and_keys_never_make_the_same_pseudonym() -> None:
    made = [secret.of(kind, [pa.array(["x"])])[0].as_py() for secret in (SECRET, OTHER) for kind in KINDS]
    assert len(set(made)) == 2 * len(KINDS)
    assert SECRET.fingerprint() != OTHER.fingerprint()


def test_ages_become_groups_of_five_years_open_at_the_top(tmp_path: Path) -> None:
    (mart,) = policy_of(tmp_path)
    ages = [0, 4, 5, 74, 75, 110, -1, None]
    groups = treated(persons(8, age_years=ages), mart, SECRET)["age_group"].to_pylist()
    assert groups == ["00-04", "00-04", "05-09", "70-74", "75+", "75+", None, None]


def test_a_place_becomes_its_kecamatan_and_what_is_no_place_none(tmp_path: Path) -> None:
    (mart,) = policy_of(tmp_path)
    places = treated(persons(4, idsubsls=[SUB_SLS, SUB_SLS[:10], "RT 03", None]), mart, SECRET)["kecamatan_code"]
    assert places.to_pylist() == [SUB_SLS[:7], SUB_SLS[:7], None, None]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("restricted,m,c,pseudonym:house", "line 2: no kind of pseudonym 'house'"),
        ("restricted,m,c,pseudonym", "line 2: no kind of pseudonym ''"),
        ("restricted,m,c,pseudonym:nik:a|", "line 2: 'pseudonym:nik:a|' names its columns wrongly"),
        ("restricted,m,c,age_group:a|b", "line 2: 'age_group:a|b' names its columns wrongly"),
        ("open,m,c,pseudonym:nik", "line 2: pseudonym is made in tier restricted alone"),
    ],
)
def test_a_treatment_that_cannot_be_followed_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "policy.csv").write_text(f"tier,mart,column,treatment\n{line}\n")
    with pytest.raises(PolicyError) as raised:
        read_policy(tmp_path / "policy.csv", line.split(",")[0])
    assert said in str(raised.value)


def test_a_column_made_of_one_that_the_contract_lacks_is_named(tmp_path: Path) -> None:
    marts = policy_of(tmp_path, LINES.replace("age_group:age_years", "age_group:years"))
    with pytest.raises(PolicyError, match=r"person_register\.age_group of 'years', which its contract lacks"):
        as_published(contract(), marts)


def test_made_columns_are_described_in_both_languages_and_carry_the_key(tmp_path: Path) -> None:
    mart = as_published(contract(), policy_of(tmp_path))["person_register"]
    assert mart.grain == ("person",)
    for name in ("person", "nik", "kecamatan_code", "age_group"):
        column = mart.columns[name]
        assert column.data_type == "varchar"
        assert column.description_en != column.description_id != ""


def test_a_mart_without_its_key_promises_none(tmp_path: Path) -> None:
    marts = policy_of(tmp_path, LINES.replace("|person_line", ""))
    assert as_published(contract(), marts)["person_register"].grain == ()


def written(folder: Path, table: pa.Table, secret: Pseudonyms = SECRET) -> tuple[pa.Table, dict]:
    marts = policy_of(folder)
    writer = RestrictedWriter(secret, marts, as_published(contract(), marts), ANONYMITY)
    writer.write(table, folder, "person_register", "3573")
    part = folder / "person_register" / "kab_code=3573" / "part-0.parquet"
    return pq.ParquetFile(part).read(), writer.says(folder)["k_anonymity"]["person_register"]


def test_rows_stand_in_the_order_of_their_pseudonyms_whatever_order_they_came_in(tmp_path: Path) -> None:
    table, _ = written(tmp_path, persons(40))
    again, _ = written(tmp_path, persons(40).sort_by([("person_line", "descending")]))
    assert table["person"].to_pylist() == sorted(table["person"].to_pylist())
    assert table == again


def test_who_stands_with_too_few_like_him_loses_the_kecamatan_and_it_is_said(tmp_path: Path) -> None:
    table, said = written(tmp_path, persons(8, sex=[1] * 5 + [2] * 3))
    places = dict.fromkeys(zip(table["sex"].to_pylist(), table["kecamatan_code"].to_pylist(), strict=True))
    assert set(places) == {(1, SUB_SLS[:7]), (2, None)}
    assert said == {
        "k": 5, "quasi_identifiers": ["kab_code", "kecamatan_code", "sex", "age_group"], "rows": 8,
        "withheld_where_fewer": "kecamatan_code", "smallest_class": 3, "rows_below_k_by_class_size": {"3": 3},
    }  # fmt: skip


def test_classes_are_counted_over_all_columns_null_with_null() -> None:
    table = pa.table({"a": [1, 1, 2, None, None], "b": ["x", "x", "x", "y", "y"]})
    assert class_sizes(table, ["a", "b"]).to_pylist() == [2, 2, 1, 2, 2]
    measured = Measured(Anonymity(2, "b", {"m": ["a", "b"]}))
    measured.add(table, "m")
    assert measured.says()["m"]["rows_below_k_by_class_size"] == {"1": 1}


def test_a_new_key_changes_every_pseudonym_and_leaves_nothing_that_links_old_to_new(tmp_path: Path) -> None:
    old, _ = written(tmp_path, persons(40))
    new, _ = written(tmp_path, persons(40), OTHER)
    for name in ("person", "nik"):
        assert not set(old[name].to_pylist()) & set(new[name].to_pylist())
    made = {"as_of": "2022-10-16", "digest": "x"}
    assert for_restricted(made, SECRET.fingerprint())["digest"] != for_restricted(made, OTHER.fingerprint())["digest"]


def test_the_key_comes_from_the_environment_else_from_the_keys_file(
    tmp_path: Path, pointed_at: Callable[..., Settings]
) -> None:
    keys = read_keys(keys_file(tmp_path))
    assert pseudonyms_of(pointed_at(tmp_path), keys).secret == keys.pseudonyms
    given = pointed_at(tmp_path, pseudonym_key=base64.b64encode(SECRET.secret).decode())
    assert pseudonyms_of(given, keys) == SECRET
    assert base64.b64encode(SECRET.secret).decode() not in repr(given)
    assert pseudonyms_of(given, keys).secret.hex() not in repr(pseudonyms_of(given, keys))


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(bytes(16)).decode()])
def test_a_key_that_is_none_is_refused_by_the_name_of_its_setting(
    tmp_path: Path, pointed_at: Callable[..., Settings], key: str
) -> None:
    with pytest.raises(KeysError, match="REGSOSEK_PSEUDONYM_KEY must be 32 bytes in base64"):
        pseudonyms_of(pointed_at(tmp_path, pseudonym_key=key), read_keys(keys_file(tmp_path)))


def test_without_any_key_of_pseudonyms_none_is_made(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    add_random_keys(tmp_path / "few.json", ["35"])
    with pytest.raises(KeysError, match="no key of pseudonyms: set REGSOSEK_PSEUDONYM_KEY"):
        pseudonyms_of(pointed_at(tmp_path), read_keys(tmp_path / "few.json"))


def test_rotating_the_pseudonyms_leaves_the_keys_of_the_operational_tier(tmp_path: Path) -> None:
    file = keys_file(tmp_path)
    before = read_keys(file)
    rotate(file, PSEUDONYMS)
    after = read_keys(file)
    assert after.pseudonyms != before.pseudonyms
    assert after.fingerprint() == before.fingerprint()
    rotate(file, "35")
    assert read_keys(file).pseudonyms == after.pseudonyms


def mart_columns() -> dict[str, set[str]]:
    files = (PROJECT / "dbt_project" / "models" / "marts").rglob("*.yml")
    models = [model for file in files for model in yaml.safe_load(file.read_text()).get("models", [])]
    return {model["name"]: {column["name"] for column in model["columns"]} for model in models}


def test_the_policy_forgets_no_mart_and_reads_no_column_that_is_not_there() -> None:
    tiers = [read_policy(POLICY, tier) for tier in ("open", "restricted", "operational")]
    columns = mart_columns()
    assert {mart.name for marts in tiers for mart in marts} | set(unpublished(POLICY)) == set(columns)
    assert [(m.name, c) for marts in tiers for m in marts for c in m.read if c not in columns[m.name]] == []


@pytest.mark.parametrize("lines", ["none,m,c,why\n", "none,m,*,\n", "none,m,*,why\nopen,m,c,as_is\n"])
def test_a_mart_is_nowhere_as_a_whole_with_a_reason_and_in_no_tier(tmp_path: Path, lines: str) -> None:
    (tmp_path / "policy.csv").write_text("tier,mart,column,treatment\n" + lines)
    with pytest.raises(PolicyError, match="line 2: m is published nowhere as a whole"):
        unpublished(tmp_path / "policy.csv")


def test_no_column_of_open_or_restricted_is_forbidden_but_as_a_pseudonym() -> None:
    marts = [mart for tier in ("open", "restricted") for mart in read_policy(POLICY, tier)]
    assert [(m.name, c) for m in marts for c in m.columns if c not in m.made and is_forbidden(c, m)] == []


def test_every_quasi_identifier_is_a_published_column_of_its_mart() -> None:
    marts = {mart.name: mart for mart in read_policy(POLICY, "restricted")}
    for name, columns in read_anonymity().quasi_identifiers.items():
        assert set(columns) <= set(marts[name].columns)


def test_a_restricted_mart_of_families_or_persons_has_quasi_identifiers() -> None:
    identified = {m.name for m in read_policy(POLICY, "restricted") if {"family", "person"} & set(m.columns)}
    assert identified == set(read_anonymity().quasi_identifiers)
