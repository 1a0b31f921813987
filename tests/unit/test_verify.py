"""What a consumer can prove of a snapshot with the command, with `sha256sum` and with Frictionless."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.publication.dated_versions import dated_versions
from include.publication.package import PACKAGE, SUMS, checksums
from include.publication.pointer import live
from include.publication.verify import main, verify
from include.settings import Settings
from tests.builders import DAY, correction
from tests.publication import CORRECTIONS, OPEN, Night, night_in

PART = f"{OPEN}/kab_code=3573/part-0.parquet"
ENCRYPTED = f"{CORRECTIONS}/kab_code=3573/part-0.parquet"


@pytest.fixture
def night(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Night:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, [correction(1), correction(2, kab_code="3507")])
    return night


def sum_anew(folder: Path) -> None:
    """As somebody does who alters a snapshot and its list."""
    (folder / SUMS).write_text("".join(f"{sha256}  {name}\n" for name, sha256 in checksums(folder).items()))


def test_every_tier_is_whole_and_proves_itself_with_sha256sum(night: Night) -> None:
    for tier in live(night.published)["tiers"]:
        folder = night.snapshot(tier)
        assert verify(folder, night.keys) == ([], [])
        assert subprocess.run(["sha256sum", "-c", "--quiet", SUMS], cwd=folder, check=False).returncode == 0


def test_every_tier_that_is_not_encrypted_is_valid_to_frictionless(night: Night) -> None:
    plain = [tier for tier in live(night.published)["tiers"] if tier != "operational"]
    assert plain
    for tier in plain:
        assert frictionless.validate(str(night.snapshot(tier) / PACKAGE)).valid
        said = json.loads((night.snapshot(tier) / PACKAGE).read_text())
        assert said["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        assert said["lineage"]["inputs"]
        assert {resource["schema_version"] for resource in said["resources"]} == {"1.0.0"}
        assert said["versions"]["welfare_model"]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda f: (f / PART).unlink(), f"{PART}: missing"),
        (lambda f: (f / "more.txt").write_text(""), f"more.txt: not in {SUMS}"),
        (lambda f: (f / "dictionary.csv").write_text(""), "dictionary.csv: altered, its SHA-256 is another"),
        (lambda f: (f / SUMS).unlink(), f"has no {SUMS}: no snapshot, or a torn one"),
        (lambda f: (f / PACKAGE).unlink(), f"has no {PACKAGE}: no snapshot, or a torn one"),
    ],
)
def test_what_is_not_whole_is_named(night: Night, harm: Callable[[Path], None], said: str) -> None:
    harm(night.snapshot("open"))
    (wrong,), _ = verify(night.snapshot("open"))
    assert wrong.endswith(said)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"kab_code": ["3573"]}, "column families is missing"),
        ({"kab_code": ["3573"], "families": [1], "nik": [1]}, f"column nik is not in {PACKAGE}"),
        ({"kab_code": ["3573"], "families": ["1"]}, f"column families is string, and {PACKAGE} says int64"),
        ({"kab_code": ["3573"] * 2, "families": [1, 2]}, f"4 rows, and {PACKAGE} says 3"),
    ],
)
def test_a_table_that_is_not_as_the_package_says_is_named(night: Night, columns: dict, said: str) -> None:
    pq.write_table(pa.table(columns), night.snapshot("open") / PART)
    sum_anew(night.snapshot("open"))
    (wrong,), _ = verify(night.snapshot("open"))
    assert wrong.endswith(said)


def test_a_file_that_the_package_names_must_be_there(night: Night) -> None:
    (night.snapshot("open") / PART).unlink()
    sum_anew(night.snapshot("open"))
    assert verify(night.snapshot("open")) == ([f"{PART}: named by {PACKAGE} and not there"], [])


def test_an_encrypted_file_is_looked_into_with_its_key_alone(night: Night) -> None:
    folder = night.snapshot()
    assert len(verify(folder)[1]) == 2
    other = night.settings.keys_file.with_name("other.json")
    shutil.copy2(night.settings.keys_file, other)
    other.write_text(json.dumps({"3573": base64.b64encode(bytes(32)).decode()}))
    assert main([str(folder), "--keys", str(other)]) == 1
    wrong, unseen = verify(folder, type(night.keys)(other, {"3573": bytes(32)}))
    assert wrong == [f"{ENCRYPTED}: cannot be opened with the key of its kab/kota"]
    assert unseen == [ENCRYPTED.replace("3573", "3507")]


def test_the_command_says_what_it_proved(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    folder = night.snapshot()
    assert main([str(folder)]) == 0
    assert "2 encrypted files by checksum alone" in capsys.readouterr().out
    assert main([str(folder), "--keys", str(night.settings.keys_file)]) == 0
    assert "alone" not in capsys.readouterr().out
    assert main([str(folder), "--keys", str(folder / "none.json")]) == 2
    (folder / "more.txt").write_text("")
    assert main([str(folder)]) == 1
    said = capsys.readouterr()
    assert "NOT WHOLE: 1 found" in said.out
    assert "more.txt" in said.err


def test_versions_are_those_in_force_on_the_day(tmp_path: Path) -> None:
    rules = [
        {"id": "P01", "version": 1, "valid_from": "2022-01-01", "valid_to": "2022-10-15"},
        {"id": "P01", "version": 2, "valid_from": "2022-10-16", "valid_to": ""},
    ]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {"m": {"config": {"meta": {"catalogue": rules}}}}}))
    assert dated_versions(manifest, "2022-10-15")["rules"] == {"P01": 1}
    assert dated_versions(manifest, "2022-10-16")["rules"] == {"P01": 2}
    assert dated_versions(manifest, "2021-12-31")["welfare_model"] is None
