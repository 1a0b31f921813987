"""What a hostile bundle is and what must come of it; a canary stands in every row, and may stand in no finding."""

from dataclasses import dataclass, field

from include.contract import FAMILY_COLUMNS, PERSON_COLUMNS
from tests.builders import DAY, bundle_bytes, csv_bytes, family, person_of

NAME = "3573_P35730042_20221016_01.zip"
CANARIES = ("KENARI", "3573014506809001", "0800000123")
_WORDS = {"r106": "RT KENARI", "r108": "SITI KENARI", "r114": CANARIES[1], "r206": CANARIES[2], "notes": "KENARI"}
FAMILIES = [family(1, **_WORDS), family(2, **_WORDS)]
PERSONS = [person_of(document) | {"r402": "SITI KENARI", "r403": CANARIES[1]} for document in FAMILIES]
FAMILY_CSV, PERSON_CSV = csv_bytes(FAMILIES, FAMILY_COLUMNS), csv_bytes(PERSONS, PERSON_COLUMNS)
UNREADABLE = {"NOT_A_ZIP", "ENCRYPTED", "TOO_LARGE", "MISSING_MEMBER", "BAD_ENCODING", "BAD_CSV", "MISSING_COLUMN"}


@dataclass(frozen=True)
class Case:
    """``reason`` is the first that applies, None if accepted; ``rows`` are those of each member that raw must hold."""

    content: bytes = field(repr=False)
    reason: str | None = None
    warnings: frozenset[str] = frozenset()
    name: str = NAME
    arrival: str = DAY
    rows: tuple[int, int] = (len(FAMILIES), len(PERSONS))

    @property
    def in_raw(self) -> tuple[int, int]:
        """Rows raw must hold of documents and persons: none of what cannot be read."""
        return (0, 0) if self.reason in UNREADABLE else self.rows


def sound(**changes: object) -> bytes:
    """The bundle every case starts from; ``changes`` as :func:`tests.builders.bundle_bytes` takes them."""
    return bundle_bytes(FAMILIES, PERSONS, **changes)  # type: ignore[arg-type]
