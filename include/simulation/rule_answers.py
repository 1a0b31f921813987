"""The cells of one row as rules read them: text as numbers (docs/rules.md)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from include.contract import FAMILY_COLUMNS, PERSON_COLUMNS

Row = Mapping[str, str | None]

UNREADABLE = -1
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_NAMES = frozenset({"r106", "r108", "r402"})
# Every run of them is one space in a name (macro blanks); Python's own strip knows other ones.
_BLANKS = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Answers:
    """The cells of one row. As a number a cell is None where missing and UNREADABLE where it is no whole number."""

    def __init__(self, row: Row, recoded: Mapping[str, Mapping[int, int]]) -> None:
        """Read `row`, whose cells may be missing altogether, through these recodings."""
        self._row, self._recoded = row, recoded
        self._numbers: dict[str, int | None] = {}

    def text(self, column: str) -> str | None:
        """The cell as sent; None where empty, or where a name is nothing but blanks."""
        text = self._row.get(column) or None
        return None if text and column in _NAMES and _BLANKS.fullmatch(text) else text

    def filled(self, column: str) -> bool:
        """Whether something stands in the cell."""
        return self.text(column) is not None

    def count_filled(self, columns: Iterable[str]) -> int:
        """How many of the cells are filled."""
        return sum(self.filled(column) for column in columns)

    def __getitem__(self, column: str) -> int | None:
        """The cell as a number, in the final form's codes."""
        if column not in self._numbers:
            self._numbers[column] = self._number(column)
        return self._numbers[column]

    def readable(self, column: str) -> int | None:
        """The cell as a number; None also where unreadable."""
        number = self[column]
        return None if number == UNREADABLE else number

    def outside(self, lists: Mapping[str, range | tuple[int, ...]]) -> bool:
        """Whether a filled cell holds what its list does not."""
        return any(self.filled(column) and self[column] not in codes for column, codes in lists.items())

    def _number(self, column: str) -> int | None:
        text = self.text(column)
        if text is None:
            return None
        number = int(text) if _WHOLE_NUMBER.fullmatch(text) else UNREADABLE
        return self._recoded.get(column, {}).get(number, number)


def day_of(text: str | None) -> date | None:
    """A day written YYYY-MM-DD; None where there is none."""
    if text is None or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def family_columns(first: str, last: str) -> tuple[str, ...]:
    """The columns of `keluarga.csv` from one to another, both included."""
    return FAMILY_COLUMNS[FAMILY_COLUMNS.index(first) : FAMILY_COLUMNS.index(last) + 1]


def person_columns(first: str, last: str) -> tuple[str, ...]:
    """The columns of `anggota.csv` from one to another, both included."""
    return PERSON_COLUMNS[PERSON_COLUMNS.index(first) : PERSON_COLUMNS.index(last) + 1]


def unlike(filled: bool, wanted: bool | None) -> bool:
    """Whether *filled if and only if wanted* is broken; not where it is unknown whether it is wanted."""
    return wanted is not None and filled != wanted
