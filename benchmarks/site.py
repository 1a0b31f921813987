"""How long the whole report site takes: ``python -m benchmarks.site``, or ``--codes 3573`` for one kab/kota.

Plausible open marts of the real regions are written first; then the site is built in a fresh process, and its first
page opened from disk in Chromium, where there is one.
"""

import argparse
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.measure import in_own_process, machine, say, table, watched
from benchmarks.site_marts import write_marts
from include.report.site import SITE, build_site

BUDGET_SECONDS, BUDGET_INTERACTIVE_MS, BUDGET_FIRST_PAGE_KB = 60, 1000, 1000
_OPENINGS = 5
_CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Built(NamedTuple):
    """A site: seconds and peak memory of its building, its pages and bytes."""

    seconds: float
    peak_mib: int
    pages: int
    size: int


class Opened(NamedTuple):
    """The first page: median milliseconds until the charts and the map stand, and the bytes of the files it loaded."""

    interactive_ms: float
    loaded: int


def main(arguments: list[str] | None = None) -> int:
    """Write marts, build the site, open it, print what it took; the exit code says nothing of the speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument(
        "--codes", nargs="+", default=["35"], help="BPS codes of one length; all of East Java if left out"
    )
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_marts(folder, asked.days, tuple(asked.codes))
        built = in_own_process(build, folder, asked.days)
        say(f"{machine()}\n")
        say(table(["site", "seconds", "peak MiB", "pages", "kB"], [_line(built)]))
        say(f"budget {BUDGET_SECONDS} s")
        opened = open_first_page(folder / SITE)
        if opened:
            budget = f"budget {BUDGET_INTERACTIVE_MS} ms, {BUDGET_FIRST_PAGE_KB} kB"
            say(f"first page: {opened.interactive_ms:.0f} ms, {opened.loaded / 1000:.0f} kB, {budget}")
    return 0


def build(folder: Path, days: int) -> Built:
    """Build the site of marts of so many days."""
    as_of = date(2022, 10, 15) + timedelta(days - 1)
    package = {"version": "benchmark", "lineage": {"as_of": as_of.isoformat()}, "gates": [], "resources": []}
    with watched() as watch:
        build_site(folder, package)
    files = [file for file in (folder / SITE).rglob("*") if file.is_file()]
    pages = sum(file.suffix == ".html" for file in files)
    return Built(watch.seconds, watch.peak_mib, pages, sum(file.stat().st_size for file in files))


def open_first_page(site: Path) -> Opened | None:
    """Open the first page from disk, each time in a page of its own; ``None`` without Chromium."""
    path = shutil.which("chromium")
    if path is None:
        say("no chromium on the PATH: the first page was not opened")
        return None
    from playwright.sync_api import sync_playwright  # only here: building needs no browser

    loaded: set[str] = set()
    times: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_CHROMIUM)
        for _ in range(_OPENINGS):
            page = browser.new_page()
            page.on("request", lambda asked: loaded.add(asked.url))
            page.goto((site / "index.html").as_uri())
            page.wait_for_selector(".map[data-shown]")
            times.append(page.evaluate("performance.getEntriesByName('map-shown')[0].startTime"))
            page.close()
        browser.close()
    files = [Path(url.removeprefix("file://")) for url in loaded if url.startswith("file://")]
    return Opened(median(times), sum(file.stat().st_size for file in files))


def _line(built: Built) -> list[str]:
    return ["build", f"{built.seconds:.2f}", str(built.peak_mib), str(built.pages), f"{built.size / 1000:,.0f}"]


if __name__ == "__main__":
    sys.exit(main())
