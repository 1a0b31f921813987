"""A document as rules read it: codes of the final form, persons loaded (docs/rules.md)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from include.contract import FORM_VERSIONS
from include.simulation.rule_answers import Answers, Row, day_of
from include.simulation.rule_oracle_identity import NikParts, nik_class, nik_parts

# Draft code -> final code, and what both forms print otherwise than the catalogue counts.
_FAMILY_CODES_OF_DRAFT = {"r305": {5: 6, 6: 5}}
_PERSON_CODES_OF_DRAFT = {"r404": {4: 5, 5: 6}}
_FAMILY_CODES_OF_BOTH = {"r308": {12: 0}, "r306b": {3: 8}}


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


@dataclass(frozen=True)
class Asked:
    """A person within the document."""

    person: Person
    document: Document

    @cached_property
    def nik_class(self) -> str:
        """`missing`, `malformed`, `dummy` or `valid`."""
        return nik_class(self.answers.text("r403"), self.document.family.text("r114"))

    @property
    def answers(self) -> Answers:
        """The person's cells."""
        return self.person.answers

    @property
    def age(self) -> int | None:
        """Years, where readable."""
        return self.person.age

    @property
    def nik(self) -> NikParts | None:
        """The NIK's parts, where it is valid."""
        return nik_parts(self.answers.text("r403") or "") if self.nik_class == "valid" else None

    def is_aged(self, low: int, high: int | None = None) -> bool | None:
        """Whether the age lies in low..high; None where it is not known."""
        return None if self.age is None else low <= self.age and (high is None or self.age <= high)


FamilyRule = Callable[[Document], bool]
PersonRule = Callable[[Asked], bool]


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
