"""Progress: what moved past days, who is assigned what, and that every view of a day holds whatever comes later."""

import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.settings import Settings
from tests.as_of_views import AsOfViews
from tests.builders import (
    DAY, DESA, ENUMERATOR, NEIGHBOUR, OTHER_SUB_SLS, SUB_SLS, SUPERVISOR, LandingZone, at, family, keys_file, person_of,
)  # fmt: skip
from tests.pipeline import build_marts
from tests.warehouse.test_corrections import correction, decide

DAYS = ("2022-10-15", DAY, "2022-10-17", "2022-10-18")
FAR, NEW = "3573010002000100", f"{DESA}000300"
FIGURES = {
    "enumerated_families": (1, 2), "complete_families": (1,), "incomplete_families": (2,), "no_respondent_families": (3,),
    "refused_families": (4,), "moved_families": (5,),
}  # fmt: skip
TOTAL, EXPECTED = "enumerated_families_cumulative", "expected_families"
LEVELS = ("province", "kab_kota", "kecamatan", "desa")
Figures = dict[tuple[str, str, str, date], int]


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> AsOfViews:
    root = tmp_path_factory.mktemp("progress")
    configured = settings_below(root)
    LandingZone(root / "landing").with_frame().send([family(1)])
    build_marts(configured, DAY)
    return AsOfViews(configured)


def settings_below(root: Path) -> Settings:
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    return Settings(landing=str(root / "landing"), **places)


@pytest.fixture
def place(tmp_path: Path) -> LandingZone:
    return LandingZone(tmp_path / "landing")


def seen(views: AsOfViews, zone: LandingZone, as_of: str) -> None:
    """Make the marts of a landing zone as of a day."""
    views.take_in(settings_below(zone.root.parent), as_of)
    views.build(as_of)


# ----- a landing zone at random -----


