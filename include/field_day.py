"""The clock of the night: which arrival day a run is for."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def arrival_day_of(requested: str | None, logical_date: datetime | None, timezone: str) -> str:
    """Name the arrival day of a run: the day asked for, else the local day before the logical date.

    Raises:
        ValueError: the day asked for is no ISO date, or a run without a logical date names none.
    """
    if requested:
        return date.fromisoformat(requested).isoformat()
    if logical_date is None:
        raise ValueError("a run without a logical date must name its arrival_day")
    return (logical_date.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1)).isoformat()
