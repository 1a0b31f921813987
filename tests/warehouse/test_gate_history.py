"""Gate history and run log are marts: what earlier nights were judged by, and what they did."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include import ledgers, warehouse
from include.settings import Settings
from tests.builders import DAY, LandingZone, family
from tests.pipeline import rows, run_night

pytestmark = pytest.mark.core

NEXT = "2022-10-17"


def test_the_marts_know_the_gates_before_them_and_tomorrows_know_all(zone: LandingZone) -> None:
    zone.send([family(1)])
    run_night(DAY, "first")
    judged = "select run_key, gate, max(judged_as_of)::varchar from marts.gate_result group by all order by all"
    first = [("field_uploads_nightly__first", gate, DAY) for gate in ("raw", "staging")]
    assert rows(judged) == first
    run_night(NEXT, "second")
    second = [("field_uploads_nightly__second", gate, NEXT) for gate in ("raw", "staging")]
    assert rows(judged) == [("field_uploads_nightly__first", "marts", DAY), *first, *second]
    assert rows("select max(as_of)::varchar, min(as_of)::varchar from marts.gate_result") == [(NEXT, NEXT)]


def test_a_verdict_keeps_its_figure_its_limit_and_its_owner(zone: LandingZone) -> None:
    zone.send([family(1)])
    run_night(DAY, "first")
    run_night(NEXT, "second")
    assert rows(
        "select rule, severity, figure::double, limit_text, verdict, owner from marts.gate_result"
        f" where judged_as_of = '{DAY}' and rule in ('RAW-BND-01', 'RAW-FRM-01', 'MART-UPA-01') order by rule"
    ) == [
        ("MART-UPA-01", "critical", 0.0, "<= 0", "passed", "data-team"),
        ("RAW-BND-01", "critical", None, "<= 0.2", "skipped", "field-data"),
        ("RAW-FRM-01", "critical", 2.0, ">= 1", "passed", "headquarters"),
    ]
    (tripped,) = rows("select distinct rule from marts.gate_result where verdict = 'tripped'")
    assert tripped == ("RAW-BND-02",), "nothing arrived on the second night"


def test_the_run_log_mart_has_a_row_for_every_step_of_earlier_runs(zone: LandingZone) -> None:
    zone.send([family(1)])
    run_night(DAY, "first")
    run_night(NEXT, "second")
    steps = rows(
        "select step, outcome, run_as_of::varchar, attempts from marts.run_log"
        " where run_key = 'field_uploads_nightly__first' order by entry_number"
    )
    assert [step for step, *_ in steps] == [
        "open_run", "check_landing", "take_in_headquarters", "take_in_uploads", "show_raw", "gate_raw", "build_seeds",
        "build_staging", "gate_staging", "build_intermediate", "build_marts", "gate_marts", "gate_shock", "publish",
        "mirror", "close_run",
    ]  # fmt: skip
    assert {(day, attempts) for _, _, day, attempts in steps} == {(DAY, 1)}
    tonight = rows(
        "select step from marts.run_log where run_key = 'field_uploads_nightly__second' order by entry_number"
    )
    assert tonight[-1] == ("build_staging",)


def test_history_as_of_a_day_knows_no_later_night(zone: LandingZone, here: Settings) -> None:
    zone.send([family(1)])
    run_night(NEXT, "late")
    from tests.pipeline import build_marts

    build_marts(here, DAY)
    assert rows("select count(*) from marts.gate_result") == [(0,)]
    assert rows("select step from marts.run_log order by entry_number") == [("open_run",), ("close_run",)], (
        "entries that name no day"
    )


def test_ledgers_are_empty_but_typed_before_the_first_night_and_read_entries_of_an_older_version(
    here: Settings,
) -> None:
    warehouse.show_ledgers(here.warehouse, here.state, ledgers.TABLES)
    assert rows("select count(*), count(figure + 1), count(skipped and passed) from state.gate_result") == [(0, 0, 0)]
    assert rows("select count(*), count(epoch_us(started_at)) from state.run_log") == [(0, 0)]
    old = here.state / "gate_result" / "old" / "raw.parquet"
    old.parent.mkdir(parents=True)
    pq.write_table(pa.table({"run_key": ["old"], "as_of": [DAY], "rule": ["R"], "passed": [True]}), old)
    (old.parent / "raw.beside").write_bytes(b"torn")
    warehouse.show_ledgers(here.warehouse, here.state, ledgers.TABLES)
    assert rows("select run_key, passed, skipped, owner from state.gate_result") == [("old", True, None, None)]