def landing_at_random(root: Path, seed: int) -> LandingZone:
    """Four days in which documents collide: revisions, rivals, withdrawals, mangled places, corrections, a new frame."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    zone = LandingZone(root / "landing", sub_sls={SUB_SLS: 60, OTHER_SUB_SLS: 40, FAR: 10})
    ends = chance.choice(["", DAYS[0], DAYS[1]])
    zone.with_frame(assignments=assigned((SUB_SLS, ENUMERATOR, DAYS[0], ends), (OTHER_SUB_SLS, NEIGHBOUR, DAYS[0], "")))
    sent: list[dict[str, str]] = []
    for number, day in enumerate(DAYS):
        for sequence, enumerator in enumerate(chance.choices((ENUMERATOR, NEIGHBOUR), k=chance.randint(1, 3)), start=1):
            documents = [document_at_random(chance, number) for _ in range(chance.randint(1, 6))]
            people = [person_of(d) for d in documents if d["r205"] in ("1", "2")]
            zone.send(documents, people, day=chance.choice(DAYS[: number + 1]), arrival=day, enumerator=enumerator,
                      sequence=10 * number + sequence)  # fmt: skip
            sent += documents
        if number:
            decide(zone, corrections_at_random(chance, sent, day), day)
    if chance.random() < 0.7:
        zone.sub_sls = {SUB_SLS: 55, NEW: 25, FAR: chance.choice([10, 12])}
        moved = assigned((SUB_SLS, NEIGHBOUR, DAYS[1], ""), (NEW, ENUMERATOR, DAYS[0], ""))
        zone.with_frame(chance.choice(DAYS[1:]), assignments=moved)
    return zone


def assigned(*lines: tuple[str, str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("idsubsls", "enumerator_id", "valid_from", "valid_to"), line, strict=True)) for line in lines]


def document_at_random(chance: random.Random, day: int) -> dict[str, str]:
    visited = date.fromisoformat(DAYS[day]) + timedelta(days=chance.choice([-3, -1, -1, 0, 0, 0, 0, 1, 2]))
    mangled = {"r105": "1,20603E+15"} if chance.random() < 0.1 else {}
    ended = f"{visited}T{chance.randint(8, 10):02d}:30:00+07:00" if chance.random() < 0.9 else ""
    return family(
        chance.randint(1, 8), revision=str(chance.choice([1, 1, 2, 3])), is_deleted=str(int(chance.random() < 0.1)),
        r109=str(chance.randint(1, 3)), r110="1", r201=visited.isoformat() if chance.random() < 0.9 else "",
        r205=chance.choice(["1", "1", "1", "2", "3", "4", "5", ""]), ended_at=ended,
        **(at(chance.choice([SUB_SLS, SUB_SLS, OTHER_SUB_SLS, FAR, NEW])) | mangled),
    )  # fmt: skip


def corrections_at_random(chance: random.Random, sent: list[dict[str, str]], day: str) -> list[dict[str, str]]:
    """Corrections of what was sent, some of them decided on an answer that an earlier one may have changed."""
    news = {
        "r105": ["000100", "000200", "000300"], "r109": ["1", "2", "3"], "r201": [*DAYS, ""],
        "r205": ["1", "2", "3", "4"], "ended_at": [f"{DAY}T12:00:00+07:00", ""],
    }  # fmt: skip
    lines = []
    for document in chance.choices(sent, k=chance.randint(0, 3)):
        variable = chance.choice(list(news))
        old = document[variable] if chance.random() < 0.7 else chance.choice(news[variable])
        number = int(document["submission_id"][-12:])
        decided = f"{day}T{chance.randint(8, 16):02d}:00:00+07:00"
        lines.append(correction(number, variable, old, chance.choice(news[variable]), revision=document["revision"],
                                decided_at=decided))  # fmt: skip
    return lines


# ----- what the marts say, and what they should -----


def figures(views: AsOfViews) -> Figures:
    """Every figure that figure_change follows, from progress_area_daily."""
    names = [*FIGURES, TOTAL, EXPECTED]
    found = views.rows(
        f"select area_level, area_code, field_day, {', '.join(names)} from marts.progress_area_daily"  # noqa: S608
        " where area_level <> 'sub_sls'"
    )
    return {(name, *row[:3]): value for row in found for name, value in zip(names, row[3:], strict=True)}


def moved_by(views: AsOfViews, before: dict, as_of: str) -> dict[tuple[str, str, str, date], set[str]]:
    """The bundles that moved each figure, told from the winners of both views."""
    brought = dict(
        views.rows(
            "select document_id, bundle_name from intermediate.int_documents__live"
            f" where is_highest_revision and arrival_day = '{as_of}'"  # noqa: S608
        )
    )
    now, today, moved = winners(views), date.fromisoformat(as_of), defaultdict(set)
    for key in before.keys() | now.keys():
        then, here = before.get(key), now.get(key)
        bundles = {brought[w[0]] for w in (then, here) if w and w[0] in brought}
        for figure, difference in (contributions(here, today) - contributions(then, today)).items():
            for level, digits in zip(LEVELS, (2, 4, 7, 10), strict=True):
                assert difference
                moved[figure[0], level, key[0][:digits], figure[1]] |= bundles
        for figure in contributions(then, today) - contributions(here, today):
            for level, digits in zip(LEVELS, (2, 4, 7, 10), strict=True):
                moved[figure[0], level, key[0][:digits], figure[1]] |= bundles
    return moved


def contributions(winner: tuple | None, today: date) -> Counter:
    """Figures of past days that a winner counts in."""
    if winner is None or winner[1] >= today:
        return Counter()
    found = Counter((name, winner[1]) for name, outcomes in FIGURES.items() if winner[2] in outcomes)
    if winner[2] in FIGURES["enumerated_families"]:
        found[TOTAL, today - timedelta(days=1)] += 1
    return found


def winners(views: AsOfViews) -> dict[tuple, tuple]:
    found = views.rows(
        "select idsubsls, r109, r110, document_id, progress_day, r205 from intermediate.int_documents__winners"
    )
    return {row[:3]: row[3:] for row in found}


def changes(views: AsOfViews) -> dict[tuple, tuple]:
    found = views.rows(
        "select figure, area_level, area_code, field_day, old_value, new_value, difference, bundle_names, bundles,"
        " old_expected_families, new_expected_families from marts.figure_change"
    )
    return {row[:4]: row[4:] for row in found}


def followed(key: tuple[str, str, str, date], today: date) -> bool:
    last_shared = today - timedelta(days=1)
    return key[3] == last_shared if key[0] in (TOTAL, EXPECTED) else key[3] <= last_shared


def check_changes(views: AsOfViews, before: Figures, winners_before: dict, as_of: str) -> int:
    """Hold figure_change to the two views of progress_area_daily it stands between; return how many rows it has."""
    now, today, told = figures(views), date.fromisoformat(as_of), changes(views)
    expected = {
        key: (before.get(key, 0), now.get(key, 0))
        for key in before.keys() | now.keys()
        if followed(key, today) and before.get(key, 0) != now.get(key, 0)
    }
    assert {key: row[:2] for key, row in told.items()} == expected
    moved = moved_by(views, winners_before, as_of)
    yesterday = today - timedelta(days=1)
    for key, (old, new, difference, names, count, old_expected, new_expected) in told.items():
        assert new - old == difference
        assert set(names.split(" | ") if names else []) == moved[key]
        assert count == len(moved[key])
        assert (old_expected, new_expected) == tuple(view.get((EXPECTED, *key[1:3], yesterday), 0) for view in (before, now))
    return len(told)


MEASURES = (
    "expected_families, enumerated_families, enumerated_persons, complete_families, incomplete_families,"
    " no_respondent_families, refused_families, moved_families, accepted_documents, held_documents,"
    " superseded_documents, enumerated_families_cumulative, enumerated_persons_cumulative"
)


def check_sums(views: AsOfViews) -> None:
    """Every count of a level is the sum of the level below, on every day."""
    sums = ", ".join(f"sum({measure.strip()})" for measure in MEASURES.split(","))
    totals = {
        level: views.rows(
            f"select field_day, substr(area_code, 1, 2), {sums} from marts.progress_area_daily"  # noqa: S608
            f" where area_level = '{level}' group by all order by all"
        )
        for level in (*LEVELS, "sub_sls")
    }
    assert totals["province"]
    assert all(total == totals["province"] for total in totals.values())


FEW = hypothesis_settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def test_figure_change_is_the_difference_of_two_views_and_names_who_moved_it(
    views: AsOfViews, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = []

    @given(seed=st.integers(0, 10**6))
    @FEW
    def holds(seed: int) -> None:
        zone = landing_at_random(tmp_path_factory.mktemp("random"), seed)
        views.take_in(settings_below(zone.root.parent), DAYS[-1])
        before: tuple[Figures, dict] = ({}, {})
        for day in DAYS:
            views.build(day)
            rows.append(check_changes(views, *before, day))
            check_sums(views)
            before = figures(views), winners(views)

    holds()
    assert sum(rows) > 100
