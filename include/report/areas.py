"""What the pages say of one area, and of all: coverage, progress, forecast, what became of its documents."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from include.report.marts import Marts, Row

PROVINCE = "35"
FATES = ("accepted", "held", "superseded", "duplicate", "rejected")
_SUMS = ", ".join(f"sum({name})::bigint as {name}" for name in ("received", *FATES))
# By the digits of a BPS code: the level, and how many digits its parent's code has.
LEVELS = {2: "province", 4: "kab_kota", 7: "kecamatan", 10: "desa"}
_PARENT_DIGITS = {4: 2, 7: 4, 10: 7}
# Lower edges of the classes of coverage on maps and in filters; the highest begins where an area counts as complete.
CLASS_EDGES = (0.0, 0.25, 0.5, 0.75, 0.95)


@dataclass
class Area:
    """One area of the frame; ``coverage`` and ``forecast`` are rows of their marts, ``progress`` its days in order."""

    code: str
    name: str
    coverage: Row
    forecast: Row | None = None
    progress: list[Row] = field(default_factory=list)
    accounting: Row | None = None
    children: list["Area"] = field(default_factory=list)

    @property
    def level(self) -> str:
        """province, kab_kota, kecamatan or desa."""
        return LEVELS[len(self.code)]

    @property
    def share(self) -> float | None:
        """Families enumerated over expected."""
        return self.coverage["coverage_share"]

    @property
    def coverage_class(self) -> int | None:
        """Class of coverage, 0 to 4 by ``CLASS_EDGES``; ``None`` where no family is expected."""
        return None if self.share is None else sum(self.share >= edge for edge in CLASS_EDGES) - 1

    @property
    def page(self) -> str | None:
        """Its page below the site; a desa is a row of its kecamatan's."""
        pages = {"province": "index.html", "kab_kota": f"kab/{self.code}.html"}
        return pages.get(self.level) or (f"kecamatan/{self.code}.html" if self.level == "kecamatan" else None)


def read_areas(marts: Marts) -> dict[str, Area]:
    """Read every area that the snapshot publishes coverage of, by code, in order of code."""
    levels = ", ".join(f"'{level}'" for level in LEVELS.values())
    where = f"where area_level in ({levels}) and kab_code <> 'UNKNOWN'"
    coverage = marts.rows("coverage_area", f"select * from mart {where} order by area_code")  # noqa: S608 - ours
    forecasts = {r["unit_code"]: r for r in marts.rows("progress_forecast", "select * from mart order by unit_code")}
    accounting = {row["unit_code"]: row for row in _accounting(marts)}
    progress: dict[str, list[Row]] = defaultdict(list)
    for row in _progress(marts):
        progress[row["area_code"]].append(row)
    areas = {}
    for row in coverage:
        code = row["area_code"]
        known = forecasts.get(code), progress[code], accounting.get(code)
        areas[code] = Area(code, row["area_name"] or code, row, *known)
    for area in areas.values():
        parent = areas.get(area.code[: _PARENT_DIGITS.get(len(area.code), 0)])
        if parent:
            parent.children.append(area)
    return areas


def received_by_day(marts: Marts) -> list[Row]:
    """What arrived in the province on each day, by fate: the kab/kota's figures and those of unknown areas summed."""
    return marts.rows(
        "upload_accounting",
        f"select arrival_day, {_SUMS} from mart where unit_level = 'kab_kota' group by all order by arrival_day",  # noqa: S608
    )


def received_by_kab(marts: Marts, day: date | None = None) -> list[Row]:
    """What arrived in each kab/kota by fate: to date, or on one day; documents of unknown areas under ``UNKNOWN``."""
    on_day = f"and arrival_day = date '{day.isoformat()}'" if day else ""
    where = f"where unit_level = 'kab_kota' {on_day}"
    statement = f"select unit_code, {_SUMS} from mart {where} group by all order by unit_code"  # noqa: S608 - a day
    return marts.rows("upload_accounting", statement)


def last_day(area: Area) -> dict[str, Any]:
    """The row of progress of the as-of day; empty where none is published."""
    return area.progress[-1] if area.progress else {}


def _progress(marts: Marts) -> list[Row]:
    return marts.rows(
        "progress_area_daily",
        """
        select area_code, field_day, enumerated_families, enumerated_families_cumulative, coverage_share,
            days_left, required_families_per_day
        from mart where area_level in ('province', 'kab_kota', 'kecamatan') order by area_code, field_day
        """,
    )


def _accounting(marts: Marts) -> list[Row]:
    areas = "unit_level in ('kab_kota', 'kecamatan', 'desa')"
    statement = f"select unit_code, {_SUMS} from mart where {areas} group by all order by unit_code"  # noqa: S608
    return marts.rows("upload_accounting", statement)
