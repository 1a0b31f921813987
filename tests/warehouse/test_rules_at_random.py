"""Rules on cells that nobody thought of: whatever stands in a document, the warehouse and the oracle judge it alike."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from include.contract import FAMILY_COLUMNS, FORM_VERSIONS, PERSON_COLUMNS
from include.settings import Settings
from include.simulation.rule_oracle import RULES
from tests.builders import LandingZone
from tests.pipeline import build_marts
from tests.rule_cases import (
    CHILD,
    CODE,
    DESA,
    FAMILY_CASES,
    HEAD,
    PERSON_CASES,
    POOR,
    TODDLER,
    UNREACHED,
    Row,
    cells_of,
    gone,
)
from tests.rule_zone import RuleZone, expected_breaches, found_breaches

pytestmark = pytest.mark.core

SEED, AS_OF = 20221015, "2022-10-18"

CODES = (
    "", "", *(str(code) for code in range(16)), "22", "23", "24", "31", "32", "63", "64", "98", "99", "100", "997",
    "998", "01", "02", "03", "04", "05", "06", "07", "08", "00", "004", "005", "012", "0007",
)  # fmt: skip
# What no list has: not whole numbers, other scripts' digits, blanks, numbers too long to be read.
ODDITIES = (
    "x", "X", "4O", " 1", "1 ", "\u00a01", "\u00a0", " ", "-1", "+1", "1.0", "1e1", "0x1", "1_0", "1,0", "\uff11",
    "\u0661", "999999999", "1000000000", "99999999999999999999", "1\n", "\t1", "-", "?", "'", '"1"', "null", "NaN",
)  # fmt: skip
NUMBERS = (
    "", "3501011501159601", "3501011501159602", "9" * 16, "1" * 16, "1234567890" + "123456", "3501011501150000",
    "99990101011" + "59601", "350101", "3501.0150.0680.9001", "3501015006809001", "3501011006809002",
    "3501015006129003", "3173015006809001", "9901015006809001", "3501014006809001", "3501017206809001",
    "3501012902009004", "3501012902019004", "3501013104809001", "3501011013809001", " 350101150115960",
    "\uff13501011501159601"[:16],
)  # fmt: skip
DAYS = (
    "", "2022-10-14", "2022-10-15", "2022-10-17", "2022-10-18", "2023-01-12", "2023-01-13", "2022-10-32", "2022-02-29",
    "16/10/2022", "2022-10-16 ", "2022-1-16", "0001-01-01", "0000-01-01", "9999-12-31", "0000-00-00", "2020-02-29", "x",
)  # fmt: skip
DEGREES = (
    "", "0", "-8.2", "110.9", "-8.1637", "-8.2193", "110.9353", "110.8936", "91", "-181", "7\u00b0 S", "-8,2", "x",
    "\u00a0", " -8.2", "110.9 ", "1e1", "nan", "inf", "+1", "1_0", "1e400", "\u0663", "\u00a0110.9",
)  # fmt: skip
NAMES = ("", "SITI", "siti", "1", "-", "x y", "\u00a0SITI", "\u00a0", " ", "\u3000")
POOLS: dict[str, Sequence[str]] = {
    **dict.fromkeys(("r106", "r108", "r402"), NAMES), **dict.fromkeys(("r114", "r403"), NUMBERS), "r201": DAYS,
    "latitude": (str(DESA["lat"]), *DEGREES), "longitude": (str(DESA["lon"]), *DEGREES),
    "photo_sha256": ("", "aa", "bb", "AA", " "), "r205": ("1", "1", "2", "3", "4", "5", *CODES, *ODDITIES),
    "r406y": ("", "0", "1899", "1900", "1924", "1950", "1980", "1999", "2000", "2012", "2017", "2019", "2022", "2023"),
    "r407": ("", *(str(age) for age in range(100)), "007", *ODDITIES),
    "r431a": ("", *(str(code) for code in range(18)), "99", "113", "114", *ODDITIES),
    **{f"r501{x}_month": ("", "", *(str(month) for month in range(14)), "98", "09", *ODDITIES) for x in "abcdefg"},
    **{f"r501{x}_year": ("", "", "2020", "2021", "2022", "2023", "21", *ODDITIES) for x in "abcdefg"},
}  # fmt: skip
# What says which document it is and where: rules judge no document that is rejected.
IDENTITY = {"submission_id", "revision", "is_deleted", "r101", "r102", "r103", "r104", "r105", "r109", "r110"}
HOUSEHOLDS: tuple[tuple[Row, list[Row] | None], ...] = (
    ({}, None), ({}, [HEAD, CHILD]), ({}, [HEAD, TODDLER]), ({}, [HEAD, {**HEAD, "r401": "2", "r409": "2"}, CHILD]),
    ({"r112": "1"}, [HEAD, gone()]), ({}, [{**HEAD, "r401": ""}, CHILD, {**CHILD, "r407": "7"}]), ({}, []),
    (UNREACHED, []), (UNREACHED, [HEAD]), ({**POOR, "r303": "1"}, [HEAD, CHILD]),
)  # fmt: skip


def with_other_cells(dice: random.Random, row: Row, columns: Sequence[str], share: float) -> Row:
    """The row with about this share of its cells drawn anew."""
    drawn = dict(row)
    for column in columns:
        if column not in IDENTITY and dice.random() < share:
            drawn[column] = dice.choice(POOLS.get(column) or (CODES if dice.random() < 0.7 else ODDITIES))
    return drawn


def cases() -> Iterator[tuple[Row, list[Row]]]:
    """Every case of every rule, and some more households: what is drawn anew starts near the limits of the rules."""
    for of_rule in FAMILY_CASES.values():
        yield from (cells_of(*case) for group in of_rule for case in group)
    for of_rule in PERSON_CASES.values():
        yield from (cells_of(None, persons) for group in of_rule for persons in group)
    yield from (cells_of(*household) for household in HOUSEHOLDS * 10)


def furnish(zone: RuleZone) -> None:
    dice = random.Random(SEED)  # noqa: S311 - to draw test cells
    for family, persons in [*cases(), *cases()]:
        share = dice.choice((0.01, 0.03, 0.1, 0.3, 1.0))
        people = [with_other_cells(dice, row, PERSON_COLUMNS, share) for row in persons]
        drawn = with_other_cells(dice, family, FAMILY_COLUMNS, share)
        zone.add(drawn, people, form_version=dice.choice(FORM_VERSIONS))


@pytest.fixture
def zone(tmp_path: Path) -> RuleZone:
    drawn = RuleZone(LandingZone(tmp_path / "landing", sub_sls={f"{CODE}000100": 2000}).with_frame())
    furnish(drawn)
    drawn.send()
    return drawn


def test_the_two_judges_agree_on_documents_drawn_at_random(
    zone: RuleZone, tmp_path: Path, pointed_at: Callable[..., Settings]
) -> None:
    build_marts(pointed_at(tmp_path), AS_OF)
    expected, found = expected_breaches(zone.sent), found_breaches()
    assert {rule for *_, rule in expected} == RULES
    cells = {one.place: (one.family, one.persons) for one in zone.sent}
    assert [(breach, cells[breach[:3]]) for breach in sorted(expected ^ found)] == []
