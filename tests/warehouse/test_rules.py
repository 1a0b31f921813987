"""The rules in the warehouse: every rule of the catalogue on documents that break it and on ones that just do not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from include.contract import FORM_VERSIONS
from include.settings import Settings
from include.simulation.rule_oracle import severity
from tests.builders import ENUMERATOR, NEIGHBOUR, LandingZone
from tests.pipeline import build_marts, rows
from tests.rule_cases import (
    ACROSS,
    CODE,
    DRAFT,
    FAMILY_CASES,
    FINAL,
    HEAD,
    NO_NIK,
    OTHER,
    PERSON_CASES,
    TWICE,
    UNREACHED,
    Row,
    cells_of,
    gone,
    head,
    vectors,
)
from tests.rule_zone import RuleZone, Sent, expected_breaches, found_breaches

pytestmark = pytest.mark.core

LATE_DAY, AS_OF = "2022-10-18", "2022-10-19"
UNHURRIED = "P35730044"
Expected = set[tuple[int, int, str]]


@dataclass
class World:
    """One landing zone with every case and every scenario."""

    zone: RuleZone
    breaking: dict[str, list[Sent]] = field(default_factory=dict)
    harmless: dict[str, list[Sent]] = field(default_factory=dict)
    niks: list[Sent] = field(default_factory=list)
    newcomers: dict[str, Sent] = field(default_factory=dict)
    # Scenario -> its documents, and those of them (by position) that break a rule across documents, with line and rule.
    across: dict[str, tuple[list[Sent], Expected]] = field(default_factory=dict)


def add_cases(world: World) -> None:
    add = world.zone.add
    for rule, (breaking, harmless) in FAMILY_CASES.items():
        world.breaking[rule], world.harmless[rule] = ([add(*case) for case in cases] for cases in (breaking, harmless))
    for rule, (breaking, harmless) in PERSON_CASES.items():
        world.breaking[rule] = [add(None, persons) for persons in breaking]
        world.harmless[rule] = [add(None, persons) for persons in harmless]
    for row in vectors():
        world.niks.append(add(None, head(r403=row["nik"])))


def add_newcomers(world: World) -> None:
    """One person of presence code 4: new in the family on the draft form, moved away on the final one."""
    for form_version in FORM_VERSIONS:
        newcomer = [{**HEAD, "r404": "004"}]
        world.newcomers[form_version] = world.zone.add({"r112": "1"}, newcomer, form_version=form_version)


class Scenario:
    """Documents with numbers and photos that no other scenario has."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.number = world, name, len(world.across)
        world.across[name] = ([], set())

    def add(self, family: Row, persons: list[Row], **said: str) -> Sent:
        cells, people = cells_of(family, persons)
        own = [{column: self._own(value) for column, value in row.items()} for row in (cells, *people)]
        sent = self.world.zone.add(own[0], own[1:], **{"enumerator": UNHURRIED, **said})
        self.world.across[self.name][0].append(sent)
        return sent

    def expect(self, broken: Expected) -> None:
        self.world.across[self.name][1].update(broken)

    def _own(self, value: str | None) -> str | None:
        if value in ("aa", "bb"):
            return f"{value}{self.number}"
        if value in (OTHER["r114"], "3501011501159601"):
            return f"350101{self.number:06d}{value[-4:]}"
        return f"{value[:12]}{9100 + self.number}" if value == HEAD["r403"] else value


def add_shared_things(world: World) -> None:
    for rule, (first, second, persons, line) in TWICE.items():
        shared = Scenario(world, f"{rule} in two documents")
        shared.add(first, persons)
        shared.add({**second, "r302": "0"}, persons)  # held by F04: it stands all the same
        shared.expect({(0, line, rule), (1, line, rule)})
        add_losers(Scenario(world, f"{rule} in one winner"), rule)


