"""The documents are true: README's examples run, and every command, setting, gate rule and mart is named in them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from include.publication.pointer import live
from include.settings import PREFIX, PROJECT, Settings, settings
from tests.builders import DAY, LandingZone, family, keys_file
from tests.pipeline import run_night

README = (PROJECT / "README.md").read_text()
DOCS = "\n".join(path.read_text() for path in [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `published/` is live, as a reader finds it in the clone. Only read."""
    root = tmp_path_factory.mktemp("readme")
    LandingZone(root / "landing").with_frame().send([family(n) for n in range(1, 4)])
    places = {name: root / name for name in ("landing", "raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in places.items():
            patch.setenv(f"{PREFIX}{name.upper()}", str(value))
        settings.cache_clear()
        run_night(DAY)
    settings.cache_clear()
    return root


def block(language: str, containing: str) -> str:
    (found,) = [b for b in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if containing in b]
    return found


def test_the_shell_example_reads_through_the_pointer(published: Path) -> None:
    command = block("sh", "CURRENT.json").replace(".venv/bin/duckdb", str(Path(sys.executable).parent / "duckdb"))
    ran = subprocess.run(["bash", "-euc", command], cwd=published, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "Kota Malang" in ran.stdout
    assert "0.030000" in ran.stdout


def test_the_python_example_reads_through_the_pointer(published: Path) -> None:
    example = block("python", "CURRENT.json")
    ran = subprocess.run([sys.executable, "-c", example], cwd=published, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"3573 +│ 2022-10-16 +│ +3 │ +3 ", ran.stdout)


def test_a_snapshot_proves_itself_with_sha256sum(published: Path, tmp_path: Path) -> None:
    current = live(published / "published")
    assert current
    snapshot = tmp_path / "copy"
    shutil.copytree(published / "published" / current["tiers"]["open"]["path"], snapshot)
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=snapshot, check=False).returncode == 0
    (snapshot / "dictionary.csv").write_text("changed")
    assert subprocess.run(["sha256sum", "-c", "--status", "SHA256SUMS"], cwd=snapshot, check=False).returncode == 1


def test_every_make_target_is_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert len(targets) > 10
    assert [target for target in targets if target not in ("help", "install") and f"`make {target}" not in README] == []


def test_every_setting_is_in_the_readme() -> None:
    names = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    assert names
    assert [name for name in names if f"`{name}`" not in README] == []


def test_every_mart_is_in_the_documents() -> None:
    marts = [p.stem for p in (PROJECT / "dbt_project" / "models" / "marts").rglob("*.sql")]
    assert len(marts) >= 6
    assert [mart for mart in marts if f"`{mart}`" not in DOCS] == []


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


MIRROR = "s3://bucket/published"
READING = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / "reading.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("example", READING, ids=lambda example: " ".join(re.findall(r"import (\w+)", example)))
def test_an_example_of_reading_finds_the_rows(published: Path, example: str) -> None:
    # The same files by another URL: how they come to S3 is tests/unit/test_mirror_s3.py's.
    example = example.replace(MIRROR, (published / "published").as_uri())
    ran = subprocess.run([sys.executable, "-c", example], cwd=published, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "3573010001" in ran.stdout
    assert "0.030000" in ran.stdout


def test_reading_shows_three_libraries_and_the_mirror() -> None:
    assert [example for example in READING if MIRROR in example]
    assert [library for library in ("duckdb", "pandas", "polars") if f"import {library}" in "".join(READING)] == [
        "duckdb", "pandas", "polars",
    ]  # fmt: skip
