"""Documents received with their fates, days, answers as corrected and persons (contract §3, docs/corrections.md)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from tests.oracle.landing import Row, day_of, read_bundle, rows_of, whole

WINDOW = (date(2022, 10, 15), date(2023, 1, 12))
DRAFT_PERSON = {"r404": {4: "5", 5: "6"}}
DRAFT_FAMILY = {"r305": {5: "6", 6: "5"}}
EITHER_FAMILY = {"r308": {12: "0"}, "r306b": {3: "8"}}


@dataclass(frozen=True)
class Document:
    """One row of keluarga.csv of an accepted bundle."""

    bundle_name: str
    arrival_day: date
    row_number: int
    enumerator_id: str
    answers: Row
    persons: list[Row]
    outcome: str
    reason: str

    @property
    def document_id(self) -> str:
        """Ids compare in lower case."""
        return self.answers["submission_id"].lower()

    @property
    def idsubsls(self) -> str:
        """Sixteen digits, where the area code is sound."""
        return "".join(self.answers[column] for column in ("r101", "r102", "r103", "r104", "r105"))

    @property
    def key(self) -> tuple[str, int, int]:
        """The family's; to be asked of documents that were not rejected."""
        return self.idsubsls, int(self.answers["r109"]), int(self.answers["r110"])

    @property
    def field_day(self) -> date:
        """r201, or the day in the bundle's name."""
        named = self.bundle_name.split("_")[2]
        return day_of(self.answers["r201"]) or date.fromisoformat(f"{named[:4]}-{named[4:6]}-{named[6:]}")

    @property
    def progress_day(self) -> date:
        """The field day, not before the window and not after the arrival."""
        return min(max(self.field_day, WINDOW[0]), max(self.arrival_day, WINDOW[0]))

    @property
    def has_place(self) -> bool:
        """Whether a sub-SLS of the frame is named."""
        return self.reason not in ("BAD_AREA_CODE", "UNKNOWN_SUB_SLS")

    @property
    def is_held(self) -> bool:
        """Held by a rule; a conflict is another matter."""
        return (self.outcome, self.reason) == ("held", "RULES")

    @property
    def is_winner(self) -> bool:
        """Whether it speaks for its family."""
        return self.outcome == "accepted" or self.is_held

    @property
    def is_enumerated(self) -> bool:
        """A winner whose visit reached the family."""
        return self.is_winner and whole(self.answers["r205"]) in (1, 2)

    @property
    def residents(self) -> list[Row]:
        """Persons who live with the family."""
        return [person for person in self.persons if whole(person["r404"]) in (1, 5)]

    @property
    def minutes(self) -> Fraction | None:
        """Length of the visit, where both ends are readable."""
        try:
            started, ended = (datetime.fromisoformat(self.answers[c]) for c in ("started_at", "ended_at"))
        except ValueError:
            return None
        return Fraction((ended - started) // timedelta(microseconds=1), 60_000_000)


def received(landing: Path) -> list[Document]:
    """Every document of an accepted bundle, in order of arrival day, bundle name and row."""
    corrections = _corrections(landing)
    return [
        document
        for bundle in accepted_bundles(landing)
        for document in _documents_of(landing, bundle, _fates(landing), corrections)
    ]


def accepted_bundles(landing: Path) -> list[Row]:
    """Name and arrival day of each bundle that is loaded, in order of both."""
    told = rows_of((landing / "_truth" / "bundles.csv").read_bytes())
    accepted = [row for row in told if row["expected_outcome"] == "accepted"]
    return sorted(accepted, key=lambda row: (row["arrival_day"], row["bundle_name"]))


def _fates(landing: Path) -> dict[tuple[str, str, str], Row]:
    told = rows_of((landing / "_truth" / "documents.csv").read_bytes())
    return {(row["bundle_name"], row["arrival_day"], row["row_number"]): row for row in told}


def _documents_of(
    landing: Path, listed: Row, fates: dict[tuple[str, str, str], Row], corrections: list[Row]
) -> list[Document]:
    name, day = listed["bundle_name"], listed["arrival_day"]
    bundle = read_bundle(landing / "uploads" / day / name)
    documents = []
    for number, written in enumerate(bundle.families, start=1):
        answers = _recoded(written, EITHER_FAMILY | (DRAFT_FAMILY if bundle.is_draft else {}))
        persons = [_recoded(p, DRAFT_PERSON if bundle.is_draft else {}) for p in _loaded(written, bundle.persons)]
        fate = fates[name, day, str(number)]
        _correct(answers, persons, corrections)
        told = (fate["expected_outcome"], fate["expected_reason"])
        documents.append(Document(name, date.fromisoformat(day), number, bundle.enumerator_id, answers, persons, *told))
    return documents


def _recoded(row: Row, codes: dict[str, dict[int, str]]) -> Row:
    """The final form's codes; anything else stays as written."""
    return row | {column: known.get(whole(row[column]) or 0, row[column]) for column, known in codes.items()}


def _loaded(document: Row, persons: list[Row]) -> list[Row]:
    """Person rows of one document, each line once, the first; a line nobody can read is a line of its own."""
    lines: dict[object, Row] = {}
    for number, person in enumerate(persons):
        if (person["submission_id"], person["revision"]) == (document["submission_id"], document["revision"]):
            line = whole(person["r401"])
            lines.setdefault((number, "unreadable") if line is None else line, person)
    return list(lines.values())


def _corrections(landing: Path) -> list[Row]:
    """The whole log, in order of day, hour of decision and row."""
    log = [row for file in sorted(landing.glob("corrections/*/corrections.csv")) for row in rows_of(file.read_bytes())]
    assert len({(row["submission_id"], row["line"], row["variable"]) for row in log}) == len(log), "one an answer"
    return log


def _correct(answers: Row, persons: list[Row], corrections: list[Row]) -> None:
    """Apply what the log says of this document and revision, where the old value is still what it says."""
    for log in corrections:
        if (log["submission_id"].lower(), log["revision"]) == (answers["submission_id"].lower(), answers["revision"]):
            for row in [answers] if not log["line"] else [p for p in persons if whole(p["r401"]) == int(log["line"])]:
                if _as_read(row[log["variable"]]) == _as_read(log["old_value"]):
                    row[log["variable"]] = log["new_value"]


def _as_read(text: str) -> int | str:
    """As a person reads it: blanks around do not count, 07 is 7."""
    number = whole(text.strip())
    return text.strip() if number is None else number