def add_losers(scenario: Scenario, rule: str) -> None:
    """Of all that have the same, one document wins; of the others, one that lost its family is judged too."""
    first, second, persons, line = TWICE[rule]
    standing = scenario.add(first, persons, revision="2").family
    scenario.add({**first, "r302": "41"}, persons, submission_id=str(standing["submission_id"]), arrival=LATE_DAY)
    plain: Row = {"r114": None, "r115": None, "photo_sha256": None, "ended_at": "2022-10-16T15:00:00+07:00"}
    winner = scenario.add(plain, NO_NIK).family
    place = {column: str(winner[column]) for column in ("r109", "r110")}
    early: Row = {**second, "ended_at": "2022-10-16T08:00:00+07:00"}
    loser = scenario.add(early, persons, **place).family
    scenario.add(early, persons, **place, submission_id=str(loser["submission_id"]), arrival=LATE_DAY)
    scenario.add(second, persons, **place, submission_id=str(winner["submission_id"]), arrival=LATE_DAY)
    scenario.add(second, persons, submission_id="no uuid")
    scenario.expect({(3, line, rule)})


def add_things_nobody_shares(world: World) -> None:
    two_families = Scenario(world, "a KK number of two families, as the KK code says")
    two_families.add({}, NO_NIK)
    two_families.add({"r115": "1", "photo_sha256": "bb"}, NO_NIK)
    placeholders = Scenario(world, "placeholders")
    for _ in range(2):
        placeholders.add({"r114": "9" * 16, "photo_sha256": None}, head(r403="9" * 16))
    moved = Scenario(world, "a NIK of one who moved")
    moved.add({}, [HEAD])
    moved.add(OTHER, [{**NO_NIK[0], "r401": "2"}, gone(r401="3", r403=HEAD["r403"])])


def add_days_of_visits(world: World) -> None:
    alone: Row = {"r114": None, "r115": None, "photo_sha256": None}
    for day, visits in (("2022-10-15", 30), ("2022-10-17", 31)):
        scenario = Scenario(world, f"{visits} visits on one day")
        for _ in range(visits):
            scenario.add({**alone, "r201": day}, NO_NIK, enumerator=NEIGHBOUR)
        scenario.add({**alone, **UNREACHED, "r201": day}, [], enumerator=NEIGHBOUR)
        withdrawn = scenario.add({**alone, "r201": day}, NO_NIK, enumerator=NEIGHBOUR).family
        again = {"submission_id": str(withdrawn["submission_id"]), "revision": "2", "is_deleted": "1"}
        scenario.add({**alone, "r201": day}, NO_NIK, enumerator=NEIGHBOUR, arrival=LATE_DAY, **again)
        scenario.add({**alone, "r201": day}, NO_NIK, enumerator=ENUMERATOR)
        if visits > 30:
            scenario.expect({(n, 0, "C13") for n in [*range(visits), visits + 1]})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rules")


@pytest.fixture(scope="module")
def sent(root: Path) -> World:
    staff = [
        {"staff_id": name, "role": "PPL", "name": "UJI", "kab_code": "3501", "supervisor_id": ""}
        for name in (ENUMERATOR, NEIGHBOUR, UNHURRIED)
    ]
    zone = LandingZone(root / "landing", sub_sls={f"{CODE}000100": 2000}).with_frame(staff=staff)
    world = World(RuleZone(zone))
    add_cases(world)
    add_newcomers(world)
    add_shared_things(world)
    add_things_nobody_shares(world)
    add_days_of_visits(world)
    world.zone.send()
    return world


@pytest.fixture
def world(root: Path, sent: World, pointed_at: Callable[..., Settings]) -> World:
    """Everything sent, and the marts built of it, once."""
    configured = pointed_at(root)
    if not configured.warehouse.exists():
        build_marts(configured, AS_OF)
    return sent


@pytest.fixture
def found(world: World) -> dict[tuple, set[tuple[int, str]]]:
    """Person line and rule of every breach listed, by document."""
    listed: dict[tuple, set[tuple[int, str]]] = {one.place: set() for one in world.zone.sent}
    for *place, line, rule in found_breaches():
        listed[tuple(place)].add((line, rule))
    return listed


def fates_found() -> dict[tuple, tuple]:
    found = rows(
        "select bundle_name, arrival_day::varchar, row_number::bigint, outcome, reason from marts.document_fate"
    )
    return {row[:3]: row[3:] for row in found}


def test_every_rule_of_the_catalogue_has_cases(world: World) -> None:
    in_force = {rule for (rule,) in rows("select rule_id from marts.rule where is_in_force")}
    assert set(world.breaking) | ACROSS == in_force
    assert all(world.breaking.values())
    assert all(world.harmless.values())


