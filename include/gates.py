"""The gates: Great Expectations judges figures that DuckDB computed, and a tripped critical rule closes the gate.

A suite's FIGURES is one row of counts and shares, so no result, log or page can hold a person's value.
"""

import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from include import gate_expectations
from include.gate_figures import Figures, compute, require_figure
from include.gate_pages import write_fault, write_overview
from include.gate_result import GateFaultError, RuleResult
from include.settings import Settings

GATES = {
    "raw": (
        "raw_frame_sub_sls", "raw_frame_staff", "raw_frame_assignments", "raw_bundles", "raw_documents", "raw_persons",
    ),
    "staging": ("staging_documents", "staging_persons"),
    "marts": (
        "marts_progress_area_daily", "marts_upload_accounting", "marts_family_welfare",
        "marts_programme_targeting_error", "marts_coverage_area",
    ),
    "shock": ("marts_shock_caseload",),
}  # fmt: skip

_log = logging.getLogger(__name__)


def run_gate(gate: str, as_of: str, settings: Settings, docs: Path) -> list[RuleResult]:
    """Judge every suite of a gate inside DuckDB and write its pages; the warehouse file is free again on return.

    Raises:
        GateFaultError: a figure could not be computed, or a limit is missing. The gate's page then says so.
    """
    try:
        limits = yaml.safe_load(settings.thresholds.read_text())
        modules = [importlib.import_module(f"expectations.suites.{name}") for name in GATES[gate]]
        results = _judged(gate, modules, as_of, limits, settings, docs)
    except Exception as error:
        fault = error if isinstance(error, GateFaultError) else GateFaultError(type(error).__name__)
        said = f"gate {gate} could not be judged, a fault of ours and not of the data: {fault}"
        write_fault(gate, as_of, said, docs)
        raise GateFaultError(said) from error
    write_overview(results, limits, gate, as_of, docs)
    return results


def figures_for_log(results: list[RuleResult]) -> dict[str, Any]:
    """Give what the run log keeps of a gate: how many rules, and in words those that tripped or were skipped."""
    return {
        "verdict": "closed" if any(r.closes for r in results) else "open",
        "rules": len(results),
        "tripped": [r.sentence() for r in results if r.verdict == "tripped"],
        "skipped": [r.rule for r in results if r.skipped],
        "alerts": [r.sentence() for r in alerts(results)],
    }


def alerts(results: list[RuleResult]) -> list[RuleResult]:
    """Pick the tripped rules of which somebody must hear tonight."""
    return [r for r in results if r.alert and r.verdict == "tripped"]


def raise_alerts(results: list[RuleResult]) -> None:
    """Put every alert into the task's log where nobody can overlook it."""
    for result in alerts(results):
        _log.warning("ALERT %s", result.sentence())


def _judged(
    gate: str, modules: list[ModuleType], as_of: str, limits: dict, settings: Settings, docs: Path
) -> list[RuleResult]:
    suites = {module.RELATION: module.build(_limits_of(module.RELATION, limits)) for module in modules}
    figures = compute(modules, as_of, limits, settings)
    skipped = {
        (relation, expected.meta["rule"])
        for relation, suite in suites.items()
        for expected in suite.expectations
        if _says_nothing(expected, figures[relation], _limits_of(relation, limits))
    }
    judged = gate_expectations.judge(gate, suites, skipped, settings.warehouse, docs)
    return [
        _verdict(gate, relation, expected, figures[relation], judged.get((relation, expected.meta["rule"])), limits)
        for relation, suite in suites.items()
        for expected in suite.expectations
    ]


def _limits_of(relation: str, limits: dict) -> Callable[[str], float]:
    def limit(name: str) -> float:
        try:
            return limits[relation][name]["value"]
        except KeyError:
            raise GateFaultError(f"thresholds: {relation} has no {name}") from None

    return limit


def _says_nothing(expected: Any, figures: Figures, limit: Callable[[str], float]) -> bool:  # noqa: ANN401 - an expectation
    """Say whether there are too few cases to judge by; otherwise insist on a figure."""
    rule, base = expected.meta["rule"], expected.meta.get("base")
    if base and require_figure(figures, base, rule) < limit(expected.meta["judged_from"]):
        return True
    require_figure(figures, expected.column, rule)
    return False


def _verdict(
    gate: str, relation: str, expected: Any, figures: Figures, passed: bool | None, limits: dict  # noqa: ANN401
) -> RuleResult:  # fmt: skip
    meta = expected.meta
    limit_name = meta["limit"]
    side = ">=" if limit_name.endswith("_min") else "<="
    limit = limits[relation][limit_name]
    return RuleResult(
        gate=gate,
        suite=relation,
        rule=meta["rule"],
        severity=str(getattr(expected.severity, "value", expected.severity)),
        figure_name=expected.column,
        figure=None if passed is None else figures[expected.column],
        limit_text=f"{side} {limit['value']:g}",
        passed=passed is not False,
        skipped=passed is None,
        alert=bool(meta.get("alert")),
        owner=limit["owner"],
    )
