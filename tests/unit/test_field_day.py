"""The clock of the night."""

from datetime import UTC, datetime

import pytest

from include.field_day import arrival_day_of


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2022, 10, 16, 16, 59, tzinfo=UTC), "2022-10-15"),
        (datetime(2022, 10, 16, 17, 0, tzinfo=UTC), "2022-10-16"),
        (datetime(2022, 10, 16, 18, 30, tzinfo=UTC), "2022-10-16"),
    ],
)
def test_the_night_is_the_local_day_before(at: datetime, day: str) -> None:
    assert arrival_day_of(None, at, "Asia/Jakarta") == day


def test_the_day_asked_for_wins() -> None:
    assert arrival_day_of("2022-10-17", datetime(2023, 1, 1, tzinfo=UTC), "Asia/Jakarta") == "2022-10-17"


def test_a_run_without_either_is_an_error() -> None:
    with pytest.raises(ValueError, match="arrival_day"):
        arrival_day_of(None, None, "Asia/Jakarta")


def test_a_day_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        arrival_day_of("17-10-2022", None, "Asia/Jakarta")
