"""The pipeline and the simulator's own oracle agree on all that a damaged province sent."""

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from include import transform
from include.settings import Settings, settings
from include.simulation import Plan, simulate
from tests.pipeline import build_marts, rows

pytestmark = pytest.mark.core

LAST_DAY = "2022-10-17"
OUTCOMES = ("accepted", "held", "superseded", "duplicate", "rejected")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("province")


@pytest.fixture
def truth(root: Path, pointed_at: Callable[..., Settings]) -> Path:
    configured = pointed_at(root)
    landing = Path(configured.landing)
    if not landing.exists():
        simulate(Plan(out=landing, enumerators=60, days=3, seed=11, defects=True))
        build_marts(configured, LAST_DAY)
    return landing / "_truth"


def expected(path: Path, *key: str) -> dict[tuple, tuple]:
    frame = pl.read_csv(path, infer_schema=False)
    columns = frame.select(*key, "expected_outcome", "expected_reason").rows()
    return {row[:-2]: row[-2:] for row in columns}


def winners(truth: Path) -> pl.DataFrame:
    documents = pl.read_csv(truth / "documents.csv", infer_schema=False)
    return documents.filter((pl.col("expected_outcome") == "accepted") | (pl.col("expected_reason") == "RULES"))


def test_every_bundle_meets_the_fate_the_oracle_expects(truth: Path) -> None:
    found = rows("select bundle_name, arrival_day::varchar, outcome, reason from intermediate.int_bundles__fate")
    oracle = expected(truth / "bundles.csv", "bundle_name", "arrival_day")
    assert {row[:2]: row[2:] for row in found} == oracle
    assert {outcome for outcome, _ in oracle.values()} == {"accepted", "duplicate", "rejected"}


def test_every_view_keeps_its_grain(truth: Path) -> None:
    assert truth.is_dir()
    tested = transform.run_view_tests(LAST_DAY, settings())
    assert set(tested) == {"pass"}
    assert tested["pass"] > 5


def test_every_document_meets_the_fate_the_oracle_expects(truth: Path) -> None:
    found = {
        row[:3]: row[3:]
        for row in rows(
            "select bundle_name, arrival_day::varchar, row_number::varchar, outcome, reason"
            " from intermediate.int_documents__fate"
        )
    }
    oracle = expected(truth / "documents.csv", "bundle_name", "arrival_day", "row_number")
    assert found.keys() == oracle.keys()
    assert {key: fate for key, fate in found.items() if fate != oracle[key]} == {}
    assert {outcome for outcome, _ in oracle.values()} == set(OUTCOMES)
    assert ("held", "RULES") in oracle.values()


def test_every_rule_is_broken_where_the_oracle_says_and_nowhere_else(truth: Path) -> None:
    oracle = pl.read_csv(truth / "violations.csv", infer_schema=False).rows()
    found = rows(
        "select bundle_name, arrival_day::varchar, row_number::varchar, person_line::varchar, rule_id, severity"
        " from intermediate.int_rules__breaches where is_in_force and not is_as_sent"
    )
    assert len(set(found)) == len(found)
    assert set(found) ^ set(oracle) == set()
    assert {rule for *_, rule, _ in oracle} == {rule for (rule,) in rows("select distinct rule_id from marts.rule")}


def test_what_standing_documents_break_is_open_and_nothing_else_is(truth: Path) -> None:
    document = ["bundle_name", "arrival_day", "row_number"]
    violations = pl.read_csv(truth / "violations.csv", infer_schema=False)
    standing = violations.join(winners(truth), on=document, how="semi")
    assert 0 < standing.height < violations.height
    opened = rows(
        "select bundle_name, arrival_day::varchar, row_number::varchar, person_line::varchar, rule_id, severity"
        " from marts.rule_violation where state = 'open'"
    )
    assert sorted(opened) == sorted(standing.rows())


def test_persons_without_a_document_and_repeated_lines_are_rejected_alone(truth: Path) -> None:
    reasons = ("ORPHAN_PERSON", "DUPLICATE_LINE")
    defects = pl.read_csv(truth / "defects.csv", infer_schema=False)
    expected = defects.filter(pl.col("expected_reason_or_rule").is_in(reasons)).select(
        "bundle_name", "arrival_day", "row_number", "expected_outcome", "expected_reason_or_rule"
    )
    assert set(expected["expected_reason_or_rule"]) == set(reasons)
    found = rows(
        "select bundle_name, arrival_day::varchar, row_number::varchar, outcome, reason from marts.person_fate"
        f" where reason in {reasons}"
    )
    assert sorted(found) == sorted(expected.rows())


def test_progress_agrees_with_a_count_that_shares_no_sql(truth: Path) -> None:
    (sizes,) = rows(
        "select sum(enumerated_families), sum(complete_families + incomplete_families + no_respondent_families"
        " + refused_families + moved_families) from marts.progress_area_daily where area_level = 'sub_sls'"
    )
    assert sizes[1] == winners(truth).height
    frame = pl.read_csv(next((truth.parent / "frame").iterdir()) / "sub_sls.csv", infer_schema=False)
    by_desa = frame.group_by("bps_desa_code").agg(pl.col("expected_families").cast(int).sum())
    published = rows(
        "select area_code, coverage_denominator from marts.progress_area_daily"
        f" where area_level = 'desa' and field_day = '{LAST_DAY}' order by 1"
    )
    assert published == by_desa.sort("bps_desa_code").rows()


