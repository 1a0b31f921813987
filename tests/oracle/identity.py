"""Numbers of persons and families that could be somebody's (docs/rules.md, words of the catalogue)."""

import re
from datetime import date

PROVINCES = {
    *range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)
}  # fmt: skip
UPWARDS = ("1234567890" * 2)[:16]


def is_placeholder(number: str) -> bool:
    """All digits equal, or 9999 in front, or counting upwards, or no serial."""
    return len(set(number)) == 1 or number.startswith("9999") or number == UPWARDS or number.endswith("0000")


def is_usable_kk(number: str) -> bool:
    """Sixteen digits and no placeholder."""
    return re.fullmatch("[0-9]{16}", number) is not None and not is_placeholder(number)


def is_usable_nik(number: str) -> bool:
    """Sixteen digits, no placeholder, a province, and a birth date of the calendar."""
    if not is_usable_kk(number) or int(number[:2]) not in PROVINCES:
        return False
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    day -= 40 if day > 40 else 0
    try:
        return bool(date(2000 if year % 4 == 0 else 2001, month, day)) and int(number[6:8]) not in range(32, 41)
    except ValueError:
        return False
