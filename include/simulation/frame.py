"""The frame: sub-SLS with their codes, names and points, and who is assigned to which."""

import numpy as np
import polars as pl

from include.simulation.columns import headquarters_columns
from include.simulation.draws import Draws, Floats, Ints
from include.simulation.families import Families, Province, sub_sls_per_enumerator
from include.simulation.field_force import FieldForce
from include.simulation.identity_numbers import HomeSerials
from include.simulation.plan import Plan
from include.simulation.territory import Territory

_SPLIT_SLS_SHARE = 0.1
_LARGEST_SPREAD_DEGREES = 0.012


def province_of(plan: Plan, place: Territory) -> Province:
    """Draw up the sub-SLS of every load: consecutive SLS of the enumerator's desa, some split in two."""
    count = sub_sls_per_enumerator(plan)
    draws = Draws(plan.seed)
    desa_code = place.column("bps_desa_code").gather(np.repeat(np.arange(len(place.desa)), count))
    sls, sub = _sls_numbers(draws, place, count)
    latitude, longitude = _points(draws, place, count)
    prefix = place.column("kemendagri_desa_code").str.slice(0, 6).cast(pl.Int64).to_numpy()
    return Province(
        plan=plan,
        place=place,
        sub_sls_per_enumerator=count,
        idsubsls=desa_code + _digits(sls, 4) + _digits(sub, 2),
        sls_name="RT " + _digits(sls, 3) + " RW " + _digits((sls - 1) // 5 + 1, 3),
        latitude=latitude,
        longitude=longitude,
        home=HomeSerials(prefix, place.kecamatan_rank, place.kecamatan_size),
    )


def _digits(numbers: Ints, width: int) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(width)


def _sls_numbers(draws: Draws, place: Territory, count: int) -> tuple[Ints, Ints]:
    """SLS number (runs through the desa) and sub-SLS number (00, or 01 and 02 where an SLS is split)."""
    part = np.arange(len(place.desa) * count)
    ordinal = np.tile(np.arange(count), len(place.desa))
    sls = np.repeat(place.desa_rank, count) * count + ordinal + 1
    can_split = (ordinal % 2 == 0) & (ordinal + 1 < count)
    opens = can_split & draws.happens("split SLS", part, _SPLIT_SLS_SHARE)
    closes = np.r_[False, opens[:-1]]
    return np.where(closes, sls - 1, sls), np.where(opens, 1, np.where(closes, 2, 0))


def _points(draws: Draws, place: Territory, count: int) -> tuple[Floats, Floats]:
    """A point for each sub-SLS, near the desa's own and inside its bounding box (degrees)."""
    part = np.arange(len(place.desa) * count)
    desa = place.desas[np.repeat(place.desa, count)]
    found = []
    for axis, low, high in (("lat", "min_lat", "max_lat"), ("lon", "min_lon", "max_lon")):
        south, north, centre = (desa[name].to_numpy() for name in (low, high, axis))
        reach = np.minimum(np.minimum(centre - south, north - centre) * 0.6, _LARGEST_SPREAD_DEGREES)
        found.append(np.round(centre + reach * (2 * draws.uniform(f"sub-SLS {axis}", part) - 1), 5))
    return found[0], found[1]


def sub_sls_frame(province: Province, families: Families, first: int, last: int) -> pl.DataFrame:
    """`sub_sls.csv` of the enumerators first..last-1; expected families = prelisted families."""
    count = province.sub_sls_per_enumerator
    part = np.arange(first * count, last * count)
    desa = province.place.desas[np.repeat(province.place.desa[first:last], count)]
    expected = np.bincount(families.sub_sls[families.is_prelisted] - part[0], minlength=len(part))
    return pl.DataFrame(
        {
            "idsubsls": province.idsubsls.gather(part),
            "sls_name": province.sls_name.gather(part),
            "bps_desa_code": desa["bps_desa_code"],
            "kemendagri_desa_code": desa["kemendagri_desa_code"],
            "urban_rural": 2 - province.place.is_urban[np.repeat(province.place.desa[first:last], count)],
            "expected_families": expected,
            "latitude": province.latitude[part],
            "longitude": province.longitude[part],
        }
    ).select(headquarters_columns("frame", "sub_sls"))


def assignments_frame(province: Province, force: FieldForce) -> pl.DataFrame:
    """`assignments.csv`: every sub-SLS once, from the first field day, with no end."""
    enumerator = np.arange(len(province.idsubsls)) // province.sub_sls_per_enumerator
    return pl.DataFrame(
        {
            "idsubsls": province.idsubsls,
            "enumerator_id": force.staff_id.gather(enumerator),
            "valid_from": pl.Series([province.plan.first_day.isoformat()] * len(enumerator)),
            "valid_to": pl.Series([None] * len(enumerator), dtype=pl.String),
        }
    ).select(headquarters_columns("frame", "assignments"))
