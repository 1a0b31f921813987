"""progress_forecast: the models' own SQL, compiled by dbt, over tables in memory; no warehouse is built.

Each idea has a dbt unit test (_int_forecast__unit_tests.yml). Here stands what holds for every unit, and whether the
forecast is as sure as it says.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from benchmarks.forecast import LEVELS, back_test, report, score
from benchmarks.forecast_sql import ForecastSql
from benchmarks.histories import FIELD_END, FIELD_START, Histories, histories
from include.transform import DBT_PROJECT

AS_OF = date(2022, 11, 19)
DAYS = ["completion_day_p10", "completion_day_p50", "completion_day_p90"]
KNOWN_DAYS = 12
LEAST_COVERAGE, MOST_COVERAGE = 0.70, 0.92
# One field work of a size that a test can afford; the full back-test is `python -m benchmarks.forecast`.
SMALL = {"seeds": (7,), "as_of_days": (20, 40), "enumerators": 240}


@pytest.fixture(scope="module")
def sql() -> Iterator[ForecastSql]:
    with ForecastSql() as opened:
        yield opened


@pytest.fixture(scope="module")
def compared(sql: ForecastSql) -> pl.DataFrame:
    return back_test(sql, **SMALL)


@pytest.fixture(scope="module")
def small_world() -> Histories:
    return histories(seed=3, enumerators=48)


def macro(call: str) -> str:
    """A macro of the forecast as SQL."""
    macros = (DBT_PROJECT / "macros" / "forecast.sql").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(macros + "{{ " + call + " }}").render()


def paces(units: list[tuple[int, float, float, float]]) -> str:
    """SQL of ``int_forecast__paces`` with these remaining families, paces and variances, each of a load of 400."""
    rows = ", ".join(
        f"('P3501{n:04d}', '3501', 400, {400 - remaining}, {remaining}, "
        f"case when {remaining} = 0 then date '2022-11-01' end, {KNOWN_DAYS}, 'kab_kota', {pace}, {pace}, 0.5, {pace},"
        f" {day_variance}, {pace_variance})"
        for n, (remaining, pace, day_variance, pace_variance) in enumerate(units)
    )
    return (
        f"select * from (values {rows}) as t (enumerator_id, kab_code, load_families, enumerated_families,"
        " remaining_families, finished_day, own_days, peer_level, own_pace, peer_pace, own_weight, pace, day_variance,"
        " pace_variance)"
    )


def world_of(units: list[tuple[int, float, float, float]]) -> Histories:
    """The loads of those units, one sub-SLS each, and what they enumerated, all of it on the first day."""
    loads = pl.DataFrame({
        "enumerator_id": [f"P3501{n:04d}" for n in range(len(units))],
        "kab_code": "3501",
        "idsubsls": [f"3501010001{n:04d}00" for n in range(len(units))],
        "load_families": 400,
    })  # fmt: skip
    visits = loads.select("enumerator_id", "idsubsls").with_columns(
        progress_day=pl.lit(FIELD_START), arrival_day=pl.lit(FIELD_START),
        families=pl.Series([400 - remaining for remaining, *_ in units]),
    )  # fmt: skip
    return Histories(visits, loads)


UNITS = st.tuples(
    st.integers(0, 400), st.floats(0, 12), st.floats(0.1, 60), st.floats(0.001, 30)
).map(lambda unit: (unit[0], round(unit[1], 3), round(unit[2], 3), round(unit[3], 3)))  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(units=st.lists(UNITS, min_size=1, max_size=12))
def test_days_are_in_order_and_chances_are_chances(sql: ForecastSql, units: list[tuple]) -> None:
    forecast = sql.forecast(world_of(units), AS_OF, int_forecast__paces=paces(units))
    assert forecast.height == len(units) + 3
    for early, late in (DAYS[:2], DAYS[1:]):
        assert forecast.filter(pl.col(early).is_null() & pl.col(late).is_not_null()).is_empty()
        assert forecast.filter(pl.col(early) > pl.col(late)).is_empty()
    chances = forecast["finish_probability"].cast(pl.Float64)
    assert chances.null_count() == 0
    assert chances.is_between(0, 1).all()
    missing = forecast["missing_reason"].is_not_null()
    assert (missing == forecast["completion_day_p90"].is_null()).all()
    assert forecast.filter(~pl.col("is_finished") & (pl.col("completion_day_p10") <= AS_OF)).is_empty()
    assert forecast.filter(pl.col("projected_families_at_end") > pl.col("expected_families")).is_empty()


@settings(max_examples=12, deadline=None)
@given(unit=UNITS.filter(lambda unit: unit[1] > 0.5), more=st.lists(st.integers(1, 400), min_size=3, max_size=8))
def test_whoever_has_more_left_finishes_later(sql: ForecastSql, unit: tuple, more: list[int]) -> None:
    units = [(remaining, *unit[1:]) for remaining in sorted(more)]
    forecast = sql.forecast(world_of(units), AS_OF, int_forecast__paces=paces(units))
    ordered = forecast.filter(pl.col("unit_level") == "enumerator").sort("remaining_families")
    for column in DAYS:
        assert ordered[column].fill_null(date(9999, 1, 1)).is_sorted()
    assert ordered["finish_probability"].is_sorted(descending=True)


def test_no_day_without_work_is_a_completion_day(sql: ForecastSql, small_world: Histories) -> None:
    forecast = sql.forecast(small_world, AS_OF)
    to_come = forecast.filter(~pl.col("is_finished"))
    days = pl.concat([to_come[column].drop_nulls() for column in DAYS]).rename("day")
    assert len(days) > 100
    holidays = sql.connection.sql("select date from seeds.holidays").pl()["date"]
    assert (days.dt.weekday() != 7).all()
    assert not days.is_in(holidays.implode()).any()


def test_the_order_of_rows_does_not_show(sql: ForecastSql, small_world: Histories) -> None:
    first = sql.forecast(small_world, AS_OF).sort("unit_level", "unit_code")
    shuffled = Histories(
        small_world.visits.sample(fraction=1, shuffle=True, seed=1),
        small_world.loads.sample(fraction=1, shuffle=True, seed=2),
    )
    assert sql.forecast(shuffled, AS_OF).sort("unit_level", "unit_code").equals(first)


def test_what_is_enumerated_adds_up_from_enumerators_to_the_province(sql: ForecastSql, small_world: Histories) -> None:
    forecast = sql.forecast(small_world, AS_OF)
    sums = forecast.group_by("unit_level").agg(pl.col("enumerated_families", "expected_families").sum())
    assert sums.height == len(LEVELS)
    assert sums["enumerated_families"].n_unique() == 1
    assert sums["expected_families"].n_unique() == 1
    arrived = small_world.visits.filter(pl.col("arrival_day") <= AS_OF)["families"].sum()
    assert sums["enumerated_families"][0] == arrived


def test_a_sub_sls_without_an_enumerator_is_never_done(sql: ForecastSql, small_world: Histories) -> None:
    sql.load(small_world, AS_OF)
    as_assigned = sql.build(AS_OF)
    kecamatan = small_world.loads["idsubsls"][0][:7]
    sql.connection.execute("delete from staging.stg_headquarters__assignments where idsubsls[:7] = ?", [kecamatan])
    as_left = sql.build(AS_OF)
    (before,), (after,) = (
        forecast.filter(pl.col("unit_code") == kecamatan).to_dicts() for forecast in (as_assigned, as_left)
    )
    assert before["missing_reason"] is None
    assert after["missing_reason"] == "no_completion_in_horizon"
    assert after["finish_probability"] == 0
    assert after["projected_families_at_end"] == after["enumerated_families"] == before["enumerated_families"]


def test_a_forecast_after_the_window_gives_no_chance_to_who_is_not_done(
    sql: ForecastSql, small_world: Histories
) -> None:
    late = FIELD_END + timedelta(days=1)
    forecast = sql.forecast(small_world, late)
    unfinished = forecast.filter(~pl.col("is_finished"))
    assert unfinished.height > 0
    assert (unfinished["finish_probability"] == 0).all()
    assert (unfinished["projected_families_at_end"] == unfinished["enumerated_families"]).all()


def test_before_the_first_day_every_area_has_a_row_and_a_reason(sql: ForecastSql, small_world: Histories) -> None:
    forecast = sql.forecast(small_world, FIELD_START - timedelta(days=3))
    assert set(forecast["unit_level"]) == set(LEVELS) - {"enumerator"}, "nobody is assigned yet"
    assert (forecast["missing_reason"] == "no_data").all()
    assert forecast["finish_probability"].null_count() == forecast.height


@pytest.mark.parametrize("level", ["enumerator", "kecamatan"])
def test_the_interval_holds_about_as_often_as_it_says(compared: pl.DataFrame, level: str) -> None:
    judged = score(compared.filter(pl.col("unit_level") == level))
    assert judged.units >= 40
    assert LEAST_COVERAGE <= judged.coverage <= MOST_COVERAGE


def test_an_interval_of_half_the_width_is_noticed(compared: pl.DataFrame) -> None:
    middle = pl.col("completion_day_p50")
    halved = compared.with_columns(
        completion_day_p10=middle - (middle - pl.col("completion_day_p10")) / 2,
        completion_day_p90=middle + (pl.col("completion_day_p90") - middle) / 2,
    )
    assert score(halved.filter(pl.col("unit_level") == "enumerator")).coverage < LEAST_COVERAGE


def test_chances_come_true_about_as_often_as_they_say(compared: pl.DataFrame) -> None:
    judged = score(compared.filter(pl.col("unit_level") == "enumerator"))
    always_the_same = judged.finished_share * (1 - judged.finished_share)
    assert judged.brier < always_the_same
    assert abs(judged.mean_chance - judged.finished_share) < 0.08


def test_the_report_has_every_level_and_day(compared: pl.DataFrame) -> None:
    said = report(compared)
    for level in LEVELS:
        for day in (*SMALL["as_of_days"], "all"):
            assert f"| {level}, {day} |" in said
