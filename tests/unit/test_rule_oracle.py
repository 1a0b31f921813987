"""Each rule of the catalogue, on a document that breaks it and on one that just does not."""

import polars as pl
import pytest
import yaml

from include.settings import PROJECT
from include.simulation.rule_oracle import FAMILY_RULES, PERSON_RULES, broken_by, severity
from include.simulation.rule_oracle_identity import nik_class, nik_fault
from include.simulation.rule_reading import Document
from include.simulation.violations import verdicts_on, violations, with_documents
from tests.rule_cases import (
    ACROSS,
    BUSINESS,
    DRAFT,
    ELDER,
    FAMILY_CASES,
    FINAL,
    HEAD,
    NO_NIK,
    OTHER,
    PERSON_CASES,
    TWICE,
    UNREACHED,
    Row,
    document,
    gone,
    head,
    vectors,
    with_child,
    with_toddler,
)

CATALOGUES = PROJECT / "dbt_project" / "models" / "intermediate" / "rules"


def catalogue(name: str) -> dict[str, str]:
    """Rule and severity, from the file that the pipeline reads."""
    models = yaml.safe_load((CATALOGUES / f"_rules_of_{name}.yml").read_text(encoding="utf-8"))["models"]
    return {rule["id"]: rule["severity"] for m in models for rule in m["config"]["meta"]["catalogue"]}


def test_the_oracle_knows_the_catalogue_and_its_severities() -> None:
    families, persons = catalogue("documents"), catalogue("persons")
    assert set(families) == FAMILY_RULES
    assert set(persons) == PERSON_RULES
    assert {rule: severity(rule) for rule in {**families, **persons}} == {**families, **persons}


def test_every_rule_has_cases() -> None:
    assert set(FAMILY_CASES) | set(PERSON_CASES) | ACROSS == set(catalogue("documents")) | set(catalogue("persons"))
    assert all(breaking and harmless for breaking, harmless in [*FAMILY_CASES.values(), *PERSON_CASES.values()])


def test_the_documents_of_the_cases_break_nothing_by_themselves() -> None:
    whole = [document(), document(UNREACHED, []), document(None, with_child()), document(None, with_toddler())]
    assert [broken_by(one) for one in [*whole, document(None, head(**ELDER)), document(None, head(**BUSINESS))]] == [
        [], [], [], [], [], [],
    ]  # fmt: skip


@pytest.mark.parametrize("rule", FAMILY_CASES)
def test_a_family_page_breaks_the_rule(rule: str) -> None:
    kept = [case for case in FAMILY_CASES[rule][0] if (0, rule) not in broken_by(document(*case))]
    assert kept == []


@pytest.mark.parametrize("rule", FAMILY_CASES)
def test_a_family_page_close_by_keeps_the_rule(rule: str) -> None:
    broken = [case for case in FAMILY_CASES[rule][1] if (0, rule) in broken_by(document(*case))]
    assert broken == []


@pytest.mark.parametrize("rule", PERSON_CASES)
def test_a_person_breaks_the_rule(rule: str) -> None:
    lines = [(document(None, persons), persons) for persons in PERSON_CASES[rule][0]]
    kept = [rows[-1] for one, rows in lines if (one.persons[-1].line, rule) not in broken_by(one)]
    assert kept == []


@pytest.mark.parametrize("rule", PERSON_CASES)
def test_a_person_close_by_keeps_the_rule(rule: str) -> None:
    broken = [p[-1] for p in PERSON_CASES[rule][1] if rule in {r for _, r in broken_by(document(None, p))}]
    assert broken == []


def test_persons_of_an_unreached_family_are_judged_by_no_rule() -> None:
    assert broken_by(document(UNREACHED, head(r403="1", r430="77"))) == [(0, "F22")]


def test_an_unreadable_outcome_is_judged_by_all_rules() -> None:
    assert {rule for _, rule in broken_by(document({"r205": "x", "r304": "9", "r302": "998"}))} == {"F04", "F23"}


def test_draft_codes_are_read_as_final_ones() -> None:
    newcomer = {**HEAD, "r404": "4"}
    assert broken_by(document(None, [newcomer], DRAFT)) == []
    assert (0, "F20") in broken_by(document({"r112": "1"}, [newcomer], FINAL))
    assert document({"r305": "5"}, None, DRAFT).family["r305"] == 6


def test_of_a_line_used_twice_the_first_person_counts() -> None:
    assert broken_by(document({"r112": "1"}, [HEAD, {**HEAD, "r401": "01", "r430": "77"}])) == []


def test_persons_without_a_readable_line_are_told_apart_by_row() -> None:
    two = [{**HEAD, "r401": "x"}, {**HEAD, "r401": None, "r409": "2"}]
    assert [person.line for person in document(None, two).persons] == [-1, -2]


def test_nik_vectors_are_judged_as_their_sources_say() -> None:
    told = {v["nik"]: (v["expected_valid"], v["fail_reason"]) for v in vectors() if v["nik"]}
    judged = {nik: ("no", fault) if (fault := nik_fault(nik)) else ("yes", "") for nik in told}
    assert len(told) > 45
    assert judged == told


