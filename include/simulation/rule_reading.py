"""A document as rules read it: cells of text as numbers, codes of the final form, persons loaded (docs/rules.md)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from include.contract import FAMILY_COLUMNS, FORM_VERSIONS, PERSON_COLUMNS

Row = Mapping[str, str | None]

UNREADABLE = -1
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# Draft code -> final code, and what both forms print otherwise than the catalogue counts.
_FAMILY_CODES_OF_DRAFT = {"r305": {5: 6, 6: 5}}
_PERSON_CODES_OF_DRAFT = {"r404": {4: 5, 5: 6}}
_FAMILY_CODES_OF_BOTH = {"r308": {12: 0}, "r306b": {3: 8}}


class Answers:
    """The cells of one row. As a number a cell is None where missing and UNREADABLE where it is no whole number."""

    def __init__(self, row: Row, recoded: Mapping[str, Mapping[int, int]]) -> None:
        """Read `row`, whose cells may be missing altogether, through these recodings."""
        self._row, self._recoded = row, recoded
        self._numbers: dict[str, int | None] = {}

    def text(self, column: str) -> str | None:
        """The cell as sent; None where empty."""
        return self._row.get(column) or None

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


@dataclass(frozen=True)
class Person:
    """A loaded person; `line` is r401, or minus the row number in `anggota.csv` where that is missing or unreadable."""

    line: int
    answers: Answers

    @property
    def is_resident(self) -> bool:
        """Lives with the family."""
        return self.answers["r404"] in (1, 5)

    @property
    def is_gone(self) -> bool:
        """Died, moved or was not found."""
        return self.answers["r404"] in (2, 3, 4, 6)

    @property
    def age(self) -> int | None:
        """Years, where r407 is readable."""
        return self.answers.readable("r407")

    @cached_property
    def difficulties(self) -> int:
        """Functioning answers 1 or 2."""
        return sum(self.answers[f"r428{letter}"] in (1, 2) for letter in "abcdefghij")


@dataclass(frozen=True)
class Document:
    """A family row with its loaded persons; `field_day` is r201, or the day in the bundle's name."""

    family: Answers
    persons: Sequence[Person]
    field_day: date
    arrival_day: date

    @property
    def is_unreached(self) -> bool:
        """Outcome 3, 4 or 5: nobody answered."""
        return self.family["r205"] in (3, 4, 5)

    @cached_property
    def residents(self) -> list[Person]:
        """Persons who live with the family."""
        return [person for person in self.persons if person.is_resident]

    @cached_property
    def heads(self) -> list[Person]:
        """Residents who are head of the family."""
        return [person for person in self.residents if person.answers["r409"] == 1]

    @property
    def head_age(self) -> int | None:
        """Age of the one head; None where there is not exactly one."""
        return self.heads[0].age if len(self.heads) == 1 else None


def read_document(
    family: Row, persons: Iterable[tuple[int, Row]], form_version: str, bundle_day: date, arrival_day: date
) -> Document:
    """Read a row of `keluarga.csv` with the persons of its bundle that have its id and revision.

    `persons` come with their row numbers, in order; of a line used twice the first counts. `bundle_day` stands in the
    bundle's name.
    """
    is_draft = form_version == FORM_VERSIONS[1]
    family_codes = {**_FAMILY_CODES_OF_BOTH, **(_FAMILY_CODES_OF_DRAFT if is_draft else {})}
    loaded: dict[int, Person] = {}
    for row_number, row in persons:
        answers = Answers(row, _PERSON_CODES_OF_DRAFT if is_draft else {})
        line = answers.readable("r401")
        person = Person(-row_number if line is None else line, answers)
        loaded.setdefault(person.line, person)
    answers = Answers(family, family_codes)
    return Document(answers, list(loaded.values()), day_of(answers.text("r201")) or bundle_day, arrival_day)


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
