"""Progress: what moved past days, who is assigned what, and that every view of a day holds whatever comes later."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.settings import Settings
from tests.as_of_views import WANTED, AsOfViews
from tests.builders import DAY, DESA, ENUMERATOR, NEIGHBOUR, OTHER_SUB_SLS, SUB_SLS, LandingZone, at, family, keys_file
from tests.pipeline import build_marts
from tests.random_landing import DAYS, FAR, NEW, assigned, landing_at_random
from tests.two_views import EXPECTED, TOTAL, Figures, changes, check_changes, check_sums, figures, winners
from tests.warehouse.test_corrections import correction, decide

COVERAGE = ("enumerated_families", TOTAL, EXPECTED, "cast(coverage_share as double)")


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


def test_a_later_arrival_never_changes_the_view_of_a_day(
    views: AsOfViews, tmp_path_factory: pytest.TempPathFactory
) -> None:
    @given(seed=st.integers(0, 10**6))
    @hypothesis_settings(FEW, max_examples=2)
    def holds(seed: int) -> None:
        zone = landing_at_random(tmp_path_factory.mktemp("random"), seed)
        seen(views, zone, DAYS[2])
        expected = {mart: views.rows(f"from marts.{mart} order by all") for mart in WANTED}
        assert all(expected.values())
        seen(views, zone, DAYS[3])
        assert {mart: views.rows(f"from marts.{mart} order by all") for mart in WANTED} != expected
        views.build(DAYS[2])
        assert {mart: views.rows(f"from marts.{mart} order by all") for mart in WANTED} == expected

    holds()


# ----- worked examples of docs/progress.md -----


def test_a_late_bundle_moves_a_past_day_as_the_docs_count_it(views: AsOfViews, place: LandingZone) -> None:
    late_example(place)
    seen(views, place, DAYS[2])
    late, today = "3573_P35730042_20221015_02.zip", "3573_P35730042_20221017_01.zip"
    both = f"{late} | {today}"
    told = {(row[0], str(row[3])): value[:4] for row, value in changes(views).items() if row[2] == DESA}
    assert told == {
        (name, day): value
        for names, day, value in (
            (("enumerated_families", "complete_families"), DAYS[0], (2, 4, 2, both)),
            (("enumerated_families", "complete_families"), DAY, (2, 1, -1, today)),
            ((TOTAL,), DAY, (4, 5, 1, both)),
        )
        for name in names
    }
    assert {row[-2:] for row in changes(views).values()} == {(100, 100)}


def late_example(zone: LandingZone) -> None:
    zone.with_frame()
    zone.send([family(n, r201=DAYS[0]) for n in (1, 3)], day=DAYS[0])
    zone.send([family(n) for n in (2, 5)])
    zone.send([family(n, r201=DAYS[0]) for n in (4, 6, 7)], day=DAYS[0], arrival=DAYS[2], sequence=2)
    again = [family(1, revision="2", r201=DAYS[2]), family(2, revision="2", is_deleted="1"), family(8, r201=DAYS[2])]
    zone.send(again, day=DAYS[2])


def test_an_enumerator_replaced_mid_way_keeps_what_he_did_and_his_load_moves(
    views: AsOfViews, place: LandingZone
) -> None:
    place.with_frame(assignments=assigned(
        (SUB_SLS, ENUMERATOR, DAYS[0], DAY), (SUB_SLS, NEIGHBOUR, DAYS[2], ""), (OTHER_SUB_SLS, NEIGHBOUR, DAYS[0], "")
    ))  # fmt: skip
    place.send([family(1, r201=DAYS[0]), family(2, r201=DAYS[0])], day=DAYS[0])
    place.send([family(3)])
    place.send([family(4, **at(OTHER_SUB_SLS))], enumerator=NEIGHBOUR)
    place.send([family(5, r201=DAYS[2])], day=DAYS[2], enumerator=NEIGHBOUR)
    seen(views, place, DAY)
    assert enumerators(views) == [(ENUMERATOR, 3, 60, 0.05, "on_track"), (NEIGHBOUR, 1, 40, 0.025, "on_track")]
    views.take_in(settings_below(place.root.parent), DAYS[2])
    views.build(DAYS[2])
    assert enumerators(views) == [(ENUMERATOR, 3, 0, None, "finished"), (NEIGHBOUR, 2, 100, 0.02, "on_track")]
    per_day = views.rows(
        f"select families from marts.progress_enumerator_daily where enumerator_id = '{ENUMERATOR}' order by field_day"
    )
    assert per_day == [(2,), (1,), (0,)]


def enumerators(views: AsOfViews) -> list[tuple]:
    """Enumerator, families to date, load, share done and status on the last day."""
    return views.rows(
        "select enumerator_id, families_cumulative, load_families, cast(done_share as double), status"
        " from marts.progress_enumerator_daily where field_day = as_of order by all"
    )


def test_the_work_is_shared_out_as_the_docs_count_it(views: AsOfViews, place: LandingZone) -> None:
    split, alone = f"{DESA}000302", f"{DESA}000301"
    place.sub_sls = {SUB_SLS: 60, OTHER_SUB_SLS: 40, alone: 300, split: 20}
    place.with_frame(assignments=assigned(
        (SUB_SLS, NEIGHBOUR, DAYS[0], ""), (OTHER_SUB_SLS, NEIGHBOUR, DAYS[0], ""), (split, ENUMERATOR, DAYS[0], ""),
        (split, NEIGHBOUR, DAYS[0], ""), (split, NEIGHBOUR, DAY, ""), (NEW, ENUMERATOR, DAYS[0], ""),
    ))  # fmt: skip
    seen(views, place, DAYS[2])
    told = views.rows(
        "select idsubsls, status, load_share_numerator, cast(load_share as double), enumerators_needed, enumerator_ids"
        " from marts.workload_assignment order by idsubsls"
    )
    assert told == [
        (SUB_SLS, "assigned", 120, 0.48, 1, NEIGHBOUR),
        (OTHER_SUB_SLS, "assigned", 120, 0.48, 1, NEIGHBOUR),
        (NEW, "not_in_frame", 20, 0.08, 0, ENUMERATOR),
        (alone, "unassigned", None, None, 2, None),
        (split, "doubly_assigned", None, None, 1, f"{ENUMERATOR} | {NEIGHBOUR}"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        "delete from marts.workload_assignment where status = 'unassigned'",
        "update marts.workload_assignment set known_enumerators = 1 where status = 'doubly_assigned'",
    ],
)
def test_work_that_is_lost_or_counted_once_too_few_is_noticed(views: AsOfViews, place: LandingZone, fault: str) -> None:
    place.sub_sls = {SUB_SLS: 60, OTHER_SUB_SLS: 40}
    both = ((SUB_SLS, enumerator, DAYS[0], "") for enumerator in (ENUMERATOR, NEIGHBOUR))
    place.with_frame(assignments=assigned(*both))
    seen(views, place, DAY)
    [query] = views.tests_of("shares_out_the_frame")
    assert views.rows(query) == []
    views.rows(fault)
    assert len(views.rows(query)) == 1


# ----- edges -----


def area(views: AsOfViews, code: str, *columns: str) -> list[tuple]:
    return views.rows(
        f"select {', '.join(columns)} from marts.progress_area_daily where area_code = '{code}' order by field_day"
    )


def test_an_area_with_no_families_has_rows_and_no_coverage(views: AsOfViews, place: LandingZone) -> None:
    place.sub_sls = {SUB_SLS: 60, FAR: 0}
    place.with_frame()
    place.send([family(1)])
    seen(views, place, DAY)
    assert area(views, FAR[:10], *COVERAGE, "required_families_per_day") == [(0, 0, 0, None, 0)] * 2
    assert area(views, FAR, *COVERAGE) == [(0, 0, 0, None)] * 2


def test_a_split_sub_sls_keeps_its_documents_and_expects_what_the_new_frame_says(
    views: AsOfViews, place: LandingZone
) -> None:
    parts = (f"{DESA}000101", f"{DESA}000102")
    place.with_frame(assignments=assigned((SUB_SLS, ENUMERATOR, DAYS[0], "")))
    place.send([family(n) for n in (1, 2)])
    place.sub_sls = {parts[0]: 35, parts[1]: 30, OTHER_SUB_SLS: 40}
    place.with_frame(DAYS[2], assignments=assigned((SUB_SLS, ENUMERATOR, DAYS[0], "")))
    place.send([family(1, revision="2", r302="61"), family(3, r201=DAYS[2], **at(parts[0]))], day=DAYS[2])
    seen(views, place, DAYS[2])
    assert area(views, SUB_SLS, *COVERAGE)[-1] == (0, 2, 0, None)
    assert area(views, parts[0], *COVERAGE)[-1] == (1, 1, 35, round(1 / 35, 6))
    assert area(views, DESA, *COVERAGE)[-1] == (1, 3, 105, round(3 / 105, 6))
    assert views.rows(f"select status from marts.workload_assignment where idsubsls = '{SUB_SLS}'") == [
        ("not_in_frame",)
    ]
    told = views.rows(
        "select figure, old_value, new_value, bundles, frame_snapshot_day from marts.figure_change"
        f" where area_code = '{DESA}'"
    )
    assert told == [(EXPECTED, 100, 105, 0, date(2022, 10, 17))]


def test_merged_sub_sls_keep_their_documents_where_they_were_visited(views: AsOfViews, place: LandingZone) -> None:
    place.with_frame()
    place.send([family(1), family(2, **at(OTHER_SUB_SLS))])
    place.sub_sls = {NEW: 90}
    place.with_frame(DAYS[2])
    place.send([family(3, r201=DAYS[2], **at(NEW))], day=DAYS[2])
    seen(views, place, DAYS[2])
    last = [area(views, code, *COVERAGE)[-1] for code in (SUB_SLS, OTHER_SUB_SLS, NEW, DESA)]
    assert last == [(0, 1, 0, None), (0, 1, 0, None), (1, 1, 90, round(1 / 90, 6)), (1, 3, 90, round(3 / 90, 6))]
    check_sums(views)


def test_an_enumerator_with_zero_load_has_no_row(views: AsOfViews, place: LandingZone) -> None:
    place.sub_sls = {SUB_SLS: 60, OTHER_SUB_SLS: 0}
    later = (FAR, NEIGHBOUR, DAYS[3], "")
    place.with_frame(
        assignments=assigned((SUB_SLS, ENUMERATOR, DAYS[0], ""), (OTHER_SUB_SLS, NEIGHBOUR, DAYS[0], ""), later)
    )
    place.send([family(1, **at(OTHER_SUB_SLS))], enumerator=NEIGHBOUR)
    seen(views, place, DAY)
    assert [row[0] for row in enumerators(views)] == [ENUMERATOR]
    assert area(views, DESA, TOTAL)[-1] == (1,)


def test_nobody_is_inactive_before_two_working_days_have_passed(views: AsOfViews, place: LandingZone) -> None:
    place.with_frame()
    seen(views, place, DAY)  # Saturday and Sunday: one working day
    assert {row[-1] for row in enumerators(views)} == {"on_track"}
    views.build(DAYS[2])  # Monday: the second
    assert {row[-1] for row in enumerators(views)} == {"inactive"}


def test_before_the_window_nothing_is_told_and_nothing_moves(views: AsOfViews, place: LandingZone) -> None:
    place.with_frame()
    place.send([family(1, r201="2022-10-14")], day="2022-10-14")
    seen(views, place, "2022-10-14")
    assert [views.rows(f"select count(*) from marts.{mart}") for mart in WANTED if mart != "workload_assignment"] == [
        [(0,)], [(0,)], [(0,)]
    ]  # fmt: skip
    views.build(DAYS[0])
    assert area(views, DESA, TOTAL) == [(1,)]
    assert changes(views) == {}


def test_a_conflict_is_counted_by_no_progress_mart(views: AsOfViews, place: LandingZone) -> None:
    place.with_frame()
    place.send([family(1), family(1, r302="61"), family(2), family(2, r302="61"), family(2, revision="2")])
    seen(views, place, DAY)
    counts = area(views, DESA, "accepted_documents", "held_documents", "superseded_documents")[-1]
    assert counts == (2, 0, 1)
    told = views.rows(
        f"select documents from marts.progress_enumerator_daily where enumerator_id = '{ENUMERATOR}' and documents > 0"
    )
    assert told == [(3,)]


def test_a_correction_moves_a_past_day_without_a_bundle(views: AsOfViews, place: LandingZone) -> None:
    place.with_frame()
    place.send([family(1), family(2)])
    decide(place, [correction(1, "r205", "1", "4"), correction(2, "r302", "60", "61")], DAYS[2])
    seen(views, place, DAYS[2])
    told = views.rows(
        "select figure, old_value, new_value, bundles, bundle_names, corrected_documents from marts.figure_change"
        f" where area_code = '{DESA}' order by all"
    )
    assert told == [
        ("complete_families", 2, 1, 0, None, 1), ("enumerated_families", 2, 1, 0, None, 1), (TOTAL, 2, 1, 0, None, 1),
        ("refused_families", 0, 1, 0, None, 1),
    ]  # fmt: skip


def test_a_family_that_comes_back_is_moved_by_the_bundle_of_the_document_that_left_it(
    views: AsOfViews, place: LandingZone
) -> None:
    place.with_frame()
    place.send([family(1, r201=DAYS[0])], day=DAYS[0])
    place.send([family(2, r109="1", r110="1", ended_at=f"{DAY}T10:00:00+07:00")])
    name = place.send([family(2, revision="2", r109="9", r201=DAYS[2])], day=DAYS[2])
    seen(views, place, DAYS[2])
    told = views.rows(
        "select cast(field_day as varchar), old_value, new_value, bundle_names from marts.figure_change"
        f" where area_code = '{DESA}' and figure = 'enumerated_families' order by all"
    )
    assert told == [(DAYS[0], 0, 1, name), (DAY, 1, 0, name)]
