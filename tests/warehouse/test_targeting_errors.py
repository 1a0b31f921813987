"""Who is eligible, who is served: properties of the errors, their lists and the ranks after consultation."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from include.settings import PROJECT, Settings
from include.simulation import Plan, simulate
from include.warehouse import opened
from tests.builders import keys_file
from tests.pipeline import build_marts

PLAN = {"enumerators": 24, "days": 3, "seed": 11, "headquarters": "all", "defects": True, "processes": 1}
MARTS = (
    "family_welfare", "programme_family", "programme_targeting_error", "eligible_unserved", "ineligible_served",
    "targeting_simulation", "programme_list", "consultation_result",
)  # fmt: skip
CELL = ["area_level", "area_code", "programme", "cut_off"]
COUNTS = [
    "families", "eligible_families", "ineligible_families", "served_families", "eligible_unserved_families",
    "ineligible_served_families", "expected_eligible_families",
]  # fmt: skip
SHARES = {
    "exclusion_error": ("eligible_unserved_families", "eligible_families"),
    "undercoverage": ("eligible_unserved_families", "eligible_families"),
    "inclusion_error": ("ineligible_served_families", "ineligible_families"),
    "leakage": ("ineligible_served_families", "served_families"),
}
BAD_LINES = [["BPNT", "3573010506809001", ""], ["PKH", "", ""], ["pkh ", "9999999999999999", "9999000000009001"]]
GROUPS = {1: 1, 2: 2, 3: 3, 4: 3} | dict.fromkeys(range(5, 11), 4)


@dataclass(frozen=True)
class Built:
    """A simulated province as the warehouse shows it."""

    landing: Path
    marts: dict[str, pl.DataFrame]
    served: pl.DataFrame

    @property
    def errors(self) -> pl.DataFrame:
        return self.marts["programme_targeting_error"]


def append(path: Path, lines: list[list[str]]) -> None:
    with path.open("a", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("targeting")
    plan = Plan(out=root / "landing", **PLAN)
    simulate(plan)
    append(plan.out / "programmes/2022-10/recipients.csv", BAD_LINES)
    consultation = plan.out / "consultations" / plan.last_day.isoformat() / "fkp.csv"
    append(consultation, [["3573010001999900", "999", "999", "4", "1", "UJI", "UJI"]])
    earlier = plan.out / "consultations/2022-10-01/fkp.csv"
    earlier.parent.mkdir(parents=True)
    earlier.write_text(consultation.read_text().replace("MUSYAWARAH DESA", "RAPAT LAMA"))
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    configured = Settings(landing=str(plan.out), **places)
    build_marts(configured, plan.last_day.isoformat())
    with opened(configured.warehouse, read_only=True) as connection:
        marts = {name: connection.sql(f"select * from marts.{name}").pl() for name in MARTS}
        served = connection.sql("select * from intermediate.int_programmes__families").pl()
    return Built(plan.out, marts, served)


def test_every_error_is_the_share_it_says_and_lies_within_0_and_1(built: Built) -> None:
    assert built.errors.height > 1000
    for name, (numerator, denominator) in SHARES.items():
        for share, above, below in built.errors.select(name, numerator, denominator).iter_rows():
            assert (share is None) == (below == 0)
            assert share is None or (float(share) == round(above / below, 6) and 0 <= share <= 1)
        assert built.errors[name].n_unique() > 10
    assert built.errors.filter(pl.col("leakage").is_null()).height > 0


@pytest.mark.parametrize("name", ["exclusion_error", "inclusion_error", "leakage"])
def test_the_interval_holds_what_it_is_around_and_stays_within_0_and_1(built: Built, name: str) -> None:
    told = built.errors.filter(pl.col(f"{name}_expected").is_not_null())
    assert told.height > 1000
    assert told.filter(~pl.col(f"{name}_expected").is_between(f"{name}_low", f"{name}_high")).is_empty()
    assert told.filter((pl.col(f"{name}_low") < 0) | (pl.col(f"{name}_high") > 1)).is_empty()
    wide = (
        told.filter(group_kind="all")
        .group_by("area_level")
        .agg((pl.col(f"{name}_high") - pl.col(f"{name}_low")).mean())
    )
    widths = dict(wide.iter_rows())
    assert widths["province"] < widths["kab_kota"] <= widths["kecamatan"]


def test_areas_and_groups_are_sums_of_their_parts(built: Built) -> None:
    whole = built.errors.filter(group_kind="all")
    for kind in ("head_sex", "head_age", "residence", "disability"):
        parts = built.errors.filter(group_kind=kind).group_by(CELL).agg(pl.col(COUNTS).sum())
        assert parts.sort(CELL).select(CELL + COUNTS).equals(whole.sort(CELL).select(CELL + COUNTS), null_equal=True), (
            kind
        )
    for (parent, digits), (level, _) in pairwise((("province", 2), ("kab_kota", 4), ("kecamatan", 7))):
        parts = whole.filter(area_level=level).with_columns(pl.col("area_code").str.head(digits))
        summed = parts.group_by("area_code", "programme", "cut_off").agg(pl.col(COUNTS).sum())
        keys = ["area_code", "programme", "cut_off"]
        told = whole.filter(area_level=parent).sort(keys).select(keys + COUNTS)
        assert summed.sort(keys).select(keys + COUNTS).equals(told)


def test_the_lists_are_the_numerators_family_by_family(built: Built) -> None:
    own = built.errors.filter(cut_off="own_rule", group_kind="all", area_level="province")
    pairs = {"eligible_unserved": "eligible_unserved_families", "ineligible_served": "ineligible_served_families"}
    for mart, numerator in pairs.items():
        listed = dict(built.marts[mart].group_by("programme").len().iter_rows())
        told = dict(own.select("programme", numerator).iter_rows())
        assert listed == told
        assert all(count > 0 for count in told.values())


def test_served_is_what_the_list_says_of_residents_and_kk(built: Built) -> None:
    province = built.errors.filter(area_level="province", group_kind="all", cut_off="own_rule")
    for programme, told in province.select("programme", "served_families").iter_rows():
        column = programme.lower()
        served = built.served.filter((pl.col(f"{column}_listed") > 0) | pl.col(f"{column}_kk_listed"))
        assert told == served.height == built.served[f"{column}_served"].sum()


def test_the_interval_covers_nine_of_ten_draws_of_the_residuals(built: Built) -> None:
    welfare = built.marts["family_welfare"].filter(pl.col("pmt_score").is_not_null())
    joined = welfare.join(built.served, on="document_id").sort("document_id")
    score, served = joined["pmt_score"].to_numpy().astype(float), joined["sembako_served"].to_numpy()
    cut = score[joined["decile_family_province"].to_numpy() <= 4].max()
    with (PROJECT / "dbt_project/seeds/targeting/pmt_models.csv").open() as lines:
        (residual_sd,) = [float(line["residual_sd"]) for line in csv.DictReader(lines)]
    line = score.mean() + (cut - score.mean()) * np.sqrt(1 + residual_sd**2 / score.var())
    draws = np.random.default_rng(4).normal(score, residual_sd, (4000, len(score))) <= line
    truth = (draws & ~served).sum(axis=1) / draws.sum(axis=1)
    told = built.errors.filter(area_level="province", group_kind="all", programme="SEMBAKO", cut_off="poorest_40")
    low, expected, high = (float(told[f"exclusion_error_{end}"].item()) for end in ("low", "expected", "high"))
    assert truth.mean() == pytest.approx(expected, abs=0.003)
    assert 0.87 <= ((truth >= low) & (truth <= high)).mean() <= 0.93


def test_lines_that_cannot_be_used_are_counted_where_somebody_sees_them(built: Built) -> None:
    counted = {row["programme"]: row for row in built.marts["programme_list"].iter_rows(named=True)}
    assert counted["UNKNOWN"]["unknown_programme_lines"] == 1
    assert (counted["PKH"]["no_number_lines"], counted["PKH"]["unusable_number_lines"]) == (1, 1)
    with (built.landing / "programmes/2022-10/recipients.csv").open() as lines:
        assert sum(row["listed_lines"] for row in counted.values()) == sum(1 for _ in lines) - 1
    results = built.marts["consultation_result"]
    assert "unknown_family" in set(results["status"])
    assert "applied" in set(results["status"])


def test_ranks_after_consultation_are_by_final_group_then_by_the_pure_rank(built: Built) -> None:
    welfare = built.marts["family_welfare"].filter(pl.col("pmt_score").is_not_null())
    assert set(welfare["decided_by"].drop_nulls()) == {"MUSYAWARAH DESA"}, "an older consultation must not count"
    for area in ("province", "kab"):
        parts = [welfare] if area == "province" else welfare.partition_by("kab_code")
        for families in parts:
            group = families[f"decile_family_{area}"].replace_strict(GROUPS)
            ordered = families.with_columns(final=pl.coalesce("group_after_fkp", group)).sort(
                "final", f"rank_pmt_{area}"
            )
            assert ordered[f"rank_consulted_{area}"].to_list() == list(range(1, families.height + 1))
            sizes = ordered[f"decile_consulted_{area}"].value_counts()["count"]
            assert sizes.max() - sizes.min() <= 1
    assert welfare.filter(pl.col("rank_consulted_kab") != pl.col("rank_pmt_kab")).height > 0


def test_a_scenario_reaches_the_poorest_and_costs_what_it_pays(built: Built) -> None:
    told = {
        row["scenario_id"]: row
        for row in built.marts["targeting_simulation"].iter_rows(named=True)
        if row["area_level"] == "province"
    }
    welfare = built.marts["family_welfare"]
    third = welfare.filter(pl.col("decile_family_province") <= 3)
    assert told["sembako_decile_3"]["families_reached"] == third.height
    assert told["sembako_decile_3"]["persons_reached"] == third["resident_persons"].sum()
    assert told["sembako_decile_3"]["cost_idr_per_month"] == 200_000 * third.height
    assert told["pbi_100_billion"]["cost_idr_per_month"] == 42_000 * told["pbi_100_billion"]["members_paid"]
    assert told["sembako_decile_4"]["exclusion_error"] == 0 < told["sembako_decile_4"]["exclusion_error_expected"]


@pytest.fixture(scope="module")
def normal() -> Callable[[str, list[float]], list[float]]:
    """One of the macros of the normal distribution over some values."""
    macros = jinja2.Environment(autoescape=False).from_string(  # noqa: S701 - SQL of our own
        (PROJECT / "dbt_project/macros/normal.sql").read_text()
    ).module  # fmt: skip

    def ask(macro: str, values: list[float]) -> list[float]:
        query = f"select {getattr(macros, macro)('x')} from (select unnest(?::double[]) as x)"
        with duckdb.connect() as connection:
            return [row[0] for row in connection.execute(query, [values]).fetchall()]

    return ask


@settings(deadline=None, max_examples=40)
@given(values=st.lists(st.floats(-40, 40), min_size=1, max_size=50))
def test_the_normal_distribution_is_scipys(normal: Callable, values: list[float]) -> None:
    assert normal("normal_cdf", values) == pytest.approx(norm.cdf(values), abs=2e-12)
    assert normal("normal_density", values) == pytest.approx(norm.pdf(values), abs=1e-15)
