"""Documents sent through a landing zone and read by the oracle too, so that the two judges can be held together."""

from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

import polars as pl

from include.simulation.rule_reading import Document, read_document
from include.simulation.violations import verdicts_on, violations, with_documents
from tests.builders import ENUMERATOR, LandingZone, document_id
from tests.pipeline import rows
from tests.rule_cases import ARRIVAL_DAY, FIELD_DAY, FINAL, Row, cells_of

PER_BUNDLE = 300
FAMILIES_OF_A_BUILDING = 999

Place = tuple[str, str, int]
Breach = tuple[str, str, int, int, str]


@dataclass
class Sent:
    """One document; where it stands is known once it is sent."""

    family: Row
    persons: list[Row]
    form_version: str
    enumerator: str
    arrival: str
    place: Place = ("", "", 0)
    document: Document | None = None

    @property
    def bundle(self) -> tuple[str, str, str]:
        """What documents of one bundle have in common."""
        return self.arrival, self.enumerator, self.form_version


@dataclass
class RuleZone:
    """Documents of one landing zone, in order."""

    zone: LandingZone
    sent: list[Sent] = field(default_factory=list)

    def add(
        self, family: Row | None = None, persons: list[Row] | None = None, *, form_version: str = FINAL,
        enumerator: str = ENUMERATOR, arrival: str = str(ARRIVAL_DAY), **identity: str,
    ) -> Sent:  # fmt: skip
        """Add a document with an id and a family number of its own, unless `identity` says otherwise."""
        number = len(self.sent)
        building, place = divmod(number, FAMILIES_OF_A_BUILDING)
        own: Row = {"submission_id": document_id(number), "r109": str(building + 1), "r110": str(place + 1)}
        cells, people = cells_of(family, persons)
        cells = {**cells, **own, **identity}
        signed: Row = {"submission_id": cells["submission_id"], "revision": cells["revision"]}
        people = [{**row, **signed} for row in people]
        self.sent.append(Sent(cells, people, form_version, enumerator, arrival))
        return self.sent[-1]

    def send(self) -> list[Sent]:
        """Write the bundles; documents are told where they stand, in the order they were added."""
        bundle = attrgetter("bundle")
        sequence = 0
        for _, together in groupby(sorted(self.sent, key=bundle), key=bundle):
            documents = list(together)
            for start in range(0, len(documents), PER_BUNDLE):
                sequence += 1
                self._send_bundle(documents[start : start + PER_BUNDLE], sequence)
        return self.sent

    def _send_bundle(self, documents: list[Sent], sequence: int) -> None:
        one = documents[0]
        persons = [row for sent in documents for row in sent.persons]
        name = self.zone.send(
            [sent.family for sent in documents], persons, day=str(FIELD_DAY), arrival=one.arrival,
            enumerator=one.enumerator, sequence=sequence, form_version=one.form_version,
        )  # fmt: skip
        row = 0
        for number, sent in enumerate(documents, start=1):
            numbered = list(enumerate(sent.persons, start=row + 1))
            row += len(sent.persons)
            sent.place = (name, sent.arrival, number)
            arrival = ARRIVAL_DAY.fromisoformat(sent.arrival)
            sent.document = read_document(sent.family, numbered, sent.form_version, FIELD_DAY, arrival)


def found_breaches() -> set[Breach]:
    """Bundle, arrival day, document row, person line and rule, of every breach that the warehouse lists."""
    return set(
        rows(
            "select bundle_name, arrival_day::varchar, row_number::bigint, person_line::bigint, rule_id"
            " from intermediate.int_rules__breaches where is_in_force and not is_as_sent"
        )
    )


def expected_breaches(sent: list[Sent]) -> set[Breach]:
    """The same by the oracle, given what became of each document (by which documents are told apart, not rules)."""
    verdicts = verdicts_on([(one.document, one.enumerator) for one in sent if one.document])
    places = pl.DataFrame([one.place for one in sent], orient="row", schema=_PLACE)
    told = violations(with_documents(verdicts, places, _fates()))
    return set(told.select(*_PLACE, "person_line", "rule_id").rows())


_PLACE = {"bundle_name": pl.String, "arrival_day": pl.String, "row_number": pl.Int64}


def _fates() -> pl.DataFrame:
    found = rows(
        "select bundle_name, arrival_day::varchar, row_number::bigint, coalesce(document_id, submission_id),"
        " is_tombstone, outcome, reason,"
        " if(outcome in ('rejected', 'duplicate') or reason is not distinct from 'CONFLICT', 'other', 'live')"
        " from intermediate.int_documents__fate"
    )
    texts = ["expected_outcome", "expected_reason", "kind"]
    schema = {**_PLACE, "submission_id": pl.String, "is_deleted": pl.Boolean, **dict.fromkeys(texts, pl.String)}
    return pl.DataFrame(found, orient="row", schema=schema)
