"""Errors of targeting, counted and expected, with intervals (docs/targeting.md, "What the score does not know")."""

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

from tests.oracle.figures import quotient, rounded
from tests.oracle.landing import seed
from tests.oracle.scores import VERSION

ERRORS = ("exclusion_error", "inclusion_error", "leakage")
NORMAL_90 = Fraction("1.644854")
MILLION = 1_000_000

Judged = tuple[bool, bool, int]


@cache
def residual_sd() -> Fraction:
    """Standard deviation by which true log consumption differs from the score."""
    return next(Fraction(m["residual_sd"]) for m in seed("targeting/pmt_models.csv") if m["model_version"] == VERSION)


def line_of(scored: Sequence[tuple[Fraction, int]], decile: int) -> float | None:
    """The cut score of a decile, moved out as far as truth spreads wider; None where everybody is below."""
    if decile == 10:
        return None
    scores = [score for score, _ in scored]
    cut = max(score for score, rank in scored if rank <= decile)
    mean = sum(scores) / len(scores)
    variance = sum(score**2 for score in scores) / len(scores) - mean**2
    if variance == 0:
        return float(cut)
    return float(mean) + float(cut - mean) * math.sqrt(1 + residual_sd() ** 2 / variance)


@cache
def chance(score: Fraction, line: float | None) -> int:
    """Of being truly below the line, in millionths."""
    if line is None:
        return MILLION
    return round(MILLION * math.erfc((float(score) - line) / float(residual_sd()) / math.sqrt(2)) / 2)


def error_columns(families: list[Judged]) -> dict[str, Any]:
    """Counts, counted errors, expected errors and their 90 % intervals of one cell."""
    unserved = [p for _, is_served, p in families if not is_served]
    served = [p for _, is_served, p in families if is_served]
    eligible = sum(is_eligible for is_eligible, _, _ in families)
    missed = sum(is_eligible and not is_served for is_eligible, is_served, _ in families)
    leaked = sum(is_served and not is_eligible for is_eligible, is_served, _ in families)
    counted = dict(zip(ERRORS, (quotient(missed, eligible, 6), quotient(leaked, len(families) - eligible, 6),
                                quotient(leaked, len(served), 6)), strict=True))  # fmt: skip
    u, v = Fraction(sum(unserved), MILLION), Fraction(sum(served), MILLION)
    return {
        "families": len(families),
        "eligible_families": eligible,
        "ineligible_families": len(families) - eligible,
        "served_families": len(served),
        "eligible_unserved_families": missed,
        "ineligible_served_families": leaked,
        "expected_eligible_families": u + v,
        "expected_eligible_unserved_families": u,
        **counted,
        "undercoverage": counted["exclusion_error"],
        **_expected(u, v, _variance(unserved), _variance(served), len(unserved), len(served)),
    }


def _variance(chances: list[int]) -> Fraction:
    return Fraction(sum(p * (MILLION - p) for p in chances), MILLION**2)


def _expected(u: Fraction, v: Fraction, var_u: Fraction, var_v: Fraction, m: int, s: int) -> dict[str, Any]:
    """U and V are truly poor among M unserved and S served; A and B the others."""
    a, b = s - v, m - u
    told: dict[str, Any] = {}
    for name, part, rest, var_part, var_rest in (
        ("exclusion_error", u, v, var_u, var_v), ("inclusion_error", a, b, var_v, var_u),
        ("leakage", a, v, var_v, Fraction(0)),
    ):  # fmt: skip
        whole = part + rest
        if whole == 0:
            told |= dict.fromkeys((f"{name}_expected", f"{name}_low", f"{name}_high"))
            continue
        variance = (rest**2 * var_part + part**2 * var_rest) / whole**4
        if name == "leakage":
            variance = var_v / Fraction(s) ** 2
        told |= _interval(name, part / whole, variance)
    return told


def _interval(name: str, expected: Fraction, variance: Fraction) -> dict[str, Any]:
    half = NORMAL_90 * _root(variance)
    return {
        f"{name}_expected": rounded(expected, 6),
        f"{name}_low": rounded(max(expected - half, Fraction(0)), 6),
        f"{name}_high": rounded(min(expected + half, Fraction(1)), 6),
    }


def _root(value: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 50
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())
