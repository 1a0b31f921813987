"""Every gate rule is tripped by a data set of its own, a sound night trips none, and a fault is never bad data."""

import importlib
import json
import logging
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.catalogue import rules
from include import gate_result, gates, ledgers, steps, warehouse
from include.gate_result import GateClosedError, GateFaultError, RuleResult
from include.run_log import RunLog, run_log
from include.settings import PROJECT, Settings
from local_stack.summary import print_night
from tests.warehouse.gate_data import ABOVE_THE_LIST, AS_OF, PAD, SOUND, TRIP_TOO, TRIPS

THRESHOLDS = PROJECT / "expectations" / "thresholds.yaml"
LIVE = "snapshot 2022-10-15_0123456789ab"
Judge = Callable[..., list[RuleResult]]
LAYERS = {"RAW": "raw", "STG": "staging", "MART": "marts", "SHOCK": "shock"}


@pytest.fixture
def judged(here: Settings, tmp_path: Path) -> Judge:
    """Judge a gate over a sound night that ``broken_by`` breaks; ``limits`` replace those of the repository."""

    def judge(
        gate: str, broken_by: str = "", limits: dict | None = None, as_of: str = AS_OF, **window: date
    ) -> list[RuleResult]:
        here.warehouse.unlink(missing_ok=True)
        lay_out(here, broken_by)
        configured = here.model_copy(update=window)
        if limits is not None:
            (tmp_path / "limits.yaml").write_text(yaml.safe_dump(limits))
            configured = here.model_copy(update={"thresholds": tmp_path / "limits.yaml"})
        return gates.run_gate(gate, as_of, configured, tmp_path / "docs")

    return judge


def lay_out(configured: Settings, broken_by: str = "") -> None:
    with warehouse.opened(configured.warehouse) as connection:
        connection.execute(SOUND + broken_by)
    warehouse.show_ledgers(configured.warehouse, configured.state, ledgers.TABLES)


def page(tmp_path: Path) -> str:
    return (tmp_path / "docs" / "gate.html").read_text()


def gate_of(rule: str) -> str:
    return LAYERS[rule.split("-")[0]]


def suites() -> dict[str, Any]:
    modules = [
        importlib.import_module(f"expectations.suites.{name}") for names in gates.GATES.values() for name in names
    ]
    return {module.RELATION: module for module in modules}


@pytest.mark.parametrize("rule", TRIPS)
def test_a_rule_is_tripped_by_its_data_set_and_no_other_is(judged: Judge, rule: str, tmp_path: Path) -> None:
    results = judged(gate_of(rule), TRIPS[rule])
    assert {r.rule for r in results if r.verdict == "tripped"} == {rule} | TRIP_TOO.get(rule, set())
    (tripped,) = [r for r in results if r.rule == rule]
    closed = any(r.closes for r in results)
    assert tripped.closes == (tripped.severity == "critical")
    assert ("DITUTUP" in page(tmp_path)) == closed
    assert page(tmp_path).count("terlampaui<br>") == 1 + len(TRIP_TOO.get(rule, set()))
    if closed:
        with pytest.raises(GateClosedError, match=r"rule [A-Z0-9-]+ .critical. tripped: .* owner .* stays live"):
            gate_result.require_open(results, LIVE)
    else:
        gate_result.require_open(results, LIVE)


@pytest.mark.parametrize("gate", gates.GATES)
def test_a_sound_night_trips_and_skips_nothing_and_leaves_pages(judged: Judge, gate: str, tmp_path: Path) -> None:
    results = judged(gate)
    assert results
    assert [r.sentence() for r in results if r.verdict != "passed"] == []
    assert (tmp_path / "docs" / "index.html").exists()
    assert "TERBUKA" in page(tmp_path)
    assert all(f'id="{r.rule}"' in page(tmp_path) for r in results)
    assert "http" not in page(tmp_path), "the overview must open without a network"


@pytest.mark.parametrize("gate", gates.GATES)
def test_too_few_cases_skip_every_rule_that_has_a_base_and_no_other(judged: Judge, gate: str, tmp_path: Path) -> None:
    limits = yaml.safe_load(THRESHOLDS.read_text())
    for name, entry in ((name, entry) for entries in limits.values() for name, entry in entries.items()):
        if name.endswith("_judged_from"):
            entry["value"] = 10**9
    results = judged(gate, limits=limits)
    skipped = {r.rule for r in results if r.skipped}
    assert skipped == {rule.id for rule in rules() if rule.gate == gate and rule.judged_from is not None}
    assert skipped
    assert all(r.figure is None and r.passed and "too few cases" in r.sentence() for r in results if r.skipped)
    assert page(tmp_path).count("tidak dinilai<br>") == len(skipped)


