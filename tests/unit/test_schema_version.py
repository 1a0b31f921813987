"""A mart's schema version says how its columns changed; where it does not, the last snapshot stays live."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from include.publication.pointer import live
from include.publication.policy import TIERS, read_policy
from include.publication.schema_version import read_versions, require_compatible
from include.publication.snapshot import PublicationError
from include.settings import PROJECT, Settings
from tests.builders import DAY, correction
from tests.publication import OPEN, night_in

FOLDER = PROJECT / "include" / "publication"


def mart(name: str = "area", key: str = "kab_code", version: str = "1.2.0", **types: str) -> dict:
    """A resource of a data package."""
    fields = [{"name": column, "data_type": data_type} for column, data_type in types.items()]
    return {"name": name, "schema_version": version, "schema": {"fields": fields, "primaryKey": key.split()}}


BEFORE = mart(kab_code="varchar", families="integer")


@pytest.mark.parametrize(
    ("after", "said", "too_low", "enough"),
    [
        ([mart(kab_code="varchar")], "mart area: column families is gone", "1.3.0", "2.0.0"),
        ([mart(kab_code="varchar", families="bigint")], "families was integer and is bigint", "1.9.9", "2.0.0"),
        ([mart(key="kab_code day", kab_code="varchar", families="integer")], "its key was kab_code", "1.3.0", "2.0.0"),
        ([], "mart area is gone", "1.3.0", "2.0.0"),
        ([mart(kab_code="varchar", families="integer", day="date")], "column day is new", "1.2.9", "1.3.0"),
        ([BEFORE], "schema version 1.1.9 lies before the live 1.2.0", "1.1.9", "1.2.0"),
    ],
)
def test_a_change_needs_its_version(after: list[dict], said: str, too_low: str, enough: str) -> None:
    with pytest.raises(PublicationError, match=said):
        require_compatible([BEFORE], after, {"area": too_low})
    require_compatible([BEFORE], after, {"area": enough})


def test_the_order_of_columns_and_a_new_mart_are_free() -> None:
    reordered = mart(families="integer", kab_code="varchar")
    require_compatible([BEFORE], [reordered, mart("other", kab_code="varchar")], {"area": "1.2.0"})


def test_a_package_that_says_coarser_types_only_is_compared_by_those() -> None:
    live = {**BEFORE, "schema": {"fields": [{"name": "families", "type": "integer"}], "primaryKey": []}}
    fields = [{"name": "families", "type": "integer", "data_type": "bigint"}]
    require_compatible([live], [{**BEFORE, "schema": {"fields": fields, "primaryKey": []}}], {"area": "1.2.0"})
    fields[0]["type"] = "string"
    with pytest.raises(PublicationError, match="families was integer and is string"):
        require_compatible([live], [{**BEFORE, "schema": {"fields": fields, "primaryKey": []}}], {"area": "1.2.0"})


def test_what_is_no_mart_has_no_schema() -> None:
    require_compatible([{"name": "supervisor_list"}], [], {})


@pytest.mark.parametrize(
    ("lines", "said"),
    [("area,1.0,\n", "line 2: area has version '1.0'"), ("a,1.0.0,\na,1.0.0,\n", "line 3: a stands twice")],
)
def test_a_version_that_cannot_be_read_is_named(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "versions.csv"
    path.write_text("mart,version,change\n" + lines)
    with pytest.raises(PublicationError, match=said):
        read_versions(path)


def test_every_published_mart_has_a_version() -> None:
    marts = {mart.name for tier in TIERS for mart in read_policy(FOLDER / "publication_policy.csv", tier)}
    assert marts - set(read_versions(FOLDER / "schema_versions.csv")) == set()


def test_a_breaking_change_leaves_the_last_snapshot_live(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, [correction()])
    before = live(night.published)
    night.change_contract(OPEN, lambda node: node["columns"]["families"].update(data_type="integer"))
    with pytest.raises(PublicationError, match="area_total: column families was bigint and is integer"):
        night.publish(DAY, [correction()], "more")
    assert live(night.published) == before
    night.set_versions(area_total="2.0.0")
    night.publish(DAY, [correction()], "more")
    (said,) = json.loads((night.snapshot("open") / "datapackage.json").read_text())["resources"]
    assert said["schema_version"] == "2.0.0"
