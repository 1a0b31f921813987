"""Policy, pointer, papers: the small parts of publication."""

import json
from pathlib import Path

import pytest

from include.publication.package import checksums, is_whole
from include.publication.pointer import live, move_pointer
from include.publication.policy import PolicyError, read_policy
from include.settings import PROJECT
from tests.builders import correction

POLICY = PROJECT / "include" / "publication" / "publication_policy.csv"
HEADER = "tier,mart,column,treatment\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("secret,area,kab_code,as_is\n", "line 2: no tier 'secret'"),
        ("open,area,kab_code,blur\n", "line 2: no treatment 'blur'"),
        ("open,area,kab_code,as_is\nopen,area,kab_code,as_is\n", "line 3: area.kab_code stands twice"),
    ],
)
def test_a_policy_line_that_cannot_be_followed_is_named(tmp_path: Path, lines: str, said: str) -> None:
    policy = tmp_path / "policy.csv"
    policy.write_text(HEADER + lines)
    with pytest.raises(PolicyError, match=said):
        read_policy(policy, "open")


def test_the_open_tier_holds_these_marts_at_these_levels_and_no_split_by_outcome() -> None:
    marts = {mart.name: mart for mart in read_policy(POLICY, "open")}
    aggregates = {"coverage_area", "progress_area_daily", "progress_forecast", "upload_accounting"}
    assert set(marts) == {"area_profile", *aggregates}
    coverage, progress, accounting = (
        marts[name] for name in ("coverage_area", "progress_area_daily", "upload_accounting")
    )
    assert marts["progress_forecast"].only == {"unit_level": ("province", "kab_kota", "kecamatan")}
    assert coverage.only == progress.only == {"area_level": ("province", "kab_kota", "kecamatan", "desa")}
    assert accounting.only == {"unit_level": ("desa", "kecamatan", "kab_kota")}
    split = {f"{outcome}_families" for outcome in ("complete", "incomplete", "no_respondent", "refused", "moved")}
    assert not split & set(progress.columns)
    assert not [
        column for column in coverage.columns if column.startswith(("persons", "residents", "register_", "held"))
    ]


@pytest.mark.parametrize("tier", ["open", "restricted"])
def test_counts_by_attribute_are_published_as_released_alone(tier: str) -> None:
    assert [mart.name for mart in read_policy(POLICY, tier) if mart.is_released] == ["area_profile"]


def test_supervisors_lists_have_every_column_they_show() -> None:
    (corrections,) = [mart for mart in read_policy(POLICY, "operational") if mart.name == "correction_list"]
    assert set(corrections.columns) == set(correction())
    assert corrections.only == {}


def test_the_pointer_and_every_tiers_copy_say_the_same(tmp_path: Path) -> None:
    for tier in ("open", "operational"):
        (tmp_path / tier).mkdir()
    snapshots = {"open": "2022-10-16_0123456789ab", "operational": "2022-10-16_ba9876543210"}
    assert live(tmp_path) is None
    move_pointer(tmp_path, "2022-10-16", "0123456789ab", snapshots)
    for tier in snapshots:
        assert live(tmp_path) == json.loads((tmp_path / tier / "CURRENT").read_text())
        assert live(tmp_path)["tiers"][tier]["path"] == f"{tier}/snapshots/{snapshots[tier]}"
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["CURRENT", "CURRENT", "CURRENT.json"]


def test_a_snapshot_is_whole_only_if_every_byte_and_no_other_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    assert not is_whole(tmp_path)
    (tmp_path / "SHA256SUMS").write_text("".join(f"{sha}  {name}\n" for name, sha in checksums(tmp_path).items()))
    assert is_whole(tmp_path)
    (tmp_path / "b").write_text("b")
    assert not is_whole(tmp_path)
    (tmp_path / "b").unlink()
    (tmp_path / "a").write_text("A")
    assert not is_whole(tmp_path)
