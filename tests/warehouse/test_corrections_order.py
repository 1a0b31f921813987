"""The replay of a corrections log against a second reading in plain Python, whatever order its days are taken in."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include import transform, warehouse
from include.intake import raw_schema
from include.intake.headquarters import take_in_snapshot
from include.intake.landing import open_landing
from include.settings import Settings
from tests.builders import DAY, LandingZone, csv_bytes, document_id, family
from tests.pipeline import build_marts, rows
from tests.warehouse.test_corrections import LOG_COLUMNS, correction

pytestmark = pytest.mark.core

DAYS = (DAY, "2022-10-17", "2022-10-18")
CELLS = {("", "r302"): "60", ("", "r303"): "2", ("1", "r407"): "42"}
MODELS = ("copies", "cells", "replayed")

Log = dict[str, list[dict[str, str]]]

lines = st.builds(
    lambda cell, old, new, at: correction(1, cell[1], old, new, line=cell[0], decided_at=at),
    st.sampled_from(sorted(CELLS)),
    st.sampled_from(["60", "2", "42", "", "7", " 7", "07", "8.0"]),
    st.sampled_from(["60", "2", "42", "", "7", "07 ", "8.0"]),
    st.sampled_from([f"{DAY}T08:00:00+07:00", f"{DAY}T09:00:00+07:00", "kemarin"]),
)
logs = st.fixed_dictionaries({day: st.lists(lines, max_size=6) for day in DAYS})


def reads_as(text: str, other: str) -> bool:
    """Say whether two texts read alike to a person."""
    text, other = text.strip(" "), other.strip(" ")
    whole = re.compile(r"[0-9]{1,9}")
    return text == other or bool(whole.fullmatch(text) and whole.fullmatch(other) and int(text) == int(other))


def decided_at(line: dict[str, str]) -> float:
    """Order decisions; one whose time cannot be read comes first."""
    return datetime.fromisoformat(line["decided_at"]).timestamp() if "T" in line["decided_at"] else -1


def replay(log: Log) -> tuple[dict[tuple[str, int], str], dict[tuple[str, str], str]]:
    """Replay a log: the status of every line by day and row, and what every cell says in the end."""
    stands, statuses = dict(CELLS), {}
    turns = [(day, decided_at(line), row, line) for day in DAYS for row, line in enumerate(log[day], start=1)]
    for day, _, row, line in sorted(turns, key=lambda turn: turn[:3]):
        cell = (line["line"], line["variable"])
        applies = reads_as(stands[cell], line["old_value"])
        statuses[day, row] = "applied" if applies else "stale"
        stands[cell] = line["new_value"].strip(" ") if applies else stands[cell]
    return statuses, stands


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corrections_order")


@pytest.fixture
def models(root: Path, pointed_at: Callable[..., Settings]) -> dict[str, str]:
    """The replay's models as SQL, over a warehouse of one document; built once."""
    configured = pointed_at(root)
    if not configured.warehouse.exists():
        LandingZone(Path(configured.landing)).with_frame().send([family(1)])
        build_marts(configured, DAYS[-1])
        transform.parse(configured)
    nodes = json.loads(transform.manifest_path(configured.scratch).read_text())["nodes"].values()
    codes = {node["name"]: node.get("compiled_code") for node in nodes}
    named = [*(f"int_corrections__{name}" for name in MODELS), "int_documents__corrected", "int_persons__corrected"]
    return {name: codes[name] for name in named}


def take_in(configured: Settings, log: Log, order: list[str]) -> None:
    """Put a log into the landing zone and take its days in, in the order given."""
    zone = LandingZone(Path(configured.landing))
    for day in order:
        zone.write(f"corrections/{day}/corrections.csv", csv_bytes(log[day], LOG_COLUMNS))
        take_in_snapshot(open_landing(configured.landing), "corrections", day, configured.raw)
    warehouse.show_raw(configured.warehouse, configured.raw, raw_schema.TABLES)


def rebuild(configured: Settings, models: dict[str, str]) -> None:
    with warehouse.opened(configured.warehouse) as connection:
        for name, query in models.items():
            connection.execute(f"create or replace table intermediate.{name} as {query}")


@given(log=logs, order=st.permutations(DAYS))
@hypothesis_settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_log_taken_in_in_any_order_is_replayed_as_python_reads_it(
    root: Path, pointed_at: Callable[..., Settings], models: dict[str, str], log: Log, order: list[str]
) -> None:
    configured = pointed_at(root)
    take_in(configured, log, order)
    rebuild(configured, models)
    statuses, stands = replay(log)
    found = rows("select correction_day::varchar, row_number, status from intermediate.int_corrections__replayed")
    assert {(day, row): status for day, row, status in found} == statuses
    family_texts = (
        "select coalesce(r302_text, ''), coalesce(r303_text, '') from intermediate.int_documents__as_corrected"
    )
    person_texts = "select coalesce(r407_text, '') from intermediate.int_persons__as_corrected"
    assert rows(family_texts) == [(stands["", "r302"], stands["", "r303"])]
    assert rows(person_texts) == [(stands["1", "r407"],)]


def test_the_second_reading_sees_a_chain_and_a_stale_line() -> None:
    log = {day: [] for day in DAYS} | {DAYS[1]: [correction(1, "r302", "60", "45"), correction(1, "r302", "60", "30")]}
    assert replay(log) == ({(DAYS[1], 1): "applied", (DAYS[1], 2): "stale"}, CELLS | {("", "r302"): "45"})
    assert document_id(1) == log[DAYS[1]][0]["submission_id"]
