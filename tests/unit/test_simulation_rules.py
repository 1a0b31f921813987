"""Simulated documents obey every hard rule, and what defects break is what the truth says."""

import csv
import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from include.contract import BUNDLE_NAME, FAMILY_MEMBER, FORM_VERSIONS, PERSON_MEMBER
from include.simulation import Plan, simulate
from include.simulation.rule_oracle import ERROR_RULES, RULES, broken_by
from include.simulation.rule_reading import Document, read_document
from include.simulation.violations import VIOLATION_SCHEMA, verdicts_on, violations, with_documents

Row = dict[str, str]

# Rules that field life itself breaks now and then: NIK issued elsewhere, no family card, a visit broken off.
NATURAL = {"N01", "F25", "P13"}


@dataclass
class SentDocument:
    """A family row with the person rows of its bundle that have its id and revision, as sent."""

    family: Row
    persons: list[Row]
    person_numbers: list[int]
    form_version: str
    bundle_name: str
    arrival_day: str
    row_number: int

    def read(self) -> Document:
        told = BUNDLE_NAME.fullmatch(self.bundle_name)
        assert told is not None
        persons = list(zip(self.person_numbers, self.persons, strict=True))
        days = date.fromisoformat(told["field_day"]), date.fromisoformat(self.arrival_day)
        return read_document(self.family, persons, self.form_version, *days)

    @property
    def enumerator_id(self) -> str:
        return self.bundle_name.split("_")[1]


def documents_in(bundle: Path) -> list[SentDocument]:
    with zipfile.ZipFile(bundle) as archive:
        families, persons = (
            list(csv.DictReader(io.StringIO(archive.read(member).decode())))
            for member in (FAMILY_MEMBER, PERSON_MEMBER)
        )
        form = FORM_VERSIONS[b"K-2022-draft" in archive.read("manifest.json")]
    found = []
    for number, family in enumerate(families, start=1):
        version = (family["submission_id"], family["revision"])
        mine = [(n, p) for n, p in enumerate(persons, 1) if (p["submission_id"], p["revision"]) == version]
        numbers, rows = [n for n, _ in mine], [p for _, p in mine]
        found.append(SentDocument(family, rows, numbers, form, bundle.name, bundle.parent.name, number))
    return found


def judged(out: Path, folder: str = "uploads") -> list[SentDocument]:
    """Every document under the folder that rules judge, of a province without defects: all but tombstones."""
    every = [d for bundle in sorted((out / folder).rglob("*.zip")) for d in documents_in(bundle)]
    return [d for d in every if d.family["is_deleted"] == "0"]


def accepted_documents(out: Path) -> list[SentDocument]:
    """Every document of the accepted bundles."""
    told = pl.read_csv(out / "_truth" / "bundles.csv").filter(pl.col("expected_outcome") == "accepted")
    keys = told.select("arrival_day", "bundle_name").rows()
    return [document for day, name in keys for document in documents_in(out / "uploads" / day / name)]


def violations_of(out: Path) -> pl.DataFrame:
    """The violations told from the files of the landing zone and the fates of its documents."""
    documents = accepted_documents(out)
    verdicts = verdicts_on([(d.read(), d.enumerator_id) for d in documents])
    rows = [(d.bundle_name, d.arrival_day, d.row_number, d.family["is_deleted"] == "1") for d in documents]
    keys = ["bundle_name", "arrival_day", "row_number"]
    placed = pl.DataFrame(rows, schema=[*keys, "is_deleted"], orient="row")
    fates = pl.read_csv(out / "_truth" / "documents.csv", schema_overrides={"revision": pl.String}).join(
        placed, on=keys
    )
    is_judged = ~pl.col("expected_outcome").is_in(["rejected", "duplicate"]) & (
        pl.col("expected_reason").fill_null("") != "CONFLICT"
    )
    fates = fates.with_columns(kind=pl.when(is_judged).then(pl.lit("live")).otherwise(pl.lit("other")))
    return violations(with_documents(verdicts, placed, fates))


def told_violations(out: Path) -> pl.DataFrame:
    return pl.read_csv(out / "_truth" / "violations.csv", schema=VIOLATION_SCHEMA)