@pytest.mark.parametrize("rule", ["RAW-BND-03", "STG-DOC-09", "MART-UPA-03"])
def test_small_numbers_do_not_trip_what_the_same_share_of_many_would(judged: Judge, rule: str) -> None:
    limits = yaml.safe_load(THRESHOLDS.read_text())
    (found,) = [r for r in rules() if r.id == rule]
    limits[found.suite][f"{found.figure}_judged_from"]["value"] = 10**6
    (result,) = [r for r in judged(gate_of(rule), TRIPS[rule], limits) if r.rule == rule]
    assert result.verdict == "skipped"


def test_every_rule_of_every_suite_has_a_data_set_that_trips_it() -> None:
    written = {
        expectation.meta["rule"]
        for module in suites().values()
        for expectation in module.build(lambda _: 1).expectations
    }
    assert len(written) > 50
    assert written == set(TRIPS)


def test_every_limit_has_its_reason_and_is_read_by_a_suite_and_no_other_is() -> None:
    limits = yaml.safe_load(THRESHOLDS.read_text())
    for relation, module in suites().items():
        read: set[str] = set()
        module.build(lambda name, read=read: read.add(name) or 1)
        read |= {name for name in limits[relation] if "{" + name + "}" in module.FIGURES}
        assert read == set(limits[relation]), relation
    assert set(limits) == set(suites())
    for name, entry in ((name, entry) for entries in limits.values() for name, entry in entries.items()):
        texts = set() if name.endswith("_judged_from") else {"text_id", "text_en"}
        assert set(entry) == {"value", "why", "since", "owner"} | texts, name
        assert all(len(entry[text]) > 20 for text in {"why"} | texts), name


def test_the_page_writes_numbers_as_they_are_read_in_the_field(judged: Judge, tmp_path: Path) -> None:
    judged("raw", "insert into raw.frame_sub_sls select '2022-10-01', idsubsls, '1' from raw.frame_sub_sls, range(24)")
    assert ">3,33 %<" in page(tmp_path), "RAW-BND-01: one bundle of thirty"
    assert ">1.500<" in page(tmp_path), "RAW-FRM-01: sixty sub-SLS, twenty-five times"


def test_a_warning_of_intake_rejects_no_bundle(judged: Judge) -> None:
    (share,) = [r for r in judged("raw") if r.rule == "RAW-BND-01"]
    assert share.figure == pytest.approx(1 / 30, abs=1e-6), "every bundle of the sound night carries warnings"


SUNDAY = "2022-10-23"


def test_a_day_off_is_not_compared_with_working_days(judged: Judge) -> None:
    results = judged("raw", f"insert into raw.bundles values ('{SUNDAY}', 'b1', '{SUNDAY}')", as_of=SUNDAY)
    assert {r.verdict for r in results if r.figure_name == "bundles_against_median"} == {"skipped"}


def test_a_bundle_on_a_day_off_ends_the_silence(judged: Judge) -> None:
    silent = "delete from raw.bundles where arrival_day >= '2022-10-20'"
    spoken = f"{silent}; insert into raw.bundles values ('{SUNDAY}', 'b1', '{SUNDAY}')"
    for broken_by, days, verdict in ((silent, 3, "tripped"), (spoken, 0, "passed")):
        (rule,) = [r for r in judged("raw", broken_by, as_of=SUNDAY) if r.rule == "RAW-BND-04"]
        assert (rule.figure, rule.verdict) == (days, verdict)


def test_a_public_holiday_is_no_working_day(judged: Judge) -> None:
    """Christmas 2022 is a Sunday, so the Ascension of 2023 stands here: Thursday 18 May."""
    window = {"field_start": date(2023, 5, 8), "field_end": date(2023, 5, 31)}
    heard = "delete from raw.bundles; insert into raw.bundles values ('2023-05-16', 'b1', '2023-05-16')"
    (rule,) = [r for r in judged("raw", heard, as_of="2023-05-19", **window) if r.rule == "RAW-BND-04"]
    assert rule.figure == 2, "Wednesday and Friday; Thursday is a holiday"


# Coverage above the list -------------------------------------------------------------------------------------------


def remember(configured: Settings, as_of: str, share: float, *, closed: bool = False) -> None:
    """Enter an earlier night's gate on the marts into the history."""
    results = [
        RuleResult("marts", PAD, "MART-PAD-02", "critical", "province_coverage_share", share, "<= 1.05", not closed)
    ]
    path = configured.state / "gate_result" / f"night-{as_of}-{share}" / "marts.parquet"
    gate_result.keep_results(results, path, path.parent.name, as_of)