def test_nik_vectors_are_valid_exactly_where_expected() -> None:
    wrong = [v["nik"] for v in vectors() if (nik_class(v["nik"], None) == "valid") != (v["expected_valid"] == "yes")]
    assert wrong == []
    assert {nik_class(v["nik"], None) for v in vectors()} == {"missing", "malformed", "dummy", "valid"}


@pytest.mark.parametrize("nik", ["1" * 16, "9999" + "150680" + "9001" + "01", "1234567890" + "123456"])
def test_placeholders_are_dummies(nik: str) -> None:
    assert nik_class(nik, None) == "dummy"


def test_a_nik_that_is_the_kk_number_is_a_dummy_there_and_nowhere_else() -> None:
    nik = "3501015006809001"
    assert (nik_class(nik, nik), nik_class(nik, None)) == ("dummy", "valid")


class Sent:
    """Documents of one landing zone, each with its fate."""

    def __init__(self) -> None:
        self.documents: list[tuple[Document, str]] = []
        self.fates: list[dict[str, object]] = []

    def add(
        self, family: Row, persons: list[Row], submission_id: str, fate: str = "accepted", staff: str = "P1"
    ) -> None:
        outcome, _, reason = fate.partition(":")
        self.documents.append((document(family, persons), staff))
        is_live = outcome not in ("rejected", "duplicate") and reason != "CONFLICT"
        self.fates.append({
            "bundle_name": "b", "arrival_day": "2022-10-17", "row_number": len(self.documents),
            "submission_id": submission_id, "is_deleted": family.get("is_deleted") == "1", "expected_outcome": outcome,
            "expected_reason": reason or None, "kind": "live" if is_live else "other",
        })  # fmt: skip

    def broken(self) -> list[tuple[int, int, str]]:
        """Row, person line and rule, of the rules across documents."""
        fates = pl.DataFrame(self.fates, schema_overrides={"expected_reason": pl.String})
        told = violations(with_documents(verdicts_on(self.documents), fates, fates))
        return told.filter(pl.col("rule_id").is_in(ACROSS)).select("row_number", "person_line", "rule_id").rows()


@pytest.mark.parametrize("rule", TWICE)
def test_what_two_documents_share_breaks_the_rule_in_both(rule: str) -> None:
    first, second, persons, line = TWICE[rule]
    sent = Sent()
    sent.add(first, persons, "x")
    sent.add(second, persons, "y", "held:RULES")
    assert sent.broken() == [(1, line, rule), (2, line, rule)]


@pytest.mark.parametrize("rule", TWICE)
def test_only_winners_of_another_id_count(rule: str) -> None:
    first, second, persons, line = TWICE[rule]
    sent = Sent()
    sent.add(first, persons, "x")
    sent.add(first, persons, "x", "superseded:REVISION")
    sent.add(second, persons, "y", "superseded:SAME_FAMILY")
    for fate in ("rejected:BAD_ID", "duplicate", "held:CONFLICT"):
        sent.add(second, persons, fate, fate)
    assert sent.broken() == [(3, line, rule)]


def test_a_kk_number_of_two_families_is_right_where_the_kk_code_says_so() -> None:
    sent = Sent()
    sent.add({}, NO_NIK, "x")
    sent.add({"r115": "1", "photo_sha256": "bb"}, NO_NIK, "y")
    assert sent.broken() == []


def test_placeholders_are_shared_by_nobody() -> None:
    sent = Sent()
    for identity in "xy":
        sent.add({"r114": "9" * 16, "photo_sha256": None}, head(r403="9" * 16), identity)
    assert sent.broken() == []


def test_a_nik_counts_where_a_resident_has_it() -> None:
    sent = Sent()
    sent.add({}, [HEAD], "x")
    sent.add(OTHER, [{**NO_NIK[0], "r401": "2"}, gone(r401="3", r403=HEAD["r403"])], "y")
    assert sent.broken() == []


@pytest.mark.parametrize(("visits", "is_overfull"), [(30, False), (31, True)])
def test_more_than_thirty_visits_overfill_the_day_of_an_enumerator(visits: int, is_overfull: bool) -> None:
    sent = Sent()
    alone: Row = {"r114": None, "r115": None, "photo_sha256": None}
    for number in range(visits):
        sent.add(alone, NO_NIK, f"d{number}")
    sent.add({**alone, **UNREACHED}, [], "nobody there")
    sent.add(alone, NO_NIK, "withdrawn", "superseded:TOMBSTONE")
    sent.add(alone, NO_NIK, "another's", staff="P2")
    sent.add({**alone, "r201": "2022-10-15"}, NO_NIK, "another day")
    full = [(n, 0, "C13") for n in [*range(1, visits + 1), visits + 2]]
    assert sent.broken() == (full if is_overfull else [])


def test_a_withdrawal_is_judged_by_no_rule() -> None:
    sent = Sent()
    sent.add({"is_deleted": "1"}, [], "x", "superseded:TOMBSTONE")
    fates = pl.DataFrame(sent.fates)
    assert violations(with_documents(verdicts_on(sent.documents), fates, fates)).height == 0