def broken(document: SentDocument) -> set[str]:
    return {rule for _, rule in broken_by(document.read())}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sound") / "landing"
    simulate(Plan(out, enumerators=60, days=3, headquarters="frame"))
    return out


@pytest.fixture(scope="module")
def sound_documents(sound: Path) -> list[SentDocument]:
    return judged(sound)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("damaged") / "landing"
    simulate(Plan(out, enumerators=60, days=3, headquarters="frame", defects=True))
    return out


@pytest.mark.parametrize("folder", ["uploads", "pes"])
def test_no_hard_rule_is_broken_without_defects(sound: Path, folder: str) -> None:
    documents = judged(sound, folder)
    wrong = {rule: d.family["submission_id"] for d in documents for rule in broken(d) & ERROR_RULES}
    assert len(documents) > 50
    assert wrong == {}


def test_field_life_alone_breaks_three_warnings_and_nothing_else(sound: Path) -> None:
    assert set(violations_of(sound)["rule_id"]) == NATURAL


def test_a_sound_province_has_a_list_of_violations_with_a_header_only(sound: Path) -> None:
    assert (sound / "_truth" / "violations.csv").read_text() == ",".join(VIOLATION_SCHEMA) + "\n"


def test_complete_documents_lack_no_required_answer(sound_documents: list[SentDocument]) -> None:
    complete = [d for d in sound_documents if d.family["r205"] == "1"]
    residents = [p for d in complete for p in d.persons if p["r404"] in ("1", "5")]
    missing = {rule for d in complete for rule in broken(d) & {"F24", "P13"}}
    assert len(complete) > 1000
    assert missing == set()
    assert all(p["r412"] for p in residents if int(p["r407"]) >= 5)


def a_person(**like: Callable[[str], bool]) -> Callable[[SentDocument], Row | None]:
    """Finds a resident whose answers are so."""

    def find(document: SentDocument) -> Row | None:
        fitting = (
            p for p in document.persons if all(fits(p[c]) for c, fits in like.items()) and p["r404"] in ("1", "5")
        )
        return next(fitting, None)

    return find


def a_family(**like: str) -> Callable[[SentDocument], Row | None]:
    """Finds a family row whose answers are so."""
    return lambda document: document.family if all(document.family[c] == value for c, value in like.items()) else None


def aged(low: int, high: int) -> Callable[[str], bool]:
    return lambda age: low <= int(age) <= high


PLANTED: list[tuple[str, Callable[[SentDocument], Row | None], Row]] = [
    ("F01", a_family(r205="1"), {"r106": ""}),
    ("F01", a_family(r205="3"), {"r108": ""}),
    ("F02", a_family(r205="1"), {"r114": "357304010100901"}),
    ("F02", a_family(r205="1"), {"r111": "4"}),
    ("F03", a_family(r301a="1"), {"r301b": ""}),
    ("F04", a_family(r205="1"), {"r302": "998"}),
    ("F05", a_family(r306a="1"), {"r306b": "1"}),
    ("F06", a_family(r307a="1"), {"r307b1": ""}),
    ("F07", a_family(r309a="1"), {"r309b": ""}),
    ("F08", a_family(r308="4"), {"r502a": "1"}),
    ("F09", a_family(r502b="1"), {"r307a": "4"}),
    ("F10", a_family(r501a="2"), {"r501a_month": "5"}),
    ("F10", a_family(r501a="1"), {"r501a_month": "9", "r501a_year": "2021"}),
    ("F11", a_family(r205="1"), {"r505": "4"}),
    ("F20", a_family(r205="1"), {"r112": "15"}),
    ("F21", a_person(r409=lambda v: v == "1"), {"r409": "8"}),
    ("F21", a_person(r409=lambda v: v == "3"), {"r409": "1"}),
    ("F22", a_family(r205="5"), {"r303": "1"}),
    ("F23", a_family(r205="1"), {"r303": "10"}),
    ("P01", a_person(), {"r403": "357304010100901"}),
    ("P02", a_person(), {"r405": ""}),
    ("P02", a_person(), {"r404": "3"}),
    ("P03", a_person(r405=lambda v: v == "1"), {"r410": "2"}),
    ("P04", a_person(r407=aged(0, 4)), {"r412": "1"}),
    ("P04", a_person(r412=lambda v: v == "3"), {"r415": ""}),
    ("P05", a_person(r416a=lambda v: v == "1"), {"r417": ""}),
    ("P06", a_person(r420a=lambda v: v == "1"), {"r424": ""}),
    ("P07", a_person(r407=aged(0, 4)), {"r427": ""}),
    ("P08", a_person(r407=aged(2, 4)), {"r428g": "4"}),
    ("P09", a_person(r407=aged(60, 98)), {"r429": ""}),
    ("P10", a_person(r407=aged(5, 98)), {"r431c": "3"}),
    ("P10", a_person(r407=aged(31, 98)), {"r431e": "2"}),
    ("P11", a_person(), {"r431a": "16"}),
    ("P12", a_person(), {"r430": "19"}),
]