def coverage(results: list[RuleResult]) -> tuple[str, str]:
    found = {r.rule: r.verdict for r in results}
    return found["MART-PAD-02"], found["MART-PAD-05"]


RISEN, STANDING = ("tripped", "skipped"), ("skipped", "tripped")


def test_a_province_that_rises_above_its_list_in_one_night_closes_the_gate(judged: Judge, here: Settings) -> None:
    remember(here, "2022-10-25", 1.04)
    assert coverage(judged("marts", ABOVE_THE_LIST)) == RISEN


def test_a_province_that_stood_above_its_list_already_warns(judged: Judge, here: Settings) -> None:
    remember(here, "2022-10-24", 1.04)
    remember(here, "2022-10-25", 1.055)
    assert coverage(judged("marts", ABOVE_THE_LIST)) == STANDING


def test_a_closed_gate_does_not_open_by_waiting(judged: Judge, here: Settings) -> None:
    remember(here, "2022-10-24", 1.04)
    remember(here, "2022-10-25", 1.06, closed=True)
    assert coverage(judged("marts", ABOVE_THE_LIST)) == RISEN


def test_a_new_frame_explains_a_rise(judged: Judge, here: Settings) -> None:
    remember(here, "2022-10-25", 1.04)
    new = "insert into raw.frame_sub_sls select '2022-10-26', idsubsls, expected_families from raw.frame_sub_sls"
    assert coverage(judged("marts", ABOVE_THE_LIST + new)) == STANDING


def test_a_frame_that_the_night_before_knew_explains_nothing(judged: Judge, here: Settings) -> None:
    remember(here, "2022-10-25", 1.04)
    old = "insert into raw.frame_sub_sls select '2022-10-25', idsubsls, expected_families from raw.frame_sub_sls"
    assert coverage(judged("marts", ABOVE_THE_LIST + old)) == RISEN


def test_the_history_of_later_and_equal_days_is_not_asked(judged: Judge, here: Settings) -> None:
    remember(here, AS_OF, 1.06)
    remember(here, "2022-10-27", 1.06)
    assert coverage(judged("marts", ABOVE_THE_LIST)) == RISEN


# Alerts ------------------------------------------------------------------------------------------------------------

RUN = "field_uploads_nightly/test"


def check(configured: Settings, gate: str) -> RunLog:
    """Judge a gate as the DAG's task does, whatever comes of it; give the run's log."""
    log = run_log(configured.state, *RUN.split("/"))
    steps.check_gate(RUN, AS_OF, gate)
    return log


def test_three_silent_working_days_raise_an_alert_everywhere_and_close_nothing(
    here: Settings, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture
) -> None:
    lay_out(here, TRIPS["RAW-BND-04"])
    with caplog.at_level(logging.WARNING):
        log = check(here, "raw")
    (entry,) = log.entries()
    figures = json.loads(entry["figures"])
    assert (entry["outcome"], figures["verdict"]) == ("done", "open")
    (alert,) = figures["alerts"]
    assert "rule RAW-BND-04 (warning) tripped: silent_working_days = 3" in alert
    assert "owner field-data" in alert
    assert any(
        r.levelname == "WARNING" and r.getMessage().startswith("ALERT suite raw.bundles") for r in caplog.records
    )
    html = (here.state / "data_docs" / AS_OF / "raw" / "gate.html").read_text()
    assert "PERINGATAN DINI" in html
    assert "Hubungi pemilik aturan: data lapangan" in html
    print_night(date.fromisoformat(AS_OF), log, seconds=1)
    said = capsys.readouterr().out
    assert "ALERT" in said
    assert str(here.state / "data_docs" / AS_OF / "raw" / "gate.html") in said


@pytest.mark.parametrize(
    "broken_by", ["", TRIPS["RAW-BND-03"], "delete from raw.bundles where arrival_day >= '2022-10-25'"]
)
def test_no_alert_without_three_silent_working_days(judged: Judge, broken_by: str, tmp_path: Path) -> None:
    assert gates.alerts(judged("raw", broken_by)) == []
    assert "PERINGATAN DINI" not in page(tmp_path)


# Faults ------------------------------------------------------------------------------------------------------------

