"""Every gate rule is tripped by a data set of its own, and a sound night trips none."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from include import gates, warehouse
from include.settings import PROJECT

THRESHOLDS = PROJECT / "expectations" / "thresholds.yaml"
AS_OF = "2022-10-16"

SOUND = """
create schema raw; create schema marts;
create table raw.frame_sub_sls as
    select date '2022-10-01' as snapshot_day, '3573010001000100' as idsubsls, '60' as expected_families;
create table raw.bundles as
    select date '2022-10-16' as arrival_day, 'b' || i as bundle_name from range(30) as t (i);
create table raw.bundle_findings as
    select date '2022-10-16' as arrival_day, 'b0' as bundle_name, 'NOT_A_ZIP' as reason
    union all select date '2022-10-16', 'b1', 'UNKNOWN_COLUMN';
create table raw.documents as
    select date '2022-10-16' as arrival_day, 'id' || i as submission_id, 'kk' as r108 from range(200) as t (i);
create table marts.progress_area_daily as
    select level as area_level, date '2022-10-16' as field_day, 0.5 as coverage_share, 100 as expected_families,
        30 as enumerated_families_cumulative
    from (values ('province'), ('sub_sls')) as t (level);
create table marts.upload_accounting as
    select 'kab_kota' as unit_level, 200 as received, 196 as accepted, 1 as held, 1 as superseded, 1 as duplicate,
        1 as rejected;
create table marts.family_welfare as
    select 1 + i % 10 as decile_family_province, 0 as missing_inputs, null::varchar as unscored_reason
    from range(50) as t (i);
"""

TRIPS = {
    "RAW-FRM-01": "delete from raw.frame_sub_sls",
    "RAW-FRM-02": "insert into raw.frame_sub_sls values ('2022-10-01', '3,57301E+15', '60')",
    "RAW-BND-01": "insert into raw.bundle_findings select '2022-10-16', 'b' || i, 'BAD_CSV' from range(2, 9) as t (i)",
    "RAW-BND-02": "delete from raw.bundles",
    "RAW-DOC-01": "update raw.documents set submission_id = null where submission_id < 'id103'",
    "RAW-DOC-02": "update raw.documents set r108 = null where submission_id like 'id1%'",
    "MART-PAD-01": "delete from marts.progress_area_daily",
    "MART-PAD-02": "update marts.progress_area_daily set coverage_share = 1.06 where area_level = 'province'",
    "MART-PAD-03": "update marts.progress_area_daily set coverage_share = 1.26 where area_level = 'sub_sls'",
    "MART-PAD-04": "update marts.progress_area_daily set enumerated_families_cumulative = 29 where area_level > 'q'",
    "MART-UPA-01": "update marts.upload_accounting set accepted = 195",
    "MART-UPA-02": "update marts.upload_accounting set rejected = 41, accepted = 156",
    "MART-FWE-01": "update marts.family_welfare set decile_family_province = 11 where decile_family_province = 10",
    "MART-FWE-02": "update marts.family_welfare set missing_inputs = 1 where decile_family_province < 3",
}  # fmt: skip


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[str, str], list[gates.RuleResult]]:
    file = tmp_path / "regsosek.duckdb"

    def judge(gate: str, broken_by: str = "") -> list[gates.RuleResult]:
        with warehouse.opened(file) as connection:
            connection.execute(SOUND + broken_by)
        return gates.run_gate(gate, AS_OF, file, THRESHOLDS, tmp_path / "docs")

    return judge


def gate_of(rule: str) -> str:
    return "raw" if rule.startswith("RAW") else "marts"


def suites() -> dict[str, object]:
    return {
        module.RELATION: module
        for names in gates.GATES.values()
        for module in (importlib.import_module(f"expectations.suites.{name}") for name in names)
    }


@pytest.mark.parametrize("rule", TRIPS)
def test_a_rule_is_tripped_by_its_data_set_and_the_sound_one_passes(
    judged: Callable, rule: str, tmp_path: Path
) -> None:
    results = judged(gate_of(rule), TRIPS[rule])
    assert [r.rule for r in results if not r.passed] == [rule]
    (tripped,) = [r for r in results if r.rule == rule]
    page = (tmp_path / "docs" / "gate.html").read_text()
    assert ("DITUTUP" in page) == (tripped.severity == "critical")
    assert page.count("terlampaui") == 1
    if tripped.severity == "critical":
        with pytest.raises(gates.GateClosedError, match=f"rule {rule} .critical. tripped: {tripped.figure_name} = "):
            gates.require_open(results, "snapshot 2022-10-15_0123456789ab")
    else:
        gates.require_open(results, "snapshot 2022-10-15_0123456789ab")


@pytest.mark.parametrize("gate", gates.GATES)
def test_a_sound_night_trips_nothing_and_leaves_pages(judged: Callable, gate: str, tmp_path: Path) -> None:
    results = judged(gate)
    assert results
    assert [r.sentence() for r in results if not r.passed] == []
    assert (tmp_path / "docs" / "index.html").exists()
    page = (tmp_path / "docs" / "gate.html").read_text()
    assert "TERBUKA" in page
    assert all(r.rule in page for r in results)
    assert "http" not in page, "the overview must open without a network"


def test_every_rule_of_every_suite_has_a_data_set_that_trips_it() -> None:
    rules = {
        expectation.meta["rule"]
        for module in suites().values()
        for expectation in module.build(lambda _: 1).expectations  # type: ignore[attr-defined]
    }
    assert rules == set(TRIPS)


def test_every_limit_has_its_reason_and_is_read_by_a_suite_and_no_other_is() -> None:
    limits = yaml.safe_load(THRESHOLDS.read_text())
    for relation, module in suites().items():
        read: set[str] = set()
        module.build(lambda name, read=read: read.add(name) or 1)  # type: ignore[attr-defined]
        read |= {name for name in limits[relation] if "{" + name + "}" in module.FIGURES}  # type: ignore[attr-defined]
        assert read == set(limits[relation]), relation
    assert set(limits) == set(suites())
    for entry in (entry for entries in limits.values() for entry in entries.values()):
        assert set(entry) == {"value", "why", "since", "owner"}
        assert len(entry["why"]) > 20


def test_a_missing_limit_is_a_fault_of_ours_and_names_it(judged: Callable, tmp_path: Path) -> None:
    judged("raw")
    short = tmp_path / "short.yaml"
    limits = yaml.safe_load(THRESHOLDS.read_text())
    del limits["raw.documents"]["head_name_filled_share_min"]
    short.write_text(yaml.safe_dump(limits))
    with pytest.raises(gates.GateFaultError, match=r"raw\.documents has no head_name_filled_share_min"):
        gates.run_gate("raw", AS_OF, tmp_path / "regsosek.duckdb", short, tmp_path / "docs")


def test_an_expectation_that_cannot_be_computed_is_a_fault_of_ours_not_bad_data(judged: Callable) -> None:
    with pytest.raises(gates.GateFaultError, match="could not be computed"):
        judged("marts", "alter table marts.family_welfare drop column missing_inputs")


def test_a_gate_leaves_the_warehouse_file_free(judged: Callable, tmp_path: Path) -> None:
    judged("raw")
    import duckdb

    duckdb.connect(str(tmp_path / "regsosek.duckdb"), config={"threads": 1}).close()