@pytest.mark.parametrize(("rule", "find", "change"), PLANTED)
def test_the_oracle_sees_a_planted_breach(
    sound_documents: list[SentDocument], rule: str, find: Callable[[SentDocument], Row | None], change: Row
) -> None:
    final = [d for d in sound_documents if d.form_version == FORM_VERSIONS[0]]
    document = deepcopy(next(d for d in final if find(d) is not None))
    row = find(document)
    assert row is not None
    row.update(change)
    assert rule in broken(document)


def test_every_hard_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in PLANTED} == ERROR_RULES


def test_every_rule_of_the_catalogue_is_broken_by_defects(damaged: Path) -> None:
    assert set(told_violations(damaged)["rule_id"]) == RULES


def test_the_violations_told_are_those_of_the_files_sent(damaged: Path) -> None:
    told = told_violations(damaged)
    assert told.rows() == violations_of(damaged).rows()
    assert (
        told.rows() == told.unique().sort(["arrival_day", "bundle_name", "row_number", "person_line", "rule_id"]).rows()
    )


def test_documents_are_held_exactly_where_a_hard_rule_is_broken(damaged: Path) -> None:
    key = ["bundle_name", "arrival_day", "row_number"]
    documents = pl.read_csv(damaged / "_truth" / "documents.csv", schema_overrides={"revision": pl.String})
    winners = documents.filter((pl.col("expected_outcome") == "accepted") | (pl.col("expected_reason") == "RULES"))
    breaking = told_violations(damaged).filter(pl.col("severity") == "error").select(key).unique()
    held = winners.filter(pl.col("expected_outcome") == "held")
    assert held.height > 30
    assert winners.join(breaking, on=key, how="semi").select(key).rows() == held.select(key).rows()


def planted_rules(out: Path) -> pl.DataFrame:
    """Injected defects that are a rule's."""
    defects = pl.read_csv(out / "_truth" / "defects.csv", schema_overrides={"revision": pl.String, "line": pl.String})
    return defects.filter(pl.col("expected_reason_or_rule").is_in(list(RULES)))


def test_each_injected_defect_breaks_its_rule_where_the_truth_says(damaged: Path) -> None:
    truth = told_violations(damaged)
    every = {(d.arrival_day, d.bundle_name, d.family["submission_id"]): d for d in accepted_documents(damaged)}
    found = {(v["arrival_day"], v["bundle_name"], v["row_number"], v["rule_id"]) for v in truth.iter_rows(named=True)}
    unseen = []
    for defect in planted_rules(damaged).iter_rows(named=True):
        document = every[defect["arrival_day"], defect["bundle_name"], defect["submission_id"]]
        place = (defect["arrival_day"], defect["bundle_name"], document.row_number)
        if (*place, defect["expected_reason_or_rule"]) not in found:
            unseen.append((defect["kind"], *place))
    assert unseen == []


def test_a_defect_is_planted_for_every_rule(damaged: Path) -> None:
    assert set(planted_rules(damaged)["expected_reason_or_rule"]) == RULES


def test_flags_of_a_regency_keep_their_mix(damaged: Path) -> None:
    counts = dict(planted_rules(damaged).group_by("kind").len().iter_rows())
    assert counts["programme_without_account"] > 3 * counts["own_account_with_workers"]
    assert counts["own_account_with_workers"] > 2 * counts["business_without_work"]
