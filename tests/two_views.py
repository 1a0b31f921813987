"""What figure_change should say, told from the marts as of two days."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from tests.as_of_views import AsOfViews

FIGURES = {
    "enumerated_families": (1, 2),
    "complete_families": (1,),
    "incomplete_families": (2,),
    "no_respondent_families": (3,),
    "refused_families": (4,),
    "moved_families": (5,),
}
TOTAL, EXPECTED = "enumerated_families_cumulative", "expected_families"
LEVELS = {"province": 2, "kab_kota": 4, "kecamatan": 7, "desa": 10}
Figures = dict[tuple[str, str, str, date], int]


def figures(views: AsOfViews) -> Figures:
    """Every figure that figure_change follows, from progress_area_daily."""
    names = [*FIGURES, TOTAL, EXPECTED]
    found = views.rows(
        f"select area_level, area_code, field_day, {', '.join(names)} from marts.progress_area_daily"
        " where area_level <> 'sub_sls'"
    )
    return {(name, *row[:3]): value for row in found for name, value in zip(names, row[3:], strict=True)}


def moved_by(views: AsOfViews, before: dict, as_of: str) -> dict[tuple[str, str, str, date], set[str]]:
    """The bundles that moved each figure, told from the winners of both views."""
    brought = dict(
        views.rows(
            "select document_id, bundle_name from intermediate.int_documents__live"
            f" where is_highest_revision and arrival_day = '{as_of}'"
        )
    )
    now, today, moved = winners(views), date.fromisoformat(as_of), defaultdict(set)
    for key in before.keys() | now.keys():
        then, here = before.get(key), now.get(key)
        bundles = {brought[w[0]] for w in (then, here) if w and w[0] in brought}
        then_in, now_in = contributions(then, today), contributions(here, today)
        for figure, day in (now_in - then_in) + (then_in - now_in):
            for level, digits in LEVELS.items():
                moved[figure, level, key[0][:digits], day] |= bundles
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
        assert (old_expected, new_expected) == tuple(
            view.get((EXPECTED, *key[1:3], yesterday), 0) for view in (before, now)
        )
    return len(told)


MEASURES = (
    "expected_families", "enumerated_families", "enumerated_persons", "complete_families", "incomplete_families",
    "no_respondent_families", "refused_families", "moved_families", "accepted_documents", "held_documents",
    "superseded_documents", "enumerated_families_cumulative", "enumerated_persons_cumulative",
)  # fmt: skip


def check_sums(views: AsOfViews) -> None:
    """Every count of an area is the sum over its sub-SLS, on every day and at every level."""
    sums, own = ", ".join(f"sum({measure})" for measure in MEASURES), ", ".join(MEASURES)
    for level, digits in LEVELS.items():
        told = views.rows(
            f"select area_code, field_day, {own} from marts.progress_area_daily"
            f" where area_level = '{level}' order by all"
        )
        assert told
        assert told == views.rows(
            f"select substr(area_code, 1, {digits}), field_day, {sums} from marts.progress_area_daily"
            " where area_level = 'sub_sls' group by all order by all"
        )
