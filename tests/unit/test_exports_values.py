"""How single values become the contract's: the closed list of changes, typed cells, keys, names."""

import math
import re
import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.intake.exports import transforms
from include.intake.exports.documents import document_id
from include.intake.exports.table import shown, text_of
from include.intake.finding import EXPORT_WARNINGS
from include.settings import PROJECT

JAKARTA = ZoneInfo("Asia/Jakarta")
DOCS = (PROJECT / "docs" / "exports.md").read_text(encoding="utf-8")
CHANGES = [
    ("upper", "p35", "P35"),
    ("lower", "P35", "p35"),
    ("strip", " x ", "x"),
    ("zero_pad:3", "7", "007"),
    ("zero_pad:3", "0071", "0071"),
    ("zero_pad:3", "7a", None),
    ("slice:4:3", "3573010001000100", "010"),
    ("slice:4:3", "35730", None),
    ("split_geopoint:0", "-7.98 112.63 0 5", "-7.98"),
    ("split_geopoint:3", "-7.98 112.63 0 5", "5"),
    ("split_geopoint:3", "-7.98 112.63", None),
    ("sum_of_choices", "1 4", "5"),
    ("sum_of_choices", "4 1 4", "5"),
    ("sum_of_choices", "0", "0"),
    ("sum_of_choices", "1 x", None),
    ("plus_one", "0", "1"),
    ("plus_one", "-1", None),
    ("plus_one", "²", None),
    ("plus_one", "9" * 5000, None),
    ("date_of_datetime", "2022-10-16T23:59:00.000+07:00", "2022-10-16"),
    ("date_of_datetime", "Oct 16, 2022 8:00:00 PM", "2022-10-16"),
    ("date_of_datetime", "16/10/2022", None),
    ("day_of_date", "1980-06-05", "5"),
    ("month_of_date", "1980-06-05", "6"),
    ("year_of_date", "1980-06-05", "1980"),
    ("year_of_date", "98", None),
    ("local_time", "2022-10-16T08:00:00", "2022-10-16T08:00:00+07:00"),
    ("local_time", "2022-10-16T08:00:00+08:00", "2022-10-16T08:00:00+08:00"),
    ("local_time", "Oct 16, 2022 8:00:00 AM", "2022-10-16T08:00:00+07:00"),
    ("local_time", "pagi", None),
    ("utc_time", "2022-10-16T08:00:00", "2022-10-16T08:00:00+00:00"),
]


@pytest.mark.parametrize(("name", "written", "expected"), CHANGES)
def test_a_change_gives_the_contracts_form_or_nothing(name: str, written: str, expected: str | None) -> None:
    assert transforms.parse(name, JAKARTA)(written) == expected


def test_every_change_is_tested_and_described() -> None:
    listed = set(transforms.NAMES)
    assert {name.partition(":")[0] for name, *_ in CHANGES} == listed
    assert {name for name in listed if re.search(rf"`{name}(:[0-9:]+)?`", DOCS)} == listed
    assert all(f"`{warning}`" in DOCS for warning in EXPORT_WARNINGS)


@pytest.mark.parametrize("name", ["reverse", "zero_pad", "zero_pad:x", "slice:1", "upper:1", "local_time:7", ""])
def test_a_change_outside_the_list_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="transform"):
        transforms.parse(name, JAKARTA)


@given(text=st.text(max_size=30), name=st.sampled_from(sorted({name for name, *_ in CHANGES})))
def test_no_text_makes_a_change_fail(text: str, name: str) -> None:
    found = transforms.parse(name, JAKARTA)(text)
    assert found is None or isinstance(found, str)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (3573155202009921.0, "3573155202009921"),
        (1.20603e15, "1206030000000000"),
        (1e22, "1e+22"),
        (math.nan, ""),
        (None, ""),
        (True, "1"),
        ("007", "007"),
        (date(2022, 10, 16), "2022-10-16"),
        (datetime(2022, 10, 16, 8, 0), "2022-10-16T08:00:00"),  # noqa: DTZ001 - a cell has no zone
    ],
)
def test_a_typed_cell_becomes_the_text_its_reader_sees(cell: object, expected: str) -> None:
    assert text_of(cell) == expected


def test_a_uuid_stays_and_any_other_key_makes_one() -> None:
    own = "00000000-0000-4000-8000-000000000001"
    assert {document_id("m", written) for written in (own, f"uuid:{own}", own.replace("-", ""), f" {own} ")} == {own}
    made = document_id("m", "12-34-56-78")
    assert made == document_id("m", " 12-34-56-78") == str(uuid.UUID(made))
    assert made not in (document_id("n", "12-34-56-78"), document_id("m", "12-34-56-79"))
    assert document_id("m", " ") == ""


@pytest.mark.parametrize("name", ["rumah-r302", "_parent_index", "kunjungan/r205", "lokasi__Latitude", "r431a_12"])
def test_a_name_of_a_column_is_shown(name: str) -> None:
    assert shown(name) == name


@pytest.mark.parametrize("name", ["3515" + "155202009921", "0800000" + "12345", "2022-10-16", "x" * 300, "a\nb"])
def test_what_looks_like_a_value_is_not_shown(name: str) -> None:
    assert shown(name) == "(unprintable name)"
