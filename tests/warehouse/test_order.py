"""Whatever order nights are run in, the same landing zone gives the same marts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.publication.pointer import live
from include.settings import Settings
from tests.builders import DAY, NEIGHBOUR, OTHER_SUB_SLS, LandingZone, at, family, keys_file, person
from tests.pipeline import rows, run_night
from tests.warehouse.test_corrections import correction, decide

pytestmark = pytest.mark.core

DAYS = ("2022-10-15", DAY, "2022-10-17")
MARTS = (
    "area", "progress_area_daily", "progress_enumerator_daily", "upload_accounting", "family_welfare", "document_fate",
    "bundle_fate", "person_fate", "rule_violation", "rule_summary", "violation_closure", "correction_list",
    "correction_replay", "workload_assignment", "figure_change",
)  # fmt: skip
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
    _go_wrong_and_come_back(zone)


def _go_wrong_and_come_back(zone: LandingZone) -> None:
    """A rule broken by revision 1 (8) and mended by revision 2, one not mended (9), one corrected, a person alone."""
    broken = [family(n, r302="998") for n in (8, 9, 10)]
    zone.send(broken, [*(person(n) for n in (8, 9, 10)), person(99, 3)], day=DAYS[0], sequence=2)
    zone.send([family(8, revision="2")], sequence=2, arrival=DAYS[2])
    zone.write(f"uploads/{DAY}/3573_P35730042_20221016_03.zip", b"no zip")
    decide(zone, [correction(10, "r302", "998", "98"), correction(1, "r302", "61", "45")], day=DAY)
    decide(zone, [correction(3, "r302", "61", "45")], day=DAYS[2])


def marts() -> dict[str, list[tuple]]:
    return {mart: rows(f"select * from marts.{mart} order by all") for mart in MARTS}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    zone = LandingZone(tmp_path_factory.mktemp("order") / "landing")
    furnish(zone)
    return zone.root


@pytest.fixture(scope="module")
def in_one_night() -> list:
    """What one night over all three days gives, once the first example has asked for it."""
    return []


@given(order=st.permutations(DAYS))
@hypothesis_settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.generate],  # a smaller permutation says nothing more, and takes minutes to find
)
def test_nights_in_any_order_give_equal_marts(
    landing: Path, tmp_path_factory: pytest.TempPathFactory, pointed_at: Callable[..., Settings],
    in_one_night: list, order: list[str],
) -> None:  # fmt: skip
    def found_after(days: tuple[str, ...]) -> tuple:
        # One keys file: another key is another snapshot of the operational tier.
        configured = pointed_at(tmp_path_factory.mktemp("run"), landing=landing, keys_file=keys_file(landing.parent))
        for day in days:
            run_night(day, f"night-{day}")
        return marts(), live(configured.published)

    if not in_one_night:
        in_one_night.append(found_after(DAYS[-1:]))
    found = found_after(tuple(order))
    assert found == in_one_night[0]
    assert all(found[0].values())
    assert {line[1] for line in rows("select item_id, item_kind from marts.correction_list")} == {
        "rule", "conflict", "rejected_person", "rejected_bundle", "stale_correction"
    }  # fmt: skip
    assert {line[0] for line in rows("select closed_by from marts.rule_violation")} == {None, "revision", "correction"}
