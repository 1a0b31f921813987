"""Numbers, days and texts of the report as they stand in a page."""

from datetime import date

import pytest
from markupsafe import Markup

from include.report.language import NOT_THERE, both, day, number, number_text, percent
from include.report.pages import figures_script, gate_figure


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1.234,5"), (0, 0, "0"), (1234567, 0, "1.234.567"), (-1234.56, 2, "-1.234,56")],
)
def test_numbers_are_written_as_indonesian_does(value: float, digits: int, text: str) -> None:
    assert number_text(value, digits) == text


def test_a_number_carries_its_value_for_the_other_language() -> None:
    assert number(1234.5, 1) == Markup('<data value="1234.5" data-f="n1">1.234,5</data>')
    assert percent(0.7635) == Markup('<data value="0.763500" data-f="p1">76,3%</data>')
    assert day(date(2023, 1, 5)) == Markup('<time datetime="2023-01-05">5 Januari 2023</time>')


def test_what_is_not_there_is_a_dash_and_no_zero() -> None:
    assert number(None) == percent(None) == day(None) == gate_figure(None) == NOT_THERE
    assert number(0) != NOT_THERE


def test_a_text_stands_in_both_languages_and_is_escaped() -> None:
    assert both("a < b", "a & b") == '<span lang="id">a &lt; b</span><span lang="en">a &amp; b</span>'


def test_a_gates_figure_shows_the_decimals_it_has() -> None:
    assert "0,09332<" in gate_figure(0.09332) and "876<" in gate_figure(876.0)


def test_an_areas_name_cannot_leave_its_script() -> None:
    assert "<" not in figures_script("kabkota", {"3573": ["</script><b>", 0.5]})
