"""What the marts may and may not depend on: where a day is cut, what is sent again, and what came later."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.settings import Settings
from tests.builders import DAY, ENUMERATOR, NEIGHBOUR, OTHER_SUB_SLS, LandingZone, at, family, person_of
from tests.pipeline import build_marts, rows
from tests.warehouse.test_order import marts

pytestmark = pytest.mark.core

NEXT_DAY, THIRD_DAY = "2022-10-17", "2022-10-18"
LATER = {"ended_at": f"{DAY}T15:00:00+07:00"}
# Marts that speak of field days and families only; the others count by the day of arrival.
OF_FIELD_DAYS = ("area", "progress_area_daily", "family_welfare")
# Each example is a build of the marts: few, always the same, and none to make a failing one smaller.
FEW = hypothesis_settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
Builder = Callable[[Path, str], dict]


def furnish(zone: LandingZone) -> list[str]:
    """One arrival day of six bundles, no revision or conflict of which spans two; return their names."""
    zone.with_frame()
    first = [family(1), family(2, r302="45"), family(2, revision="2", r302="46"), family(9)]
    return [
        zone.send(first),
        zone.send([family(3), family(4), family(4, r302="61")], sequence=2),
        # One family in two bundles, by an assigned enumerator and by a neighbour; and twice by hours.
        zone.send([family(5, r109="3", r110="3", **LATER), family(6, **at(OTHER_SUB_SLS))], enumerator=NEIGHBOUR),
        zone.send([family(7, r109="1", r110="1", **LATER)], sequence=3),
        # The same document again, and one that is withdrawn in the bundle that brings it.
        zone.send([family(9), family(10), family(10, revision="2", is_deleted="1")], sequence=4),
        zone.send([family(11, r205="3"), family(12, r105="1,20603E+15")], [], sequence=5),
    ]


def winners() -> list[tuple]:
    """What the winning documents say, whole, with the persons they carry."""
    return rows("""
        with persons as (
            select arrival_day, bundle_name, l.submission_id, l.revision,
                string_agg(s.content, chr(30) order by l.r401) as said
            from intermediate.int_persons__loaded as l
            inner join staging.stg_field__persons as s using (arrival_day, bundle_name, row_number) group by all
        )
        select d.content, p.said, f.outcome
        from intermediate.int_documents__fate as f
        inner join staging.stg_field__documents as d using (arrival_day, bundle_name, row_number)
        left join persons as p
            on f.arrival_day = p.arrival_day and f.bundle_name = p.bundle_name
            and d.submission_id = p.submission_id and d.revision = p.revision
        where f.outcome = 'accepted' or f.outcome = 'held' and f.reason = 'RULES'
        order by all
    """)


@pytest.fixture
def built(tmp_path_factory: pytest.TempPathFactory, pointed_at: Callable[..., Settings]) -> Builder:
    """Build the marts of a landing zone in a warehouse of their own."""

    def build(landing: Path, as_of: str) -> dict:
        build_marts(pointed_at(tmp_path_factory.mktemp("warehouse"), landing=landing), as_of)
        return {**marts(), "winners": winners()}

    return build


@pytest.fixture
def whole(tmp_path: Path) -> tuple[LandingZone, list[str]]:
    zone = LandingZone(tmp_path / "whole")
    return zone, furnish(zone)


def copy_of(zone: LandingZone, tmp_path_factory: pytest.TempPathFactory) -> LandingZone:
    root = tmp_path_factory.mktemp("copy") / "landing"
    shutil.copytree(zone.root, root)
    return LandingZone(root)


def test_a_day_split_in_two_keeps_what_its_winners_say(
    whole: tuple[LandingZone, list[str]], built: Builder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    zone, names = whole
    expected = built(zone.root, NEXT_DAY)
    assert len(expected["winners"]) == 7

    @given(moved=st.sets(st.sampled_from(names), min_size=1, max_size=len(names) - 1))
    @FEW
    def holds(moved: set[str]) -> None:
        split = copy_of(zone, tmp_path_factory)
        (split.root / "uploads" / NEXT_DAY).mkdir()
        for name in moved:
            (split.root / "uploads" / DAY / name).rename(split.root / "uploads" / NEXT_DAY / name)
        found = built(split.root, NEXT_DAY)
        assert {mart: found[mart] for mart in (*OF_FIELD_DAYS, "winners")} == {
            mart: expected[mart] for mart in (*OF_FIELD_DAYS, "winners")
        }

    holds()


def test_a_bundle_sent_again_changes_the_bundle_ledger_and_nothing_else(
    whole: tuple[LandingZone, list[str]], built: Builder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    zone, names = whole
    expected = built(zone.root, THIRD_DAY)
    received = rows("select count(*) from marts.upload_accounting where received > 0")
    good_name = f"3501_{NEIGHBOUR}_20221016_44.zip"

    @given(
        repeated=st.sampled_from(names),
        sent_as=st.sampled_from(["lagi.zip", good_name, None]),
        day=st.sampled_from([DAY, NEXT_DAY, THIRD_DAY]),
    )
    @FEW
    def holds(repeated: str, sent_as: str | None, day: str) -> None:
        again = copy_of(zone, tmp_path_factory)
        # Behind every bundle of the day in the order of judgement, so that the first is still the first.
        name = sent_as if sent_as and (day != DAY or sent_as > max(names)) else f"ulang-{repeated}"
        again.write(f"uploads/{day}/{name}", (zone.root / "uploads" / DAY / repeated).read_bytes())
        found = built(again.root, THIRD_DAY)
        ledger = rows("select bundle_name, outcome from intermediate.int_bundles__fate where outcome <> 'accepted'")
        assert ledger == [(name, "duplicate")]
        ledgers = ("upload_accounting", "bundle_fate")
        assert {mart: lines for mart, lines in found.items() if mart not in ledgers} == {
            mart: lines for mart, lines in expected.items() if mart not in ledgers
        }
        assert set(expected["bundle_fate"]) <= set(found["bundle_fate"])
        assert len(found["bundle_fate"]) == len(expected["bundle_fate"]) + 1
        added = set(found["upload_accounting"]) - set(expected["upload_accounting"])
        assert set(expected["upload_accounting"]) <= set(found["upload_accounting"])
        # A line of the bundle and, on a day of its own, one of its enumerator: nothing received under either.
        assert 1 <= len(added) <= 2
        assert rows("select count(*) from marts.upload_accounting where received > 0") == received

    holds()


def test_as_of_a_day_nothing_is_known_of_later_folders(
    whole: tuple[LandingZone, list[str]], built: Builder, pointed_at: Callable[..., Settings], tmp_path: Path
) -> None:
    zone, names = whole
    zone.send([family(20, r201=NEXT_DAY)], day=NEXT_DAY)
    expected = built(zone.root, NEXT_DAY)
    # Later: a revision, a withdrawal, a conflict, the same bytes, a family moved, another frame, other staff.
    changed = [family(1, revision="3"), family(3, revision="2", is_deleted="1"), family(6, r302="99")]
    zone.send(changed, [person_of(changed[0])], day=THIRD_DAY)
    zone.write(f"uploads/{THIRD_DAY}/lagi.zip", (zone.root / "uploads" / DAY / names[0]).read_bytes())
    zone.with_frame(THIRD_DAY, staff=[], assignments=[])
    zone.sub_sls = {OTHER_SUB_SLS: 7}
    zone.with_frame("2022-10-19")
    configured = pointed_at(tmp_path / "later", landing=zone.root)
    build_marts(configured, "2022-10-19")
    assert {**marts(), "winners": winners()} != expected
    build_marts(configured, NEXT_DAY)
    assert {**marts(), "winners": winners()} == expected
    assert ENUMERATOR in str(expected)
