"""What the charts draw, as plain data: the browser's chart library does the drawing."""

from datetime import date
from typing import Any

from include.report.areas import FATES, Area
from include.report.marts import Row

Chart = dict[str, Any]
FATE_NAMES = {
    "accepted": ("diterima", "accepted"),
    "held": ("ditahan", "held"),
    "superseded": ("digantikan", "superseded"),
    "duplicate": ("ganda", "duplicate"),
    "rejected": ("ditolak", "rejected"),
}


def burn_up(area: Area) -> Chart | None:
    """Families enumerated by day, what is expected, and the days on which the forecast sees the target reached.

    ``None`` without progress. Days are whole days after ``first``.
    """
    if not area.progress:
        return None
    first: date = area.progress[0]["field_day"]
    done = [[(r["field_day"] - first).days, r["enumerated_families_cumulative"]] for r in area.progress]
    chart: Chart = {"kind": "burnup", "first": first.isoformat(), "done": done}
    chart["expected"] = area.coverage["expected_families"]
    forecast = area.forecast
    if forecast:
        chart["target"] = forecast["target_families"]
        chart["end"] = (forecast["window_end"] - first).days
        chart |= {f"p{p}": _days(first, forecast[f"completion_day_p{p}"]) for p in (10, 50, 90)}
        chart["finished"] = forecast["is_finished"]
    return chart


def fates_by_day(rows: list[Row]) -> Chart | None:
    """Documents by arrival day, stacked by what became of them; ``None`` without a day."""
    if not rows:
        return None
    series = [{"name": FATE_NAMES[fate], "values": [row[fate] for row in rows]} for fate in FATES]
    return {"kind": "bars", "days": [r["arrival_day"].isoformat() for r in rows], "series": series, "stacked": True}


def bars(labels: list[str], name: tuple[str, str], values: list[int | None]) -> Chart:
    """One series of bars; ``None`` where a figure is withheld."""
    return {"kind": "bars", "labels": labels, "series": [{"name": name, "values": values}], "stacked": False}


def _days(first: date, day: date | None) -> int | None:
    return None if day is None else (day - first).days
