"""Dated rules: history is judged by the rules of the as-of day, and each jump of flags says what made it."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from include import transform, warehouse
from include.settings import Settings
from tests.builders import SUB_SLS, LandingZone, at, document_id, family, keys_file
from tests.pipeline import build_marts, rows

pytestmark = pytest.mark.core

FAR_SUB_SLS = "3501010001000100"
FIRST_DAY = date(2022, 10, 16)
AS_OF_DAYS = [date(2022, 10, day) for day in (17, 18, 19, 20)]


@dataclass(frozen=True)
class Rule:
    """A version of a rule about the floor area; both days are in, without one it is open."""

    rule_id: str
    version: int
    severity: str
    valid_from: date
    valid_to: date | None
    breaks: str
    is_broken: Callable[[int], bool]

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


# The limit falls on the 18th, a rule ended the day before, and one lives for a day on which nothing arrives.
RULES = [
    Rule("F04", 1, "error", date(2022, 1, 1), date(2022, 10, 17), "r302 not between 1 and 997", lambda m2: m2 > 997),
    Rule("F04", 2, "error", date(2022, 10, 18), None, "r302 not between 1 and 99", lambda m2: m2 > 99),
    Rule("F90", 1, "error", date(2022, 10, 19), date(2022, 10, 19), "r302 > 50", lambda m2: m2 > 50),
    Rule("F91", 1, "warning", date(2022, 1, 1), date(2022, 10, 17), "r302 = 45", lambda m2: m2 == 45),
]


@dataclass(frozen=True)
class Document:
    """A document of one family, and the square metres it tells."""

    number: int
    revision: int
    idsubsls: str
    arrival_day: date
    m2: int


DOCUMENTS = [
    Document(number, revision, idsubsls, date(2022, 10, day), m2)
    for number, revision, idsubsls, day, m2 in (
        (1, 1, SUB_SLS, 16, 45), (2, 1, SUB_SLS, 16, 150), (3, 1, FAR_SUB_SLS, 16, 998), (4, 1, FAR_SUB_SLS, 16, 60),
        (5, 1, FAR_SUB_SLS, 17, 150), (6, 1, SUB_SLS, 17, 45),
        (7, 1, SUB_SLS, 18, 150), (8, 1, FAR_SUB_SLS, 18, 20), (3, 2, FAR_SUB_SLS, 18, 40), (9, 1, FAR_SUB_SLS, 18, 45),
    )
]  # fmt: skip


def project_with_rules(folder: Path) -> Path:
    """A copy of the dbt project whose F04 changes and that has two rules more."""
    project = folder / "dbt_project"
    shutil.copytree(transform.DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages"))
    path = project / "models" / "intermediate" / "rules" / "_rules_of_documents.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    meta = content["models"][0]["config"]["meta"]
    written = next(rule for rule in meta["catalogue"] if rule["id"] == "F04")
    others = [rule for rule in meta["catalogue"] if rule["id"] != "F04"]
    meta["catalogue"] = others + [written | entry(rule) for rule in RULES]
    path.write_text(yaml.safe_dump(content, allow_unicode=True, width=10_000), encoding="utf-8")
    return project


def entry(rule: Rule) -> dict[str, Any]:
    """The rule as the catalogue has it."""
    return {
        "id": rule.rule_id, "version": rule.version, "severity": rule.severity, "breaks": rule.breaks,
        "valid_from": rule.valid_from.isoformat(), "valid_to": rule.valid_to.isoformat() if rule.valid_to else "",
    }  # fmt: skip


def furnish(root: Path) -> None:
    zone = LandingZone(root, sub_sls={SUB_SLS: 60, FAR_SUB_SLS: 40}).with_frame()
    for day in sorted({one.arrival_day for one in DOCUMENTS}):
        arrived = [
            family(one.number, revision=one.revision, r302=one.m2, **at(one.idsubsls))
            for one in DOCUMENTS
            if one.arrival_day == day
        ]
        zone.send(arrived, arrival=day.isoformat(), sequence=day.day)


Told = dict[str, list[tuple]]
QUERIES = {
    "breaches": "select document_id, revision_number, rule_id, rule_version from intermediate.int_rules__breaches"
    " where is_in_force and rule_id in ('F04', 'F90', 'F91')",
    "fates": "select submission_id, revision::integer, outcome, reason from marts.document_fate",
    "open": "select document_id, rule_id, rule_version from marts.rule_violation"
    " where state = 'open' and rule_id in ('F04', 'F90', 'F91')",
    "summary": "select rule_id, area_level, area_code, arrival_day, flags, data_changed, rule_changed, judged_documents"
    " from marts.rule_summary where rule_id in ('F04', 'F90', 'F91')",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[date, Told]:
    """What the warehouse tells as of each day, built one after the other in the changed project."""
    root = tmp_path_factory.mktemp("dates")
    furnish(root / "landing")
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    configured = Settings(
        landing=str(root / "landing"), warehouse=root / "regsosek.duckdb", keys_file=keys_file(root), **places
    )
    found: dict[date, Told] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(transform, "DBT_PROJECT", project_with_rules(root))
        # Parsed once a process: a list of its own here, and the others' back afterwards.
        patched.setattr(transform, "_MANIFESTS", [])
        for day in AS_OF_DAYS:
            build_marts(configured, day.isoformat())
            with warehouse.opened(configured.warehouse, read_only=True) as connection:
                found[day] = {name: connection.execute(query).fetchall() for name, query in QUERIES.items()}
    return found


def arrived(day: date) -> list[Document]:
    return [one for one in DOCUMENTS if one.arrival_day <= day]


def broken(documents: list[Document], day: date) -> list[tuple[Document, Rule]]:
    """Every breach under the rules of a day."""
    return [(one, rule) for one in documents for rule in RULES if rule.is_in_force(day) and rule.is_broken(one.m2)]


def is_latest(one: Document, day: date) -> bool:
    return not any(other.number == one.number and other.revision > one.revision for other in arrived(day))


@pytest.mark.parametrize("day", AS_OF_DAYS, ids=str)
def test_history_is_judged_by_the_rules_of_the_as_of_day(told: dict[date, Told], day: date) -> None:
    expected = [
        (document_id(one.number), one.revision, rule.rule_id, rule.version) for one, rule in broken(arrived(day), day)
    ]
    assert sorted(told[day]["breaches"]) == sorted(expected)


@pytest.mark.parametrize("day", AS_OF_DAYS, ids=str)
def test_documents_are_held_by_the_rules_of_the_as_of_day(told: dict[date, Told], day: date) -> None:
    held = {one for one, rule in broken(arrived(day), day) if rule.severity == "error"}
    expected = []
    for one in arrived(day):
        fate = ("held", "RULES") if one in held else ("accepted", None)
        fate = fate if is_latest(one, day) else ("superseded", "REVISION")
        expected.append((document_id(one.number), one.revision, *fate))
    assert sorted(told[day]["fates"]) == sorted(expected)


def test_one_document_is_let_pass_and_held_as_rules_come_and_go(told: dict[date, Told]) -> None:
    fates = {day: {(number, revision): fate for number, revision, *fate in told[day]["fates"]} for day in AS_OF_DAYS}
    assert [fates[day][document_id(2), 1][0] for day in AS_OF_DAYS] == ["accepted", "held", "held", "held"]
    assert [fates[day][document_id(4), 1][0] for day in AS_OF_DAYS] == ["accepted", "accepted", "held", "accepted"]


@pytest.mark.parametrize("day", AS_OF_DAYS, ids=str)
def test_open_violations_are_of_rules_in_force(told: dict[date, Told], day: date) -> None:
    expected = [
        (document_id(one.number), rule.rule_id, rule.version)
        for one, rule in broken(arrived(day), day)
        if is_latest(one, day)
    ]
    assert sorted(told[day]["open"]) == sorted(expected)


def days_to(as_of: date) -> list[date]:
    return [FIRST_DAY + timedelta(days=n) for n in range((as_of - FIRST_DAY).days + 1)]


def flags(until: date, rules_of: date) -> Counter:
    """Flags by rule, level and area: documents arrived up to a day, under the rules of another."""
    return Counter(
        (rule.rule_id, level, one.idsubsls[:digits])
        for one, rule in broken(arrived(until), rules_of)
        for level, digits in (("province", 2), ("kab_kota", 4), ("kecamatan", 7))
    )


def recounted(as_of: date) -> list[tuple]:
    """What rule_summary has to say, counted anew for each day."""
    summary = []
    before: Counter = Counter()
    for day in days_to(as_of):
        under_yesterdays_rules, today = flags(day, day - timedelta(days=1)), flags(day, day)
        for key in before.keys() | under_yesterdays_rules.keys() | today.keys():
            data_changed = under_yesterdays_rules[key] - before[key]
            rule_changed = today[key] - under_yesterdays_rules[key]
            judged = sum(one.idsubsls.startswith(key[2]) for one in arrived(day))
            if data_changed or rule_changed:
                summary.append((*key, day, today[key], data_changed, rule_changed, judged))
        before = today
    return summary


@pytest.mark.parametrize("day", AS_OF_DAYS, ids=str)
def test_each_jump_is_split_into_new_data_and_changed_rules(told: dict[date, Told], day: date) -> None:
    assert sorted(told[day]["summary"]) == sorted(recounted(day))


def test_jumps_of_both_kinds_add_up_to_the_flags(told: dict[date, Told]) -> None:
    summary = told[AS_OF_DAYS[-1]]["summary"]
    jumps, last = Counter(), {}
    for *key, _, flagged, data_changed, rule_changed, _ in sorted(summary):
        jumps[tuple(key)] += data_changed + rule_changed
        assert jumps[tuple(key)] == flagged
        last[tuple(key)] = flagged
    province = {rule: last[rule, "province", "35"] for rule in ("F04", "F90", "F91")}
    assert province == {"F04": 4, "F90": 0, "F91": 0}
    # On the 18th document 7 comes, and the lower limit takes hold of 2, 5 and 7; 3 is over either limit.
    assert ("F04", "province", "35", date(2022, 10, 18), 4, 0, 3, 10) in summary
    assert ("F91", "kab_kota", "3573", date(2022, 10, 18), 0, 0, -2, 4) in summary
    # 9 breaks a rule of yesterday, which takes it away again.
    assert ("F91", "kecamatan", "3501010", date(2022, 10, 18), 0, 1, -1, 6) in summary


def test_other_tests_build_by_the_catalogue_as_it_is(told: dict[date, Told], zone: LandingZone, here: Settings) -> None:
    assert told
    assert zone.root.exists()
    build_marts(here, AS_OF_DAYS[0].isoformat())
    assert rows("select rule_version from marts.rule where rule_id = 'F04'") == [(1,)]
