"""NIK, KK and phone numbers that follow the rules and belong to nobody.

NIK: Kemendagri kecamatan 6, DDMMYY with day + 40 for women, serial 4. KK: area 6, registration date, serial 4.
The last four digits lie in 9000-9999. The range is shared out so that no two enumerators' families can meet:
9000-9599 NIK of the home kecamatan, 9600-9899 KK, 9900-9999 NIK first issued elsewhere.
"""

import numpy as np
import polars as pl

from include.simulation.draws import EMPTY, Days, Draws, Ints, rank_within
from include.simulation.reference_data import desas

_NIK_SERIALS, _KK_SERIALS, _AWAY_SERIALS = (9000, 600), (9600, 300), (9900, 100)
_AWAY_SHARE = 0.05
_KK_REGISTRATION_DAYS = 6_500
MOST_ENUMERATORS_IN_KECAMATAN = _KK_SERIALS[1]

# Kab/kota outside East Java where a NIK may have been issued first; BPS and Kemendagri agree on these codes.
_OUTSIDE_KAB = (
    3171, 3173, 3174, 3201, 3273, 3301, 3313, 3314, 3316, 3372, 3374, 3402, 3404, 3471, 5103, 5171, 5201, 6371, 6472,
    7371, 1871, 3603,
)  # fmt: skip


def day_code(day: Days) -> Ints:
    """DDMMYY as a number."""
    years = day.astype("datetime64[Y]")
    months = day.astype("datetime64[M]")
    day_of_month = (day - months.astype("datetime64[D]")).astype(np.int64) + 1
    month = (months - years).astype(np.int64) + 1
    return day_of_month * 10_000 + month * 100 + (years.astype(np.int64) + 1970) % 100


def niks(draws: Draws, keys: Ints, enumerator: Ints, home: "HomeSerials", birth: Days, sex: Ints) -> Ints:
    """One NIK a person, unique over the province; EMPTY where the home serials of that birth date are used up.

    Persons come in order of their enumerator's families, so a part of the families gets the numbers of the whole.
    """
    code = day_code(birth) + np.where(sex == 2, 400_000, 0)
    prefix = _away_prefixes(draws, keys, enumerator, home.enumerators)
    away = draws.happens("nik away", keys, _AWAY_SHARE)
    away[away] = rank_within(_joined(enumerator[away], prefix[away], code[away])) == 0
    prefix = np.where(away, prefix, home.prefix[enumerator])
    rank = np.zeros(len(keys), dtype=np.int64)
    rank[~away] = rank_within(_joined(enumerator[~away], prefix[~away], code[~away]))
    width = _NIK_SERIALS[1] // home.size[enumerator]
    at_home = _NIK_SERIALS[0] + home.rank[enumerator] * width + rank
    serial = np.where(away, _AWAY_SERIALS[0] + enumerator % _AWAY_SERIALS[1], at_home)
    return np.where(away | (rank < width), prefix * 10**10 + code * 10**4 + serial, EMPTY)


def _joined(enumerator: Ints, prefix: Ints, code: Ints) -> Ints:
    return (enumerator * 10**6 + code) * 10**6 + prefix


class HomeSerials:
    """By enumerator: the kecamatan's prefix, and which stripe of its serials is theirs."""

    def __init__(self, prefix: Ints, rank: Ints, size: Ints) -> None:
        """Raise ValueError when a kecamatan has more enumerators than stripes."""
        if size.max() > MOST_ENUMERATORS_IN_KECAMATAN:
            raise ValueError(f"more than {MOST_ENUMERATORS_IN_KECAMATAN} enumerators in one kecamatan")
        self.prefix, self.rank, self.size = prefix, rank, size
        self.enumerators = len(prefix)


def _away_prefixes(draws: Draws, keys: Ints, enumerator: Ints, enumerators: int) -> Ints:
    """Prefixes of other kecamatan; two enumerators with the same away serial never share one."""
    inside = desas()["kemendagri_desa_code"].str.slice(0, 6).unique().cast(pl.Int64).to_numpy()
    outside = np.array([kab * 100 + kecamatan for kab in _OUTSIDE_KAB for kecamatan in range(1, 9)])
    pool = np.sort(np.r_[inside, outside])
    pool = pool[np.argsort(draws.uniform("prefix order", pool))]
    groups = -(-enumerators // _AWAY_SERIALS[1])
    group = enumerator // _AWAY_SERIALS[1]
    count = (len(pool) - 1 - group) // groups + 1
    return pool[group + groups * draws.between("away prefix", keys, 0, count - 1)]


def kk_numbers(draws: Draws, keys: Ints, enumerator: Ints, home: HomeSerials, first_day: np.datetime64) -> Ints:
    """One KK number a family, unique over the province; EMPTY where the serials of that date are used up."""
    registered = first_day - draws.between("kk registered", keys, 30, _KK_REGISTRATION_DAYS)
    code = day_code(registered)
    rank = rank_within(enumerator * 10**6 + code)
    width = _KK_SERIALS[1] // home.size[enumerator]
    serial = _KK_SERIALS[0] + home.rank[enumerator] * width + rank
    return np.where(rank < width, home.prefix[enumerator] * 10**10 + code * 10**4 + serial, EMPTY)


def phones(draws: Draws, keys: Ints) -> pl.Series:
    """0800000 and four to six digits: a prefix that no operator gives out."""
    digits = draws.between("phone digits", keys, 4, 6)
    number = pl.Series(draws.between("phone", keys, 0, 999_999)).cast(pl.String).str.zfill(6)
    return "0800000" + number.str.slice(0, pl.Series(digits)) if len(keys) else number
