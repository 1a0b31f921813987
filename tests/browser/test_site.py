"""The report site as a reader sees it: opened from disk in Chromium, wide and on a phone, by mouse and keyboard."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, serious

pytestmark = pytest.mark.browser
PAGES = (
    "index.html", "kab/3573.html", "kecamatan/3573010.html", "quality.html", "targeting.html", "shock.html",
    "catalogue.html", "enumerators/3573.html",
)  # fmt: skip
PHONE = 360


class _Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _is_drawn(page: Page) -> bool:
    """Whether every chart has ink on its canvas."""
    return page.evaluate(
        "[...document.querySelectorAll('canvas')].every(c => "
        "c.width > 0 && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v))"
    )


def _shown(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts() if text.strip()]


@pytest.mark.parametrize("visit", [1280, PHONE], indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_renders_whole_without_an_error_or_a_request_off_its_folder(visit: Visit, page: str) -> None:
    visit.open(page)
    assert _is_drawn(visit.page)
    assert visit.page.locator("h1").inner_text()
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"
    assert serious(visit.page) == []
    assert visit.problems == []


def test_axe_is_in_force(visit: Visit) -> None:
    visit.open("shock.html")
    visit.page.evaluate(
        "document.querySelector('#content').innerHTML += '<p style=\"color:#ddd\">faint</p><img src=\"\">'"
    )
    assert {finding.partition(":")[0] for finding in serious(visit.page)} == {"color-contrast", "image-alt"}


def test_the_language_switches_by_keyboard_and_is_remembered_on_the_next_page(visit: Visit) -> None:
    visit.open("index.html")
    assert (
        "9,2%" in visit.page.locator(".tiles").inner_text() and "Cakupan" in visit.page.locator(".tiles").inner_text()
    )
    for _ in range(10):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.id") == "language":
            break
    visit.page.keyboard.press("Enter")
    said = visit.page.locator(".tiles").inner_text()
    assert "9.2%" in said and "Coverage" in said and "Cakupan" not in said and "24 October 2022" in said
    assert visit.page.title() == "At a glance · Regsosek East Java"
    visit.open("kab/3573.html")
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    assert "families enumerated" in visit.page.locator(".tiles").inner_text()
    assert serious(visit.page) == [] and visit.problems == []


def test_numbers_written_by_the_browser_and_by_the_builder_agree(visit: Visit) -> None:
    visit.open("quality.html")
    built = _shown(visit.page, "main data, main time")
    visit.page.click("#language")
    english = _shown(visit.page, "main data, main time")
    visit.page.click("#language")
    assert _shown(visit.page, "main data, main time") == built != english


def test_the_map_shows_kab_kota_and_on_demand_kecamatan_and_leads_to_their_pages(visit: Visit) -> None:
    visit.open("index.html")
    assert visit.page.locator(".map path").count() == 38
    assert not [file for file in visit.loaded if "kecamatan" in file.name]
    visit.page.click("button[data-level=kecamatan]")
    visit.page.wait_for_selector(".map[data-shown=kecamatan]")
    assert visit.page.locator(".map path").count() == 666
    assert "BPS / OCHA, HDX COD-AB Indonesia" in visit.page.locator(".leaflet-control-attribution").inner_text()
    visit.page.click("button[data-level=kabkota]")
    malang = visit.page.locator('.map path[fill="#ffffcc"]').first
    malang.dispatch_event("click")
    visit.page.wait_for_url("**/kab/3507.html")
    assert visit.page.locator(".map path").count() == 33
    assert visit.problems == []


def test_a_map_says_name_and_figures_of_the_shape_under_the_pointer(visit: Visit) -> None:
    visit.open("kab/3573.html")
    visit.page.locator('.map path[fill="#ffffcc"]').first.dispatch_event("mouseover")
    tip = visit.page.locator(".leaflet-tooltip").inner_text()
    assert "%" in tip and " / " in tip


def test_filters_leave_the_rows_that_fit_and_fade_the_rest_of_the_map(visit: Visit) -> None:
    visit.open("index.html")
    assert visit.page.locator("form.filter").count() == 0  # two rows need no filter
    visit.open("kecamatan/3573010.html")
    rows = visit.page.locator("#areas tbody tr")
    every = rows.count()
    first = rows.first.locator("th").inner_text()
    visit.page.fill("input[name=name]", first.lower())
    assert visit.page.locator("#areas tbody tr:visible").count() == 1 < every
    assert visit.page.locator("form.filter output").inner_text() == "1"
    visit.page.fill("input[name=name]", "")
    visit.page.select_option("select[name=coverage]", "4")
    assert visit.page.locator("#areas tbody tr:visible").count() == 0
    visit.page.select_option("select[name=coverage]", "0")
    assert visit.page.locator("#areas tbody tr:visible").count() == every
    assert visit.problems == []


def test_a_filter_by_coverage_fades_the_shapes_that_do_not_fit(visit: Visit) -> None:
    visit.open("kab/3573.html")
    fades = "[...document.querySelectorAll('.map path')].filter(p => p.getAttribute('fill-opacity') < 0.5).length"
    assert visit.page.evaluate(fades) == 0
    visit.page.evaluate("document.dispatchEvent(new CustomEvent('sitefilter', {detail: {coverage: '4'}}))")
    assert visit.page.evaluate(fades) == visit.page.locator(".map path").count()


def test_the_keyboard_reaches_the_map_the_charts_table_and_the_maps_table(visit: Visit) -> None:
    visit.open("index.html")
    reached: list[str] = []
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        reached.append(
            visit.page.evaluate("(e => e.getAttribute('aria-label') || e.id || e.tagName)(document.activeElement)")
        )
    assert reached[0] == "A" and "language" in reached and "SUMMARY" in reached
    assert any(name.startswith("Peta: ") for name in reached)
    assert "Tabel: Cakupan per kab/kota" in reached


def test_every_chart_has_its_figures_in_a_table_beside_it(visit: Visit) -> None:
    visit.open("quality.html")
    visit.page.click("figure.chart summary")
    table = visit.page.locator("figure.chart table")
    assert table.locator("tbody tr").count() == 10
    assert _shown(visit.page, "figure.chart thead th")[:3] == ["Hari", "diterima", "ditahan"]
    assert visit.page.locator("figure.chart .beside").is_visible()


def test_the_first_page_loads_less_than_a_megabyte(visit: Visit) -> None:
    visit.open("index.html")
    assert len(visit.loaded) > 8
    assert sum(file.stat().st_size for file in visit.loaded) < 1_000_000


def test_a_page_prints_without_what_only_a_screen_needs(visit: Visit) -> None:
    visit.open("kab/3573.html")
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("nav.main").is_visible() and not visit.page.locator("#language").is_visible()
    assert visit.page.locator("#areas").is_visible() and visit.page.locator(".map").is_visible()


def test_the_site_reads_the_same_from_a_web_server(visit: Visit, site: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        visit.open("kab/3573.html")
        from_disk = visit.page.locator("main").inner_text()
        errors = list(visit.problems)
        visit.page.goto(f"http://127.0.0.1:{server.server_port}/kab/3573.html")
        visit.page.wait_for_selector(".map[data-shown]")
        assert visit.page.locator("main").inner_text() == from_disk
        assert errors == [] and all("asked for http://127.0.0.1" in problem for problem in visit.problems)
    finally:
        server.shutdown()
