"""Where the field work takes place: real kab/kota, kecamatan and desa, one desa an enumerator."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.draws import Draws, Flags, Floats, Ints
from include.simulation.plan import Plan
from include.simulation.reference_data import desas, kab_kota

_ENUMERATORS_PER_KAB = 40
_ENUMERATORS_PER_KECAMATAN = 11
_DESAS_PER_ENUMERATOR = 0.7
_FEWEST_KAB = 4
_KOTA_SHARE = 9 / 38
_URBAN_DESA_SHARE = 0.35


@dataclass(frozen=True)
class Territory:
    """The desas of the field work, and by enumerator the desa and the place among the kecamatan's enumerators."""

    desas: pl.DataFrame
    is_urban: Ints
    area_welfare: Floats
    desa: Ints
    desa_rank: Ints
    kecamatan_rank: Ints
    kecamatan_size: Ints

    def column(self, name: str) -> pl.Series:
        """A column of the desas, one value an enumerator."""
        return self.desas[name].gather(self.desa)


def territory(plan: Plan) -> Territory:
    """Choose kab/kota (towns and regencies mixed), kecamatan and desas; their number grows with the enumerators."""
    draws = Draws(plan.seed)
    chosen = desas().filter(pl.col("kab_code").is_in(_kab_codes(plan, draws)))
    chosen = chosen.with_columns(order=draws.uniform("desa order", chosen["bps_desa_code"].cast(pl.Int64).to_numpy()))
    parts = [
        part
        for kab, enumerators in zip(chosen.partition_by("kab_code"), _by_kab(plan, chosen), strict=True)
        for part in _of_kab(kab, int(enumerators), draws)
    ]
    used = pl.concat([part for part, _ in parts])
    sizes = np.array([size for _, size in parts])
    return _assemble(used, sizes, [part.height for part, _ in parts], draws)


def _kab_codes(plan: Plan, draws: Draws) -> list[str]:
    everyone = kab_kota()
    count = min(everyone.height, plan.enumerators, max(_FEWEST_KAB, -(-plan.enumerators // _ENUMERATORS_PER_KAB)))
    order = everyone.with_columns(order=draws.uniform("kab order", everyone["kab_code"].cast(pl.Int64).to_numpy()))
    kota_count = max(1, round(count * _KOTA_SHARE))
    kota = order.filter("is_kota").sort("order").head(kota_count)
    kabupaten = order.filter(~pl.col("is_kota")).sort("order").head(count - kota_count)
    return [*kota["kab_code"], *kabupaten["kab_code"]]


def _by_kab(plan: Plan, chosen: pl.DataFrame) -> Ints:
    population = kab_kota().filter(pl.col("kab_code").is_in(chosen["kab_code"].unique().implode()))["population"]
    return apportion(population.to_numpy() ** 0.7, plan.enumerators)


def _of_kab(kab: pl.DataFrame, enumerators: int, draws: Draws) -> list[tuple[pl.DataFrame, int]]:
    kecamatan = kab.group_by("bps_kecamatan_code").agg(desas=pl.len()).sort("bps_kecamatan_code")
    codes = kecamatan["bps_kecamatan_code"]
    count = min(len(codes), max(1, round(enumerators / _ENUMERATORS_PER_KECAMATAN)), enumerators)
    order = np.argsort(draws.uniform("kecamatan order", codes.cast(pl.Int64).to_numpy()))
    chosen = np.sort(order[:count])
    sizes = apportion(np.ones(count), enumerators)
    return [(_of_kecamatan(kab, codes[int(c)], int(s)), int(s)) for c, s in zip(chosen, sizes, strict=True)]


def _of_kecamatan(kab: pl.DataFrame, code: str, enumerators: int) -> pl.DataFrame:
    mine = kab.filter(pl.col("bps_kecamatan_code") == code).sort("order")
    return mine.head(max(1, round(enumerators * _DESAS_PER_ENUMERATOR))).sort("bps_desa_code")


def apportion(weights: Floats, total: int) -> Ints:
    """Share `total` (at least one each) in proportion to the weights; largest remainders first."""
    spare = total - len(weights)
    exact = weights / weights.sum() * spare
    shares = np.floor(exact).astype(np.int64)
    missing = spare - int(shares.sum())
    shares[np.argsort(-(exact - shares), kind="stable")[:missing]] += 1
    return shares + 1


def _assemble(used: pl.DataFrame, sizes: Ints, desa_counts: list[int], draws: Draws) -> Territory:
    first_desa = np.cumsum([0, *desa_counts[:-1]])
    rank = np.concatenate([np.arange(size) for size in sizes])
    size = np.repeat(sizes, sizes)
    desa = np.repeat(first_desa, sizes) + rank * np.repeat(np.array(desa_counts), sizes) // size
    desa_key = used["bps_desa_code"].cast(pl.Int64).to_numpy()
    urban = used["is_kelurahan"].to_numpy() | draws.happens("urban", desa_key, _URBAN_DESA_SHARE)
    start = np.searchsorted(desa, desa)
    return Territory(
        desas=used,
        is_urban=urban.astype(np.int64),
        area_welfare=_area_welfare(used, urban, draws.normal("desa welfare", desa_key)),
        desa=desa,
        desa_rank=np.arange(len(desa)) - start,
        kecamatan_rank=rank,
        kecamatan_size=size,
    )


def _area_welfare(used: pl.DataFrame, urban: Flags, noise: Floats) -> Floats:
    """Welfare common to a desa, in standard deviations: from the kab/kota's real poverty rate, town, and chance."""
    poor = used["poor_share_percent"].to_numpy()
    return -0.35 * (poor - 10.4) / 4.6 + np.where(urban, 0.2, -0.15) + 0.2 * noise
