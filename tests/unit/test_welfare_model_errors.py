"""Exclusion, inclusion and rank correlation: by hand, at the borders, and as properties."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from include.settings import PROJECT
from include.welfare_model.targeting_error import CUT_OFFS, poorest, rank_correlation, targeting_error

VALUES = st.integers(-3, 3)
UNITS = st.lists(st.tuples(VALUES, VALUES, st.integers(1, 9)), min_size=1, max_size=40)


def columns(units: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    truth, score, weight = (np.array(column, dtype=float) for column in zip(*units, strict=True))
    return truth, score, weight


def test_the_example_of_the_docs_comes_out_as_by_hand() -> None:
    text = (PROJECT / "docs/pmt_fitting.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [A-J] \| (\d+) \| (\d+) \| (\d+) \|$", text, flags=re.MULTILINE)
    size, truth, score = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assert len(rows) == 10
    assert size.sum() == 30
    for weight, exclusion, inclusion, leakage in ((np.ones(10), "1/3", "1/7", "1/3"), (size, "5/11", "1/19", "1/7")):
        error = targeting_error(truth, score, weight, 30)
        assert f"{error.eligible_unserved:g}/{error.eligible:g}" == exclusion
        assert f"{error.ineligible_served:g}/{error.ineligible:g}" == inclusion
        assert f"{error.ineligible_served:g}/{error.served:g}" == leakage
        assert f"exclusion_error = {exclusion}" in text
        assert f"inclusion_error = {inclusion}, leakage = {leakage}" in text
        assert error.exclusion_error == pytest.approx(float(Fraction(exclusion)))
        assert error.inclusion_error == pytest.approx(float(Fraction(inclusion)))
        assert error.leakage == pytest.approx(float(Fraction(leakage)))


def test_a_perfect_score_misses_nobody_and_a_reversed_one_everybody() -> None:
    truth, weight = np.arange(100.0), np.ones(100)
    for cut_off in CUT_OFFS:
        assert targeting_error(truth, truth, weight, cut_off).exclusion_error == 0
        assert targeting_error(truth, truth, weight, cut_off).inclusion_error == 0
        assert targeting_error(truth, -truth, weight, cut_off).exclusion_error == 1
        assert targeting_error(truth, -truth, weight, cut_off).eligible == cut_off


def test_equal_scores_stand_in_the_order_given() -> None:
    assert poorest(np.zeros(10), np.ones(10), 30).tolist() == [True] * 3 + [False] * 7


def test_a_middle_that_lies_on_the_cut_off_is_outside() -> None:
    # The first of two units of weight 1 has its middle at 25 %.
    assert poorest(np.array([1.0, 2.0]), np.ones(2), 25).tolist() == [False, False]
    assert poorest(np.array([1.0, 2.0]), np.ones(2), 26).tolist() == [True, False]


def test_an_error_without_anybody_to_divide_by_is_no_number() -> None:
    error = targeting_error(np.array([1.0]), np.array([1.0]), np.ones(1), 40)
    assert (error.eligible, error.served, error.inclusion_error) == (0, 0, 0)
    assert np.isnan(error.exclusion_error)
    assert np.isnan(error.leakage)


@given(UNITS, st.sampled_from(CUT_OFFS))
def test_errors_are_shares_of_what_they_say(units: list[tuple[int, int, int]], cut_off: int) -> None:
    truth, score, weight = columns(units)
    error = targeting_error(truth, score, weight, cut_off)
    assert error.eligible + error.ineligible == weight.sum()
    assert 0 <= error.eligible_unserved <= error.eligible
    assert 0 <= error.ineligible_served <= min(error.ineligible, error.served)
    # Served = eligible and served + served by mistake.
    assert error.served == error.eligible - error.eligible_unserved + error.ineligible_served


@given(UNITS, st.sampled_from(CUT_OFFS))
def test_the_poorest_miss_their_share_by_half_a_unit_at_most(units: list[tuple[int, int, int]], cut_off: int) -> None:
    truth, _, weight = columns(units)
    taken = weight[poorest(truth, weight, cut_off)].sum()
    assert abs(taken * 100 - weight.sum() * cut_off) <= weight.max() * 50
    order = np.argsort(truth, kind="stable")
    assert not np.diff(poorest(truth, weight, cut_off)[order].astype(int)).max(initial=0) > 0


@settings(max_examples=50)
@given(UNITS)
def test_rank_correlation_is_spearmans(units: list[tuple[int, int, int]]) -> None:
    truth, score, _ = columns(units)
    mine = rank_correlation(truth, score)
    if len(set(truth)) < 2 or len(set(score)) < 2:
        assert np.isnan(mine)
    else:
        assert mine == pytest.approx(spearmanr(truth, score).statistic, abs=1e-12)


@pytest.mark.parametrize("weight", [[1.0, 0.0], [1.0, -1.0], [1.0]])
def test_units_without_a_weight_are_refused(weight: list[float]) -> None:
    with pytest.raises(ValueError, match="weights above 0"):
        targeting_error(np.arange(2.0), np.arange(2.0), np.array(weight), 10)