def test_severities_are_those_of_the_oracle(world: World) -> None:
    assert dict(rows("select rule_id, severity from marts.rule")) == {
        rule: severity(rule) for rule in {*world.breaking, *ACROSS}
    }


@pytest.mark.parametrize("rule", [*FAMILY_CASES, *PERSON_CASES])
def test_a_document_that_breaks_the_rule_is_listed_at_its_line(world: World, found: dict, rule: str) -> None:
    is_of_person = rule in PERSON_CASES
    lines = [(one, one.document.persons[-1].line if is_of_person else 0) for one in world.breaking[rule]]
    assert [(one.family, one.persons[-1:]) for one, line in lines if (line, rule) not in found[one.place]] == []


@pytest.mark.parametrize("rule", [*FAMILY_CASES, *PERSON_CASES])
def test_a_document_close_by_is_not_listed(world: World, found: dict, rule: str) -> None:
    listed = [one for one in world.harmless[rule] if rule in {listed for _, listed in found[one.place]}]
    assert [(one.family, one.persons[-1:]) for one in listed] == []


def test_the_two_judges_agree_on_every_document_line_and_rule(world: World) -> None:
    expected = expected_breaches(world.zone.sent)
    assert len({rule for *_, rule in expected}) == len(world.breaking) + len(ACROSS)
    assert found_breaches() ^ expected == set()


def test_a_document_is_held_exactly_where_it_breaks_a_rule_of_severity_error(world: World, found: dict) -> None:
    fates = fates_found()
    cases = [one for group in (world.breaking, world.harmless) for of_rule in group.values() for one in of_rule]
    expected = {}
    for one in cases:
        is_held = any(severity(rule) == "error" for _, rule in found[one.place])
        expected[one.place] = ("held", "RULES") if is_held else ("accepted", None)
    assert {one.place: fates[one.place] for one in cases} == expected
    assert {outcome for outcome, _ in expected.values()} == {"accepted", "held"}


def names_of_scenarios() -> list[str]:
    shared = [f"{rule} in {where}" for rule in TWICE for where in ("two documents", "one winner")]
    unshared = ["a KK number of two families, as the KK code says", "placeholders", "a NIK of one who moved"]
    return [*shared, *unshared, "30 visits on one day", "31 visits on one day"]


def test_every_scenario_of_several_documents_is_asked_about(world: World) -> None:
    assert list(world.across) == names_of_scenarios()


@pytest.mark.parametrize("name", names_of_scenarios())
def test_documents_break_the_rules_across_documents_together(world: World, found: dict, name: str) -> None:
    documents, expected = world.across[name]
    broken = {(at, line, rule) for at, one in enumerate(documents) for line, rule in found[one.place] if rule in ACROSS}
    assert broken == expected


def test_losers_of_the_scenarios_have_lost_as_meant(world: World) -> None:
    fates = fates_found()
    for rule in TWICE:
        documents, _ = world.across[f"{rule} in one winner"]
        assert [fates[one.place] for one in documents] == [
            ("accepted", None), ("superseded", "REVISION"), ("accepted", None), ("superseded", "SAME_FAMILY"),
            ("duplicate", None), ("held", "CONFLICT"), ("rejected", "BAD_ID"),
        ]  # fmt: skip


def test_a_withdrawal_is_judged_by_no_rule(world: World, found: dict) -> None:
    withdrawals = [one for one in world.zone.sent if one.family["is_deleted"] == "1"]
    assert withdrawals
    assert [found[one.place] for one in withdrawals] == [set()] * len(withdrawals)


def test_nik_vectors_are_classed_as_their_sources_say(world: World) -> None:
    classes = {row[:3]: row[3] for row in rows(
        "select bundle_name, arrival_day::varchar, row_number::bigint, nik_class"
        " from intermediate.int_rules__judged_persons"
    )}  # fmt: skip
    told = {"": "valid", "format": "malformed"}
    expected = [told.get(row["fail_reason"], "dummy") if row["nik"] else "missing" for row in vectors()]
    assert [classes[one.place] for one in world.niks] == expected
    assert set(expected) == {"missing", "malformed", "dummy", "valid"}


def test_draft_codes_are_judged_as_final_ones(world: World, found: dict) -> None:
    broken = {form: (0, "F20") in found[one.place] for form, one in world.newcomers.items()}
    assert broken == {FINAL: True, DRAFT: False}
