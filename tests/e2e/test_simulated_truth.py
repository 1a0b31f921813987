"""The pipeline and the simulator's own oracle agree on every bundle and every document of a damaged province."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from include.settings import Settings
from include.simulation import Plan, simulate
from tests.pipeline import build_marts, rows

LAST_DAY = "2022-10-17"


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


def test_every_bundle_meets_the_fate_the_oracle_expects(truth: Path) -> None:
    found = rows("select bundle_name, arrival_day::varchar, outcome, reason from intermediate.int_bundles__fate")
    oracle = expected(truth / "bundles.csv", "bundle_name", "arrival_day")
    assert {row[:2]: row[2:] for row in found} == oracle
    assert {outcome for outcome, _ in oracle.values()} == {"accepted", "duplicate", "rejected"}


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
    # Rules come with the rule catalogue; until then a document held by a rule is accepted.
    oracle = {key: ("accepted", None) if fate == ("held", "RULES") else fate for key, fate in oracle.items()}
    assert {key: fate for key, fate in found.items() if fate != oracle[key]} == {}
    assert {outcome for outcome, _ in oracle.values()} == {"accepted", "held", "superseded", "duplicate", "rejected"}


def test_progress_agrees_with_a_count_that_shares_no_sql(truth: Path) -> None:
    documents = pl.read_csv(truth / "documents.csv", infer_schema=False)
    winners = documents.filter(
        (pl.col("expected_outcome") == "accepted") | (pl.col("expected_reason") == "RULES")
    )  # fmt: skip
    (sizes,) = rows(
        "select sum(enumerated_families), sum(complete_families + incomplete_families + no_respondent_families"
        " + refused_families + moved_families) from marts.progress_area_daily where area_level = 'sub_sls'"
    )
    assert sizes[1] == winners.height
    frame = pl.read_csv(next((truth.parent / "frame").iterdir()) / "sub_sls.csv", infer_schema=False)
    by_desa = frame.group_by("bps_desa_code").agg(pl.col("expected_families").cast(int).sum())
    published = rows(
        "select area_code, coverage_denominator from marts.progress_area_daily"
        f" where area_level = 'desa' and field_day = '{LAST_DAY}' order by 1"
    )
    assert published == by_desa.sort("bps_desa_code").rows()
