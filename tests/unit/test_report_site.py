"""What the pages of a report site say, read as files."""

import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from include.report.__main__ import main
from include.report.site import build_site
from include.settings import Settings
from tests.report import DAYS, inline_json, package, small_site, write_enumerators


class _Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site(tmp_path_factory.mktemp("snapshot"))


def _bytes(site: Path) -> dict[str, str]:
    files = sorted(p for p in site.rglob("*") if p.is_file())
    return {p.relative_to(site).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _mart(site: Path, mart: str, select: str) -> list[tuple]:
    path = f"read_parquet('{site.parent / mart}/**/*.parquet', hive_types = {{'kab_code': varchar}})"
    return duckdb.sql(select.format(mart=path)).fetchall()


def test_there_is_a_page_for_every_area_above_desa_and_every_topic(site: Path) -> None:
    pages = {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    topics = {"index.html", "quality.html", "targeting.html", "shock.html", "catalogue.html"}
    codes = [
        code for (code,) in _mart(site, "coverage_area", "select area_code from {mart} where area_level <> 'desa'")
    ]
    kab = {f"kab/{code}.html" for code in codes if len(code) == 4}
    assert pages == topics | kab | {f"kecamatan/{code}.html" for code in codes if len(code) == 7}


def test_every_link_of_every_page_leads_to_a_file_and_none_to_another_host(site: Path) -> None:
    papers = {"datapackage.json", "dictionary.csv", "SHA256SUMS"}  # written after the site
    for page in site.rglob("*.html"):
        links = _Links()
        links.feed(page.read_text())
        for link in links.found:
            target = (page.parent / link.partition("#")[0]).resolve() if not link.startswith(("#", "data:,")) else page
            assert target.is_file() or (target.name in papers and target.parent == site.parent), f"{page}: {link}"


def test_a_page_of_a_kecamatan_shows_every_desa_with_numerator_and_denominator(site: Path) -> None:
    page = (site / "kecamatan/3573010.html").read_text()
    rows = _mart(
        site, "coverage_area",
        "select area_code, coverage_numerator, coverage_denominator, coverage_share::double from {mart} "
        "where area_level = 'desa' and area_code like '3573010%'",
    )  # fmt: skip
    assert rows
    for code, numerator, denominator, share in rows:
        row = page.partition(f' {code}" data-class')[2].partition("</tr>")[0]
        assert re.findall(r'value="([\d.]+)" data-f', row)[:3] == [f"{share:.6f}", str(numerator), str(denominator)]


def test_the_burn_up_is_progress_by_day_and_the_forecasts_days(site: Path) -> None:
    chart = next(c for c in inline_json((site / "kab/3573.html").read_text()) if c.get("kind") == "burnup")
    assert len(chart["done"]) == DAYS
    ((done, expected),) = _mart(
        site, "coverage_area",
        "select coverage_numerator, coverage_denominator from {mart} where area_code = '3573'",
    )  # fmt: skip
    assert chart["done"][-1] == [DAYS - 1, done] and chart["expected"] == expected
    assert [chart["p10"], chart["p50"], chart["p90"]] == [DAYS - 1 + days for days in (20, 30, 45)]


def test_what_needs_attention_is_named_on_the_first_page(site: Path) -> None:
    attention = (site / "index.html").read_text().partition("Perlu perhatian")[2].partition("Kemajuan dan")[0]
    assert "Kabupaten Malang" in attention and "Kota Malang" not in attention  # chances of 7 and 73 %
    assert "MART-PAD-03" in attention and "1.234,5" in attention


def test_documents_add_up_to_those_received_by_day(site: Path) -> None:
    chart = inline_json((site / "quality.html").read_text())[0]
    rows = _mart(
        site, "upload_accounting",
        "select sum(accepted), sum(rejected) from {mart} where unit_level = 'kab_kota' "
        "group by arrival_day order by arrival_day",
    )  # fmt: skip
    values = {s["name"][1]: s["values"] for s in chart["series"]}
    assert [values["accepted"], values["rejected"]] == [[r[i] for r in rows] for i in (0, 1)]


def test_a_cell_that_is_not_published_reads_as_withheld(site: Path) -> None:
    page = (site / "targeting.html").read_text()
    malang = page.partition(">Kabupaten Malang</a>")[2].partition("</tr>")[0]
    assert malang.count("disamarkan") == 1  # its tenth decile
    province = page.partition(">Jawa Timur</a>")[2].partition("</tr>")[0]
    assert "disamarkan" not in province


def test_an_error_rate_with_a_withheld_cell_is_withheld(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert re.search(r"<strong><data[^>]*>50,0%", (site / "targeting.html").read_text())
    files = list((tmp_path / "area_profile").rglob("*.parquet"))
    for file in files:
        part = tmp_path / "part.parquet"
        duckdb.sql(f"copy (from '{file}' where category <> 'eligible_served' or area_level <> 'province') to '{part}'")
        part.replace(file)
    build_site(tmp_path, package())
    page = (site / "targeting.html").read_text()
    assert "<strong>" not in page and "exclusion" in page


def test_what_is_not_published_is_said_plainly(tmp_path: Path) -> None:
    build_site(tmp_path, package(gates=[], resources=[]))
    said = {
        page: (tmp_path / "site" / page).read_text()
        for page in ("index.html", "quality.html", "targeting.html", "shock.html")
    }
    assert all("Tidak diterbitkan" in said[page] for page in ("index.html", "quality.html", "targeting.html"))
    assert "Di sini tidak ada yang terbit" in said["shock.html"]


def test_enumerators_have_a_page_where_their_mart_is_published_and_only_there(site: Path, tmp_path: Path) -> None:
    assert not (site / "enumerators").exists()
    small_site(tmp_path)
    write_enumerators(tmp_path)
    build_site(tmp_path, package())
    assert "enumerators/3573.html" in (tmp_path / "site/kab/3573.html").read_text()
    assert [p.name for p in (tmp_path / "site/enumerators").iterdir()] == ["3573.html"]
    page = (tmp_path / "site/enumerators/3573.html").read_text()
    first = page.partition(">E1</th>")[2].partition("</tr>")[0]
    assert "tidak bertambah" in first and re.findall(r'value="([\d.]+)"', first) == ["0.040000", "10", "250", "1"]
    assert page.index(">E1<") < page.index(">E3<")


def test_enumerators_under_their_own_ids_get_no_page(tmp_path: Path) -> None:
    small_site(tmp_path)
    write_enumerators(tmp_path, "enumerator_id")
    build_site(tmp_path, package())
    assert not (tmp_path / "site/enumerators").exists()


def test_the_same_snapshot_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    first = _bytes(site)
    shutil.copytree(site.parent, tmp_path / "again")
    build_site(tmp_path / "again", package())
    assert _bytes(tmp_path / "again" / "site") == first


def test_a_hostile_name_stays_text(tmp_path: Path) -> None:
    small_site(tmp_path)
    for file in (tmp_path / "coverage_area").rglob("*.parquet"):
        part = tmp_path / "part.parquet"
        duckdb.sql(f"copy (select * replace ('</script><script>x()//' as area_name) from '{file}') to '{part}'")
        part.replace(file)
    build_site(tmp_path, package())
    written = [p for p in (tmp_path / "site").rglob("*") if p.is_file() and "vendor" not in p.parts]
    assert len(written) > 15 and all("<script>x()" not in page.read_text() for page in written)


def test_the_first_page_loads_less_than_a_megabyte(site: Path) -> None:
    links = _Links()
    links.feed((site / "index.html").read_text())
    loaded = [name for name in links.found if name.startswith("assets/")] + [
        "index.html",
        "assets/boundaries/kabkota.js",
    ]
    assert sum((site / name).stat().st_size for name in loaded) < 950_000


def test_the_command_builds_what_is_live(
    site: Path, here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["--out", str(tmp_path / "site")]) == 1
    assert "make run" in capsys.readouterr().err
    snapshot = here.published / "open" / "snapshots" / "one"
    shutil.copytree(site.parent, snapshot, ignore=shutil.ignore_patterns("site"))
    (snapshot / "datapackage.json").write_text(json.dumps(package()))
    pointer = {"as_of": "2022-10-24", "tiers": {"open": {"path": "open/snapshots/one"}}}
    (here.published / "CURRENT.json").write_text(json.dumps(pointer))
    assert main(["--out", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site" / "index.html").is_file()
    assert capsys.readouterr().out == f"{tmp_path / 'site' / 'index.html'}\n"
    # The way to the snapshot's files is another from here.
    assert (
        'href="../published/open/snapshots/one/datapackage.json"' in (tmp_path / "site" / "catalogue.html").read_text()
    )
