"""The forms of Satu Data Indonesia: complete for every tier; every share and error of the policy has a formula."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

from include.publication.metadata.forms import FOLDER, indicators, read_indicators, write_forms
from include.publication.pointer import live
from include.publication.policy import TIERS, read_policy
from include.settings import PROJECT, Settings
from tests.builders import DAY, correction
from tests.publication import night_in

POLICY = PROJECT / "include" / "publication" / "publication_policy.csv"
NAMES = re.compile(r".*_share|(ex|in)clusion_error(_(expected|low|high))?|undercoverage")


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def package(*columns: str, name: str = "regsosek-jawa-timur-open") -> dict:
    fields = [
        {"name": c, "data_type": "varchar", "description": f"{c}.", "description_id": f"{c} dalam Indonesia."}
        for c in columns
    ]
    mart = {"name": "area", "schema_version": "1.0.0", "description_id": "Wilayah."}
    mart["schema"] = {"fields": fields, "primaryKey": ["kab_code"]}
    lists = {"name": "supervisor_list"}
    return {"name": name, "version": "v", "lineage": {"as_of": DAY}, "resources": [mart, lists]}


def test_every_tier_carries_its_forms(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, [correction()])
    for tier in live(night.published)["tiers"]:
        folder = night.snapshot(tier)
        said = json.loads((folder / "datapackage.json").read_text())
        columns = [(r["name"], f["name"]) for r in said["resources"] if "schema" in r for f in r["schema"]["fields"]]
        variables = lines(folder / FOLDER / "ms-var.csv")
        assert [(line["mart"], line["nama_variabel"]) for line in variables] == columns
        assert {line["dapat_diakses_umum"] for line in variables} == {"Ya" if tier == "open" else "Tidak"}
        assert json.loads((folder / FOLDER / "ms-keg.json").read_text())["terbitan"]["data_per_tanggal"] == DAY


def test_every_share_and_error_of_the_policy_is_an_indicator() -> None:
    published = {column for tier in TIERS for mart in read_policy(POLICY, tier) for column in mart.columns}
    named = {column for column in published if NAMES.fullmatch(column)}
    assert len(named) >= 19
    assert named - set(read_indicators()) == set()


def test_an_indicator_says_its_formula_and_its_parts() -> None:
    (said,) = indicators(package("kab_code", "nik_valid_share"))
    assert "residents_with_valid_nik / residents" in said
    assert "nik_valid_share dalam Indonesia." in said
    assert list(indicators(package("kab_code"))) == []


def test_the_same_package_gives_the_same_forms(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_forms(tmp_path / name, package("kab_code", "coverage_share"))
        made.append({p.name: p.read_bytes() for p in (tmp_path / name / FOLDER).iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == {"ms-keg.json", "ms-keg.csv", "ms-var.csv", "ms-ind.csv"}
