"""Is the forecast as sure as it says? The models' own SQL over simulated histories: `python -m benchmarks.forecast`.

A history is what really happens, day by day, until everybody who will finish has finished; a forecast sees what had
arrived by its as-of day. The generator shares no assumption with the models: paces drift, days come in runs, people
fall ill, weather and season move whole areas, the last families take longer, a few enumerators never finish.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from benchmarks.forecast_sql import ForecastSql
from benchmarks.histories import FIELD_END, FIELD_START, Histories, histories
from benchmarks.measure import say, table

AS_OF_DAYS = (10, 20, 30, 45, 60)
LEVELS = ("enumerator", "kecamatan", "kab_kota", "province")
NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Score:
    """How forecasts of one kind did; shares are of the `units`, days are calendar days."""

    units: int
    coverage: float
    bias_days: float
    width_days: float
    brier: float
    mean_chance: float
    finished_share: float


def back_test(
    sql: ForecastSql,
    seeds: Iterable[int],
    as_of_days: Iterable[int] = AS_OF_DAYS,
    enumerators: int = 240,
    unrest: float = 1.0,
) -> pl.DataFrame:
    """Forecast every unit not finished on each as-of day of each history, beside what came true."""
    return pl.concat(
        _compare(sql, world, seed, number)
        for seed in seeds
        for world in [histories(seed, enumerators, unrest)]
        for number in as_of_days
    )


def _compare(sql: ForecastSql, world: Histories, seed: int, number: int) -> pl.DataFrame:
    as_of = FIELD_START + timedelta(days=number - 1)
    forecast = sql.forecast(world, as_of).filter(~pl.col("is_finished"))
    truth = completions(sql.targets(), world)
    return forecast.join(truth, on=["unit_level", "unit_code"], how="left").with_columns(
        pl.col("true_day").fill_null(NEVER), seed=pl.lit(seed), as_of_day=pl.lit(number)
    )


def completions(targets: pl.DataFrame, world: Histories) -> pl.DataFrame:
    """The day on which each unit really reaches its target; no row for one that never does."""
    work = world.visits.with_columns(
        enumerator=pl.col("enumerator_id"), province=pl.col("idsubsls").str.slice(0, 2),
        kab_kota=pl.col("idsubsls").str.slice(0, 4), kecamatan=pl.col("idsubsls").str.slice(0, 7),
    )  # fmt: skip
    daily = pl.concat(
        work.group_by(pl.lit(level).alias("unit_level"), pl.col(level).alias("unit_code"), "progress_day").agg(
            families=pl.col("families").sum()
        )
        for level in LEVELS
    )
    to_date = daily.sort("progress_day").with_columns(
        to_date=pl.col("families").cum_sum().over("unit_level", "unit_code")
    )
    reached = to_date.join(targets, on=["unit_level", "unit_code"]).filter(
        pl.col("to_date") >= pl.col("target_families")
    )
    return reached.group_by("unit_level", "unit_code").agg(true_day=pl.col("progress_day").min())


def score(compared: pl.DataFrame) -> Score:
    """Judge forecasts. A unit that never finishes is covered where p90 says that it may not."""
    judged = compared.with_columns(
        pl.col("completion_day_p10", "completion_day_p50", "completion_day_p90").fill_null(NEVER)
    )
    covered = judged["true_day"].is_between(judged["completion_day_p10"], judged["completion_day_p90"])
    finite = judged.filter((pl.col("true_day") < NEVER) & (pl.col("completion_day_p50") < NEVER))
    sure = judged.filter(pl.col("completion_day_p90") < NEVER)
    chance = judged["finish_probability"].cast(pl.Float64).to_numpy()
    came_true = (judged["true_day"] <= FIELD_END).cast(pl.Float64).to_numpy()
    return Score(
        units=judged.height,
        coverage=float(covered.to_numpy().mean()),
        bias_days=_median_days(finite["completion_day_p50"] - finite["true_day"]),
        width_days=_median_days(sure["completion_day_p90"] - sure["completion_day_p10"]),
        brier=float(np.mean((chance - came_true) ** 2)),
        mean_chance=float(chance.mean()),
        finished_share=float(came_true.mean()),
    )


def _median_days(differences: pl.Series) -> float:
    days = differences.dt.total_days().to_numpy()
    return float(np.median(days)) if len(days) else 0.0


def calibration(compared: pl.DataFrame) -> list[tuple[str, int, float, float]]:
    """By band of chance: band, units, mean chance said, share that came true."""
    edges = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.000001)
    chances = compared.with_columns(
        chance=pl.col("finish_probability").cast(pl.Float64), came_true=pl.col("true_day") <= FIELD_END
    )
    bands = []
    for low, high in pairwise(edges):
        band = chances.filter((pl.col("chance") >= low) & (pl.col("chance") < high))
        if band.height:
            said, true = band["chance"].to_numpy().mean(), band["came_true"].to_numpy().mean()
            bands.append((f"{low:.1f} to {min(high, 1):.1f}", band.height, float(said), float(true)))
    return bands


def report(compared: pl.DataFrame) -> str:
    """The tables of docs/forecast.md."""
    header = ("unit, as of day", "units", "80 % interval holds", "bias of p50, days", "width, days", "Brier",
              "chance said", "came true")  # fmt: skip
    rows = []
    for level in LEVELS:
        of_level = compared.filter(pl.col("unit_level") == level)
        for number in [*sorted(of_level["as_of_day"].unique()), None]:
            part = of_level if number is None else of_level.filter(pl.col("as_of_day") == number)
            rows.append(_row(f"{level}, {'all' if number is None else number}", score(part)))
    bands = [(band, f"{units:,}", f"{said:.2f}", f"{true:.2f}") for band, units, said, true in calibration(compared)]
    return table(header, rows) + "\n" + table(("chance said", "units", "mean", "came true"), bands)


def _row(name: str, s: Score) -> tuple[str, ...]:
    return (name, f"{s.units:,}", f"{s.coverage:.1%}", f"{s.bias_days:+.0f}", f"{s.width_days:.0f}", f"{s.brier:.3f}",
            f"{s.mean_chance:.2f}", f"{s.finished_share:.2f}")  # fmt: skip


def unrest_table(worlds: dict[float, pl.DataFrame]) -> str:
    """How the coverage holds in provinces calmer and more troubled than the constants were set by."""
    rows = [
        (f"{unrest:.1f}", *(f"{score(compared.filter(unit_level=level)).coverage:.1%}" for level in LEVELS))
        for unrest, compared in worlds.items()
    ]
    return table(("unrest", *LEVELS), rows)


def main(arguments: list[str] | None = None) -> int:
    """Back-test and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument("--histories", type=int, default=12, help="simulated provinces")
    parser.add_argument("--first-seed", type=int, default=101, help="seeds 1 to 6 set the constants: not for judging")
    parser.add_argument("--enumerators", type=int, default=240, help="enumerators of each")
    given = parser.parse_args(arguments)
    seeds = range(given.first_seed, given.first_seed + given.histories)
    with ForecastSql() as sql:
        worlds = {
            unrest: back_test(sql, seeds, enumerators=given.enumerators, unrest=unrest) for unrest in (1.0, 0.5, 1.5)
        }
    say(f"{given.histories} histories of {given.enumerators} enumerators, seeds from {given.first_seed}\n")
    say(report(worlds[1.0]))
    say(unrest_table(worlds))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
