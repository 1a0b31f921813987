"""Whatever order nights are run in, the same landing zone gives the same marts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.publication.pointer import live
from include.settings import Settings
from tests.builders import DAY, NEIGHBOUR, OTHER_SUB_SLS, LandingZone, at, family
from tests.pipeline import rows, run_night

DAYS = ("2022-10-15", DAY, "2022-10-17")
MARTS = ("area", "progress_area_daily", "progress_enumerator_daily", "upload_accounting", "family_welfare")
LATER = {"ended_at": f"{DAY}T15:00:00+07:00"}


def furnish(zone: LandingZone) -> None:
    """A landing zone in which order could matter: revisions both ways, a withdrawal, a conflict, one family twice."""
    zone.with_frame()
    zone.send([family(n, r201=DAYS[0]) for n in (1, 2, 3, 4)] + [family(5, revision="2")], day=DAYS[0])
    zone.send([family(1, revision="2", r302="45"), family(2, revision="2", is_deleted="1"), family(5)])
    zone.send([family(6, **at(OTHER_SUB_SLS)), family(7, r109="3", r110="3", **LATER)], enumerator=NEIGHBOUR)
    zone.send([family(3, r302="46"), family(2, revision="3")], day=DAYS[2])
    copy = next((zone.root / "uploads" / DAYS[0]).iterdir()).read_bytes()
    zone.write(f"uploads/{DAYS[2]}/3573_P35730042_20221015_09.zip", copy)


def marts() -> dict[str, list[tuple]]:
    return {mart: rows(f"select * from marts.{mart} order by all") for mart in MARTS}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    zone = LandingZone(tmp_path_factory.mktemp("order") / "landing")
    furnish(zone)
    return zone.root


@given(order=st.permutations(DAYS))
@hypothesis_settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nights_in_any_order_give_equal_marts(
    landing: Path, tmp_path_factory: pytest.TempPathFactory, pointed_at: Callable[..., Settings], order: list[str]
) -> None:
    found = []
    for days in (DAYS[-1:], tuple(order)):
        configured = pointed_at(tmp_path_factory.mktemp("run"), landing=landing)
        for day in days:
            run_night(day, f"night-{day}")
        found.append((marts(), live(configured.published)))
    assert found[0] == found[1]
    assert all(found[0][0].values())
