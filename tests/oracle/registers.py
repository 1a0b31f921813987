"""family_register and person_register as docs/shock.md defines them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.documents import Document
from tests.oracle.figures import rounded
from tests.oracle.identity import is_usable_nik
from tests.oracle.landing import Row, whole

Told = dict[str, Any]
Key = tuple[str, int, int]


@dataclass(frozen=True)
class Register:
    """Enumerated families and their residents, and what the frame expects."""

    families: dict[Key, Told]
    persons: list[Told]
    expected: dict[str, int]
    as_of: date

    @cached_property
    def members(self) -> dict[Key, list[Told]]:
        """Residents by family."""
        members: dict[Key, list[Told]] = defaultdict(list)
        for person in self.persons:
            members[key_of(person)].append(person)
        return members

    @cached_property
    def bearers(self) -> Counter[str]:
        """Residents by NIK."""
        return Counter(person["nik"] for person in self.persons if person["nik"])

    @cached_property
    def on_file(self) -> Counter[str]:
        """Enumerated families by sub-SLS."""
        return Counter(key[0] for key in self.families)


def key_of(row: Told) -> Key:
    """The family's."""
    return row["idsubsls"], row["building_number"], row["family_number"]


def register(documents: list[Document], welfare: list[Told], expected: dict[str, int], as_of: date) -> Register:
    """family_register and person_register."""
    deciles = {key_of(row): row for row in welfare}
    families, persons = {}, []
    for document in documents:
        if document.is_enumerated:
            key = dict(zip(("idsubsls", "building_number", "family_number"), document.key, strict=True))
            ranked = deciles.get(document.key, {})
            families[document.key] = key | _family(document) | {
                name: ranked.get(name) for name in ("decile_family_province", "decile_family_kab")
            } | {"as_of": as_of}  # fmt: skip
            persons += [key | _person(person, document) | {"as_of": as_of} for person in document.residents]
    return Register(families, persons, expected, as_of)


def _family(document: Document) -> Told:
    written = document.answers
    latitude, longitude = _degrees(written["latitude"], -12, 7), _degrees(written["longitude"], 94, 142)
    is_located = latitude is not None and longitude is not None
    return {
        "kab_code": document.idsubsls[:4],
        "bps_desa_code": document.idsubsls[:10],
        "document_id": document.document_id,
        "head_name": written["r108"].strip() or None,
        "address": written["r107"].strip() or None,
        "sls_name": written["r106"].strip() or None,
        "kk_number": written["r114"].strip() or None,
        "latitude": latitude if is_located else None,
        "longitude": longitude if is_located else None,
        "is_held": document.is_held,
        "field_day": document.field_day,
        "arrival_day": document.arrival_day,
        "resident_persons": len(document.residents),
    }


def _degrees(text: str, least: int, most: int) -> Fraction | None:
    try:
        value = rounded(Fraction(text.strip()), 6)
    except ValueError:
        return None
    return value if least <= value <= most else None


def _person(person: Row, document: Document) -> Told:
    age = whole(person["r407"])
    sex = whole(person["r405"])
    difficulties = [whole(person[f"r428{x}"]) for x in "abcdefghij"]
    return {
        "person_line": whole(person["r401"]),
        "kab_code": document.idsubsls[:4],
        "nik": _nik(person["r403"], document),
        "person_name": person["r402"].strip() or None,
        "sex": sex,
        "age_years": age,
        "is_under_5": age is not None and age < 5,
        "is_60_plus": age is not None and age >= 60,
        "is_pregnant": whole(person["r410"]) == 1,
        "has_disability": 1 in difficulties or 2 in difficulties,
        "has_chronic_illness": whole(person["r430"]) in range(2, 19),
        "lacks_caregiver": whole(person["r429"]) == 3,
    }


def _nik(written: str, document: Document) -> str | None:
    return written if is_usable_nik(written) and written != document.answers["r114"] else None