FAULTS = {
    "a missing table": ("raw", "drop table raw.persons", "raw.persons|persons does not exist"),
    "a missing column": ("marts", "alter table marts.family_welfare drop column missing_inputs", "missing_inputs"),
    "an empty figure": ("marts", f"update {PAD} set coverage_share = null", "province_coverage_share is empty"),
    "a figure that is no number": (
        "marts",
        f"alter table {PAD} alter coverage_share type double; update {PAD} set coverage_share = 'nan'",
        "province_coverage_share is nan",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_ours_and_said_on_the_page(judged: Judge, fault: str, tmp_path: Path) -> None:
    gate, broken_by, said = FAULTS[fault]
    with pytest.raises(GateFaultError, match=said) as raised:
        judged(gate, broken_by)
    assert "a fault of ours and not of the data" in str(raised.value)
    assert "GANGGUAN" in page(tmp_path)
    assert not re.search("DITUTUP|TERBUKA", page(tmp_path))


def test_a_fault_quotes_no_value(judged: Judge, here: Settings, tmp_path: Path) -> None:
    remember(here, "10 SITI UJI", 1)
    with pytest.raises(GateFaultError, match="could not be computed: ConversionException") as raised:
        judged("marts")
    assert "SITI" not in str(raised.value) + page(tmp_path)


@pytest.mark.parametrize(
    ("gate", "relation", "name"),
    [
        ("raw", "raw.documents", "head_name_filled_share_min"),
        ("raw", "raw.documents", "head_name_filled_share_judged_from"),
        ("marts", "marts.progress_area_daily", "province_coverage_share_max"),
    ],
)
def test_a_missing_limit_is_a_fault_of_ours_and_names_it(judged: Judge, gate: str, relation: str, name: str) -> None:
    limits = yaml.safe_load(THRESHOLDS.read_text())
    del limits[relation][name]
    with pytest.raises(GateFaultError, match=rf"{re.escape(relation)} has no {name}"):
        judged(gate, limits=limits)


def test_an_error_in_great_expectations_is_a_fault_of_ours(judged: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.gate_expectations.table_of", lambda _: "gates.nowhere")
    with pytest.raises(GateFaultError, match=r"could not be computed|could not be judged"):
        judged("raw")


def test_a_fault_is_told_apart_in_the_run_log_and_tried_again(here: Settings) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    lay_out(here, "drop table raw.persons")
    with pytest.raises(GateFaultError) as raised:
        check(here, "raw")
    assert not isinstance(raised.value, AirflowFailException), "a fault may be gone at the next attempt"
    (entry,) = run_log(here.state, *RUN.split("/")).entries()
    assert entry["outcome"] == "failed"
    assert entry["message"].startswith("GateFaultError: gate raw could not be judged, a fault of ours")
    assert json.loads(entry["figures"])["verdict"] == "fault"
    assert not (here.state / "gate_result").exists(), "a fault is no verdict"


def test_a_closed_gate_is_told_apart_in_the_run_log_and_not_tried_again(here: Settings) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    lay_out(here, TRIPS["RAW-FRM-02"])
    with pytest.raises(AirflowFailException, match=r"gate raw closed: suite raw\.frame_sub_sls, rule RAW-FRM-02"):
        check(here, "raw")
    (entry,) = run_log(here.state, *RUN.split("/")).entries()
    assert entry["message"].startswith("GateClosedError: gate raw closed")
    assert json.loads(entry["figures"])["verdict"] == "closed"


# The ledger --------------------------------------------------------------------------------------------------------


def test_verdicts_are_in_the_warehouse_as_soon_as_they_are_kept_and_a_second_try_replaces_its_own(
    here: Settings,
) -> None:
    remember(here, "2022-10-25", 1.04)
    lay_out(here)
    other = next((here.state / "gate_result").rglob("*.parquet")).read_bytes()
    check(here, "raw")
    check(here, "raw")
    with warehouse.opened(here.warehouse, read_only=True) as connection:
        kept = connection.execute(
            "select run_key, count(*), count(distinct rule) from state.gate_result group by 1 order by 1"
        ).fetchall()
    rules_of_raw = sum(rule.gate == "raw" for rule in rules())
    assert kept == [("field_uploads_nightly__test", rules_of_raw, rules_of_raw), ("night-2022-10-25-1.04", 1, 1)]
    assert next((here.state / "gate_result" / "night-2022-10-25-1.04").iterdir()).read_bytes() == other


def test_a_gate_leaves_the_warehouse_file_free(judged: Judge, here: Settings) -> None:
    judged("raw")
    import duckdb

    duckdb.connect(str(here.warehouse), config={"threads": 1}).close()


def test_the_documents_table_of_rules_is_the_suites_own() -> None:
    from expectations.catalogue import table

    text = (PROJECT / "docs" / "gates.md").read_text()
    assert table() in text, "python -m expectations.catalogue prints the table"
