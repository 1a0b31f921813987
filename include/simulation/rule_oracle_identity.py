"""What a NIK or KK number says of itself, and whether it can be one (docs/rules.md, `nik_class`)."""

import re
from dataclasses import dataclass
from datetime import date

_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
_PROVINCES = frozenset(
    [*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)]
)
_ASCENDING = "1234567890" + "123456"
_WOMEN_DAY = 40
_LEAP_CENTURY, _COMMON_CENTURY = 2000, 1900


def is_sixteen_digits(number: str) -> bool:
    """Whether it is 16 digits and nothing else."""
    return _SIXTEEN_DIGITS.fullmatch(number) is not None


def is_dummy_number(number: str) -> bool:
    """Whether 16 digits are plainly a placeholder: all equal, 9999..., ascending, or serial 0000."""
    return is_sixteen_digits(number) and (
        len(set(number)) == 1 or number.startswith("9999") or number == _ASCENDING or number.endswith("0000")
    )


@dataclass(frozen=True)
class NikParts:
    """The parts of a 16-digit NIK; the day is that of the calendar, the year has two digits, sex 1 male, 2 female."""

    province: int
    written_day: int
    month: int
    year: int

    @property
    def day(self) -> int:
        """Day of birth."""
        return self.written_day - _WOMEN_DAY if self.sex == 2 else self.written_day

    @property
    def sex(self) -> int:
        """Women's days are written plus 40."""
        return 2 if self.written_day > _WOMEN_DAY else 1


def nik_parts(nik: str) -> NikParts:
    """Take 16 digits apart."""
    return NikParts(int(nik[:2]), int(nik[6:8]), int(nik[8:10]), int(nik[10:12]))


def nik_fault(nik: str) -> str | None:
    """The first of `format`, `province`, `day`, `month`, `calendar_date`, `serial` that is wrong; None if none is."""
    if not is_sixteen_digits(nik):
        return "format"
    parts = nik_parts(nik)
    if parts.province not in _PROVINCES:
        return "province"
    if not 1 <= parts.day <= 31:
        return "day"
    if not 1 <= parts.month <= 12:
        return "month"
    if not _is_in_calendar(parts):
        return "calendar_date"
    return "serial" if nik.endswith("0000") else None


def nik_class(nik: str | None, kk: str | None) -> str:
    """`missing`, `malformed`, `dummy` or `valid`; `kk` is the family's r114, which is nobody's NIK."""
    if not nik:
        return "missing"
    fault = nik_fault(nik)
    if fault == "format":
        return "malformed"
    return "dummy" if fault or is_dummy_number(nik) or nik == kk else "valid"


def _is_in_calendar(parts: NikParts) -> bool:
    """A two-digit year that divides by 4 may be a leap year: 2000 was one."""
    year = (_COMMON_CENTURY if parts.year % 4 else _LEAP_CENTURY) + parts.year
    try:
        date(year, parts.month, parts.day)
    except ValueError:
        return False
    return True
