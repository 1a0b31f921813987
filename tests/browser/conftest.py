"""A report site and a headless Chromium that lets nothing off the site's folder."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.report import small_site, write_enumerators

CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-default-apps", "--disable-dev-shm-usage",
]  # fmt: skip


@dataclass
class Visit:
    """An open page and what went wrong on it."""

    page: Page
    site: Path
    problems: list[str] = field(default_factory=list)
    loaded: list[Path] = field(default_factory=list)

    def note_request(self, address: str) -> None:
        """Keep which file was loaded; anything but a file of the site, or data in the page, is a problem."""
        parts = urlsplit(address)
        file = Path(unquote(parts.path))
        if parts.scheme == "file" and file.is_relative_to(self.site):
            self.loaded.append(file)
        elif parts.scheme != "data":
            self.problems.append(f"asked for {address}")

    def open(self, page: str) -> "Visit":
        """Open a page of the site from disk and wait until its map and charts are drawn."""
        self.page.goto((self.site / page).as_uri())
        if self.page.locator(".map").count():
            self.page.wait_for_selector(".map[data-shown]")
        return self


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    write_enumerators(folder)
    return small_site(folder)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the browser tests need chromium on the PATH (make prove MARK=browser installs it as root)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Path, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit on a screen of the width that the test's parameter says, 1280 if none."""
    context = chromium.new_context(viewport={"width": getattr(request, "param", 1280), "height": 800})
    page = context.new_page()
    visited = Visit(page, site)
    page.on("console", lambda message: visited.problems.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: visited.problems.append(str(error)))
    page.on("requestfailed", lambda asked: visited.problems.append(f"failed: {asked.url}"))
    page.on("request", lambda asked: visited.note_request(asked.url))
    yield visited
    context.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds on a page of serious or critical impact: rule and place."""
    # It would ask for the style sheets once more, which a page from disk may not.
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [
        f"{violation['id']}: {node['target']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