def bundle_units(truth: Path) -> pl.DataFrame:
    """Bundle, arrival day, enumerator (the manifest's, else the name's) and kab/kota (the staff's, else the name's)."""
    staff = pl.read_csv(next((truth.parent / "frame").iterdir()) / "staff.csv", infer_schema=False)
    kab_of_staff = dict(staff.filter(pl.col("role") == "PPL").select("staff_id", "kab_code").iter_rows())
    units = []
    for name, arrival in pl.read_csv(truth / "bundles.csv", infer_schema=False)[:, :2].iter_rows():
        named_kab, enumerator, *_ = name.split("_")
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(truth.parent / "uploads" / arrival / name) as bundle:
            enumerator = json.loads(bundle.read("manifest.json"))["enumerator_id"]
        units.append((name, arrival, enumerator, kab_of_staff.get(enumerator, named_kab)))
    return pl.DataFrame(units, orient="row", schema=["bundle_name", "arrival_day", "enumerator", "kab_code"])


def areas_of_documents(truth: Path) -> pl.DataFrame:
    """Bundle, arrival day, row and sub-SLS of each document of an accepted bundle; UNKNOWN where no frame has it."""
    frame = pl.read_csv(next((truth.parent / "frame").iterdir()) / "sub_sls.csv", infer_schema=False)
    bundles = pl.read_csv(truth / "bundles.csv", infer_schema=False).filter(pl.col("expected_outcome") == "accepted")
    places = []
    for name, arrival in bundles[:, :2].iter_rows():
        with zipfile.ZipFile(truth.parent / "uploads" / arrival / name) as bundle:
            told = pl.read_csv(bundle.read("keluarga.csv"), infer_schema=False).with_row_index("row_number", 1)
        idsubsls = pl.concat_str([pl.col(column) for column in ("r101", "r102", "r103", "r104", "r105")])
        known = pl.when(idsubsls.is_in(frame["idsubsls"].to_list())).then(idsubsls).otherwise(pl.lit("UNKNOWN"))
        row_number = pl.col("row_number").cast(pl.String)
        places.append(told.select(pl.lit(name).alias("bundle_name"), pl.lit(arrival).alias("arrival_day"), row_number,
                                  known.alias("idsubsls")))  # fmt: skip
    return pl.concat(places)


def accounted(documents: pl.DataFrame, level: str, code: pl.Expr, kab: pl.Expr) -> pl.DataFrame:
    """Sums of one unit level; `outcome` is null where a bundle brought no document."""
    unit = [pl.lit(level).alias("level"), code.alias("code"), kab.alias("kab"), "arrival_day"]
    sums = [(pl.col("outcome") == outcome).sum().cast(pl.Int64).alias(outcome) for outcome in OUTCOMES]
    received = pl.col("outcome").count().cast(pl.Int64).alias("received")
    return documents.group_by(unit).agg(received, *sums)


def test_accounting_agrees_with_a_count_that_shares_no_sql(truth: Path) -> None:
    documents = pl.read_csv(truth / "documents.csv", infer_schema=False).rename({"expected_outcome": "outcome"})
    placed = documents.join(areas_of_documents(truth), on=["bundle_name", "arrival_day", "row_number"])
    assert placed.height == documents.height
    brought = bundle_units(truth).join(documents, on=["bundle_name", "arrival_day"], how="left")
    is_unknown = pl.col("idsubsls") == "UNKNOWN"
    expected = [accounted(brought, "bundle", pl.col("bundle_name"), pl.col("kab_code")),
                accounted(brought, "enumerator", pl.col("enumerator"), pl.col("kab_code"))]  # fmt: skip
    for level, digits in (("desa", 10), ("kecamatan", 7), ("kab_kota", 4)):
        code, kab = (
            pl.when(is_unknown).then(pl.lit("UNKNOWN")).otherwise(pl.col("idsubsls").str.slice(0, length))
            for length in (digits, 4)
        )
        expected.append(accounted(placed, level, code, kab))
    found = rows(
        f"select unit_level, unit_code, kab_code, arrival_day::varchar, received, {', '.join(OUTCOMES)}"
        " from marts.upload_accounting"
    )
    assert sorted(found) == sorted(pl.concat(expected).rows())
    assert any(row[1] == "UNKNOWN" for row in found)


def test_rejected_and_duplicate_bundles_are_accounted_for_with_nothing_received(truth: Path) -> None:
    bundles = pl.read_csv(truth / "bundles.csv", infer_schema=False)
    not_loaded = bundles.filter(pl.col("expected_outcome") != "accepted")
    assert set(not_loaded["expected_outcome"]) == {"rejected", "duplicate"}
    assert sorted(
        rows(
            "select unit_code, arrival_day::varchar from marts.upload_accounting"
            " where unit_level = 'bundle' and received = 0"
        )
    ) == sorted(not_loaded.select("bundle_name", "arrival_day").rows())
