"""Whatever is rejected or held has words for whoever can mend it."""

import csv
import re

from include.settings import PROJECT

CODES = PROJECT / "dbt_project" / "seeds" / "codes"
CONTRACT = (PROJECT / "docs" / "upload-contract.md").read_text(encoding="utf-8")
OWN_REASONS = {
    "rejected_document": {"BAD_AREA_CODE", "UNKNOWN_SUB_SLS", "BAD_ID", "BAD_FAMILY_NUMBER"},
    "conflict": {"CONFLICT"},
    "rejected_person": {"ORPHAN_PERSON", "DUPLICATE_LINE"},
}


def lines(seed: str) -> list[dict[str, str]]:
    with (CODES / seed).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_reason_of_the_contract_has_its_words_and_no_other_has() -> None:
    told: dict[str, set[str]] = {}
    for line in lines("return_reasons.csv"):
        told.setdefault(line["item_kind"], set()).add(line["reason"])
    assert told == {"rejected_bundle": {line["reason"] for line in lines("bundle_reasons.csv")}, **OWN_REASONS}


def test_the_reasons_are_those_the_contract_names() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]{4,})`", CONTRACT))
    assert {line["reason"] for line in lines("return_reasons.csv")} - named == set()


def test_both_languages_say_what_is_wrong_and_what_to_do() -> None:
    columns = [f"{text}_{language}" for text in ("problem", "treatment") for language in ("id", "en")]
    assert [line["reason"] for line in lines("return_reasons.csv") if not all(line[c].strip() for c in columns)] == []
