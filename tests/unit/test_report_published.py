"""The site as part of a snapshot: written before its papers, so that they hold it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from include.publication import lineage
from include.publication.package import SUMS, is_whole, listed_checksums
from include.publication.publish import publish_night
from include.report.site import build_site
from include.settings import PROJECT, Settings
from tests.publication import night_in


def test_the_site_of_a_night_is_in_the_open_snapshots_checksums_and_nowhere_else(
    tmp_path: Path, pointed_at: Callable[..., Settings]
) -> None:
    night = night_in(tmp_path, pointed_at)
    night.publish("2022-10-15", [])
    publish_night({"uploads": "more"}, "2022-10-16", [], night.manifest, night.settings, report=build_site)
    snapshot = night.snapshot("open")
    listed = listed_checksums(snapshot)
    assert "site/index.html" in listed and "site/assets/vendor/leaflet/LICENSE" in listed
    assert is_whole(snapshot) and (snapshot / SUMS).is_file()
    assert 'href="../area_total/kab_code=3573/part-0.parquet"' in (snapshot / "site/catalogue.html").read_text()
    assert not (night.snapshot() / "site").exists()


@pytest.mark.parametrize("name", ["site.py", "templates/index.html.j2", "assets/site.css", "vendor/lock.json"])
def test_other_pages_make_another_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    shutil.copytree(PROJECT / "include/report", tmp_path / "include/report")
    monkeypatch.setattr(lineage, "PROJECT", tmp_path)
    before = lineage._code_digest()
    with (tmp_path / "include/report" / name).open("a") as file:
        file.write(" ")
    assert lineage._code_digest() != before
