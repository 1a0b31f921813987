"""The closed list of changes a mapping may ask for before a value is recoded.

Each takes the text of a value and gives the text in the contract's form, or ``None`` if the value has not the form
that the change needs: then the value stays as written and is reported.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

# isdigit() would admit ² and other digits that are no numbers.
_NUMBER = re.compile(r"[0-9]{1,18}")

Change = Callable[[str], str | None]

# Moments written without an offset: in the zone of the mapping (a tablet's clock) or in UTC (a server's).
_ZONES: dict[str, ZoneInfo | None] = {"local_time": None, "utc_time": ZoneInfo("UTC")}
# How SurveyCTO writes a moment in its CSV files.
_WRITTEN_OUT = "%b %d, %Y %I:%M:%S %p"


def parse(text: str, zone: ZoneInfo) -> Change:
    """Find the change that ``name`` or ``name:argument[:argument]`` names.

    Raises:
        ValueError: no such change, or its arguments are not whole numbers or not as many as it takes.
    """
    name, *arguments = text.split(":")
    if name in _ZONES and not arguments:
        return partial(_with_offset, zone=_ZONES[name] or zone)
    change, count = _CHANGES.get(name, (None, 0))
    if change is None:
        raise ValueError(f"no transform {name}; there are {', '.join(NAMES)}")
    if len(arguments) != count or not all(map(_NUMBER.fullmatch, arguments)):
        raise ValueError(f"transform {name} takes {count} whole numbers after colons")
    return partial(change, *map(int, arguments))


def _zero_pad(width: int, text: str) -> str | None:
    return text.zfill(width) if _NUMBER.fullmatch(text) else None


def _slice(start: int, length: int, text: str) -> str | None:
    return text[start : start + length] if len(text) >= start + length else None


def _split_geopoint(part: int, text: str) -> str | None:
    parts = text.split()
    return parts[part] if part < len(parts) else None


def _sum_of_choices(text: str) -> str | None:
    parts = text.split()
    return str(sum(map(int, set(parts)))) if all(map(_NUMBER.fullmatch, parts)) else None


def _plus_one(text: str) -> str | None:
    return str(int(text) + 1) if _NUMBER.fullmatch(text) else None


def _date_of_datetime(text: str) -> str | None:
    moment = _moment(text)
    return None if moment is None else moment.date().isoformat()


def _part_of_date(part: str, text: str) -> str | None:
    moment = _moment(text)
    return None if moment is None else str(getattr(moment, part))


def _with_offset(text: str, zone: ZoneInfo) -> str | None:
    moment = _moment(text)
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, _WRITTEN_OUT)  # noqa: DTZ007 - the tablet's clock; the mapping says its zone
    except ValueError:
        return None


_CHANGES: dict[str, tuple[Callable[..., str | None], int]] = {
    "upper": (str.upper, 0),
    "lower": (str.lower, 0),
    "strip": (str.strip, 0),
    "zero_pad": (_zero_pad, 1),
    "slice": (_slice, 2),
    "split_geopoint": (_split_geopoint, 1),
    "sum_of_choices": (_sum_of_choices, 0),
    "plus_one": (_plus_one, 0),
    "date_of_datetime": (_date_of_datetime, 0),
    "day_of_date": (partial(_part_of_date, "day"), 0),
    "month_of_date": (partial(_part_of_date, "month"), 0),
    "year_of_date": (partial(_part_of_date, "year"), 0),
}

# Every change there is.
NAMES = (*_ZONES, *_CHANGES)
