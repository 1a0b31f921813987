"""The marts of progress, targeting and shocks against a second reading of the docs that shares no SQL: to the last row.

One simulated province with defects, extended by what the simulator does not send (tests/oracle/crafted.py), is built
once and read twice: by the pipeline, and by the plain Python of tests/oracle from the zips on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from include.intake.events import take_in_pending_events
from include.intake.landing import open_landing
from include.settings import Settings
from include.simulation import Plan, simulate
from include.warehouse import opened
from tests.builders import keys_file
from tests.oracle import (
    crafted,
    documents,
    events,
    landing,
    progress,
    registers,
    shock,
    targeting,
    targeting_errors,
    welfare,
)
from tests.oracle.caseload import caseload
from tests.oracle.compare import Told, differences
from tests.pipeline import build_marts

AS_OF = date(2022, 10, 18)  # a day after the last simulated one: a new frame counts, a late bundle arrives
FAMILY = ("idsubsls", "building_number", "family_number")
KEYS = {
    "progress_area_daily": ("area_level", "area_code", "field_day"),
    "progress_enumerator_daily": ("enumerator_id", "field_day"),
    "family_welfare": FAMILY,
    "consultation_result": ("row_number",),
    "programme_list": ("programme",),
    "programme_family": (*FAMILY, "programme"),
    "eligible_unserved": (*FAMILY, "programme"),
    "ineligible_served": (*FAMILY, "programme"),
    "programme_targeting_error": (
        "programme", "cut_off", "area_level", "area_code", "group_kind", "group_value"
    ),
    "family_register": FAMILY,
    "person_register": (*FAMILY, "person_line"),
    "shock_affected_family": ("event_id", *FAMILY),
    "shock_unmatched_person": ("event_id", "row_number"),
    "shock_caseload": ("event_id", "area_level", "area_code", "decile"),
}  # fmt: skip
# Names of areas and texts for readers are the reference data's and the seeds'; an events mart says them once more.
NOT_RECOMPUTED = {
    "progress_area_daily": {"area_name", "kab_code"},
    "consultation_result": {"status_text_id", "status_text_en", "kab_code"},
    "eligible_unserved": {"reason_id", "reason_en"},
    "ineligible_served": {"reason_id", "reason_en"},
    "programme_targeting_error": {"kab_code"},
    "shock_caseload": {"area_name", "kab_code"},
    "shock_unmatched_person": {"kab_code"},
}


@dataclass(frozen=True)
class Readings:
    """Rows by mart: as the docs say, and as the warehouse shows them."""

    docs: dict[str, list[Told]]
    marts: dict[str, list[Told]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Readings:
    root = tmp_path_factory.mktemp("recomputed")
    plan = Plan(out=root / "landing", enumerators=60, days=3, seed=23, defects=True, processes=1)
    simulate(plan)
    crafted.extend(plan.out)
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    configured = Settings(landing=str(plan.out), **places)
    take_in_pending_events(open_landing(configured.landing), configured.raw)
    build_marts(configured, AS_OF.isoformat())
    with opened(configured.warehouse, read_only=True) as connection:
        marts = {name: connection.sql(f"select * from marts.{name}").pl().to_dicts() for name in KEYS}
    return Readings(recomputed(plan.out), marts)


def recomputed(zone: Path) -> dict[str, list[Told]]:
    received = documents.received(zone)
    ranked = welfare.family_welfare(zone, received, AS_OF)
    return (
        {
            "progress_area_daily": progress.area_daily(zone, received, AS_OF),
            "progress_enumerator_daily": progress.enumerator_daily(zone, received, AS_OF),
            "family_welfare": ranked,
            "consultation_result": welfare.consultation_result(zone, received, AS_OF),
        }
        | recomputed_targeting(zone, received, ranked)
        | recomputed_shocks(zone, received, ranked)
    )


def recomputed_targeting(zone: Path, received: list[documents.Document], ranked: list[Told]) -> dict[str, list[Told]]:
    families = targeting.families_of(zone, received, ranked, AS_OF)
    listed = targeting.read_recipients(zone, AS_OF)
    judged = targeting.programme_family(families, listed, AS_OF)
    return {
        "programme_list": targeting.programme_list(listed, AS_OF),
        "programme_family": judged,
        "eligible_unserved": targeting.eligible_unserved(judged),
        "ineligible_served": targeting.ineligible_served(judged),
        "programme_targeting_error": targeting_errors.errors(families, received, listed, AS_OF),
    }


def recomputed_shocks(zone: Path, received: list[documents.Document], ranked: list[Told]) -> dict[str, list[Told]]:
    register = registers.register(received, ranked, progress.expectations(zone, AS_OF), AS_OF)
    sent = [events.read_event(zone, event_id) for event_id in landing.event_ids(zone)]
    affected = {event.event_id: shock.affected_families(register, event) for event in sent}
    return {
        "family_register": list(register.families.values()),
        "person_register": register.persons,
        "shock_affected_family": [row for rows in affected.values() for row in rows],
        "shock_unmatched_person": [row for event in sent for row in events.unmatched(register, event)],
        "shock_caseload": [row for event in sent for row in caseload(register, event, affected[event.event_id])],
    }


@pytest.mark.parametrize("mart", KEYS)
def test_the_mart_agrees_with_the_docs_to_the_last_row(read: Readings, mart: str) -> None:
    assert read.docs[mart]
    assert differences(read.docs[mart], read.marts[mart], *KEYS[mart]) == []


@pytest.mark.parametrize("mart", KEYS)
def test_every_column_is_recomputed_but_those_named(read: Readings, mart: str) -> None:
    columns = set(read.marts[mart][0])
    assert {column for row in read.docs[mart] for column in row} == columns - NOT_RECOMPUTED.get(mart, set())


@pytest.mark.parametrize("mart", KEYS)
def test_a_change_of_one_row_is_noticed_in_every_column(read: Readings, mart: str) -> None:
    mine = read.docs[mart][:30]
    places = [[row[column] for column in KEYS[mart]] for row in mine]
    first, *others = (row for row in read.marts[mart] if [row[column] for column in KEYS[mart]] in places)
    assert len(differences(mine, others, *KEYS[mart])) == 1, "a row that is missing"
    assert len(differences(mine[1:], [first, *others], *KEYS[mart])) == 1, "a row too many"
    for column in set(mine[0]):
        changed = [first | {column: another(first[column])}, *others]
        assert differences(mine, changed, *KEYS[mart]), column
    assert len(differences(mine, [first, first, *others], *KEYS[mart])) == 1, "a row that comes twice"


def another(value: Any) -> Any:  # noqa: ANN401
    """Not this value, and as near to it as its type allows."""
    match value:
        case None:
            return 0
        case bool():
            return not value
        case str():
            return f"{value}x"
        case date():
            return date(1999, 12, 31)
        case int():
            return value + 1
    return Fraction(value) + Fraction(1, 1_000_000)


# ----- what must be seen, so that agreement says something -----


def seen(read: Readings, mart: str, column: str) -> set[Any]:
    return {row[column] for row in read.marts[mart]}


@pytest.mark.parametrize(
    ("mart", "column", "values"),
    [
        ("progress_enumerator_daily", "status", {"on_track", "inactive", "finished"}),
        ("consultation_result", "status", {
            "applied", "bad_key", "bad_group", "repeated", "unknown_family", "not_ranked",
        }),
        ("programme_list", "programme", {"PKH", "SEMBAKO", "PBI_JKN", "BLT_DD", "PIP", "UNKNOWN"}),
        ("eligible_unserved", "reason", {"not_listed", "no_number"}),
        ("ineligible_served", "reason", {"above_cut_off", "no_component", "not_rural", "excluded_programme"}),
        ("programme_targeting_error", "group_value", {
            "all", "male", "female", "under_30", "30_to_44", "45_to_59", "60_and_over", "urban", "rural", "yes", "no",
            "unknown",
        }),
        ("shock_affected_family", "footprint_match", {"polygon", "area", "unlocated", "outside"}),
        ("shock_unmatched_person", "reason", {"invalid_nik", "repeated", "unknown_nik"}),
        ("shock_caseload", "decile", {"all", "unranked", *map(str, range(1, 11))}),
    ],
)  # fmt: skip
def test_every_kind_of_row_is_among_those_compared(read: Readings, mart: str, column: str, values: set[str]) -> None:
    assert values <= seen(read, mart, column)


@pytest.mark.parametrize(
    ("mart", "happens"),
    [
        ("progress_area_daily", lambda row: row["held_documents"] and row["superseded_documents"]),
        ("progress_area_daily", lambda row: row["expected_families"] == 0 and row["enumerated_families_cumulative"]),
        ("progress_enumerator_daily", lambda row: row["load_families"] == 0),
        ("family_welfare", lambda row: row["missing_inputs"]),
        ("family_welfare", lambda row: row["rank_consulted_kab"] - row["rank_pmt_kab"] > 20),
        ("family_welfare", lambda row: row["rank_pmt_province"] - row["rank_consulted_province"] > 100),
        ("programme_list", lambda row: row["no_number_lines"] and row["programme"] == "PIP"),
        ("programme_family", lambda row: row["is_kk_listed"] and not row["members_listed"]),
        ("shock_affected_family", lambda row: row["shared_nik_persons"]),
        ("shock_affected_family", lambda row: row["dead_persons"]),
        ("shock_affected_family", lambda row: row["is_held"]),
        ("shock_affected_family", lambda row: row["resident_persons"] == 0),
        ("shock_caseload", lambda row: row["unvisited_families"] and row["unlocated_families"]),
    ],
)
def test_the_hard_cases_are_among_those_compared(read: Readings, mart: str, happens: Callable[[Told], Any]) -> None:
    assert any(happens(row) for row in read.marts[mart])
