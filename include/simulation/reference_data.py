"""The reference files: regions with their points, poverty rates, names. Sources: reference/README.md."""

from functools import cache
from pathlib import Path

import polars as pl

_REFERENCE = Path(__file__).parent / "reference"
_REGION_MASTER = Path(__file__).parents[2] / "dbt_project" / "seeds" / "reference" / "region_master.csv"
_LETTERS_AND_SPACES = r"^[A-Z]+( [A-Z]+)*$"
_SEX_CODE = {"L": 1, "P": 2}


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


@cache
def desas() -> pl.DataFrame:
    """One row per desa or kelurahan with a point: codes and names of its three levels, bounding box, poverty rate.

    Poverty rate: `poor_share_percent`, kab/kota, March 2022, in percent.
    """
    regions = _read(_REGION_MASTER)
    desa = regions.filter(pl.col("level") == "desa_kelurahan").join(_points(), on="region_code")
    return (
        desa.select(
            pl.col("region_code").str.replace_all(".", "", literal=True).alias("kemendagri_desa_code"),
            pl.col("bps_code").alias("bps_desa_code"),
            pl.col("bps_code").str.slice(0, 7).alias("bps_kecamatan_code"),
            pl.col("bps_code").str.slice(0, 4).alias("kab_code"),
            pl.col("name").str.to_uppercase().alias("desa_name"),
            (pl.col("kind") == "kelurahan").alias("is_kelurahan"),
            "lat", "lon", "min_lat", "max_lat", "min_lon", "max_lon",
        )
        .join(kab_kota(), on="kab_code")
        .sort("bps_desa_code")
    )  # fmt: skip


def _points() -> pl.DataFrame:
    return _read(_REFERENCE / "region_points.csv").with_columns(pl.exclude("region_code").cast(pl.Float64))


@cache
def kab_kota() -> pl.DataFrame:
    """One row per kab/kota: code, is_kota, population (persons, December 2024), poor_share_percent."""
    core = _read(_REFERENCE / "kabkota_core.csv")
    return core.select(
        pl.col("bps_code").alias("kab_code"),
        (pl.col("kind") == "kota").alias("is_kota"),
        pl.col("population_2024_12").cast(pl.Float64).alias("population"),
        pl.col("p0_2022").cast(pl.Float64).alias("poor_share_percent"),
    ).sort("kab_code")


@cache
def kecamatan_box(bps_kecamatan_code: str) -> tuple[str, float, float, float, float]:
    """Name, south, west, north and east (degrees) of one kecamatan."""
    row = _read(_REGION_MASTER).filter(pl.col("bps_code") == bps_kecamatan_code).join(_points(), on="region_code")
    name, south, west, north, east = row.select("name", "min_lat", "min_lon", "max_lat", "max_lon").row(0)
    return name, south, west, north, east


@cache
def name_words(sex: int, *, first: bool) -> pl.Series:
    """Words of one sex (1 male, 2 female), in capitals: given names, and last names unless it is the first word."""
    names = _read(_REFERENCE / "names_id.csv").with_columns(
        pl.col("name").str.to_uppercase(), pl.col("sex").replace_strict(_SEX_CODE, default=sex)
    )
    fitting = names.filter((pl.col("sex") == sex) & pl.col("name").str.contains(_LETTERS_AND_SPACES))
    fitting = fitting.filter((pl.col("part") == "given") | (not first))
    return fitting["name"].unique(maintain_order=True)


@cache
def common_first_words(sex: int) -> dict[str, int]:
    """The commonest first words of a name and how often they were counted for one sex."""
    column = "male" if sex == 1 else "female"
    rows = _read(_REFERENCE / "names_first_token_top20_frequency.csv").filter(pl.col("first_token").str.len_chars() > 1)
    return dict(zip(rows["first_token"], rows[column].cast(pl.Int64), strict=True))
