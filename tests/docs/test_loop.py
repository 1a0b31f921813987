"""docs/loop.md is true: its nights print what it quotes, its queries answer so, the supervisor reads those words."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from include.run_log import RunLog
from include.settings import PROJECT, Settings
from local_stack.summary import print_night
from tests import supervisor
from tests.builders import LandingZone
from tests.e2e.loop import FIRST, SECOND, THIRD, furnish
from tests.pipeline import run_night

pytestmark = pytest.mark.core

LOOP = (PROJECT / "docs" / "loop.md").read_text()
QUERIES = re.findall(r"```sql as-of=(\S+)\n(.*?)```\n\n((?:\|[^\n]*\n)+)", LOOP, re.DOTALL)
PRINTED = re.findall(r"```text night=(\S+)\n(.*?)```", LOOP, re.DOTALL)
SHEETS = re.findall(r"sheet \*\*(.+?)\*\* of (\S+):\n\n\| column \| cell \|\n\|---\|---\|\n((?:\|.*\n)+)", LOOP)
DUCKDB = Path(sys.executable).parent / "duckdb"


def answers(warehouse: Path) -> dict[str, str]:
    """What the command of the page answers to each of its queries."""
    asked = [query for _, query, _ in QUERIES]
    ran = [
        subprocess.run(
            [DUCKDB, "-readonly", "-markdown", warehouse, "-c", query], capture_output=True, text=True, check=True
        ).stdout
        for query in asked
    ]
    return dict(zip(asked, ran, strict=True))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return {"root": tmp_path_factory.mktemp("told")}


@pytest.fixture
def told(kept: dict, pointed_at: Callable[..., Settings], capsys: pytest.CaptureFixture) -> dict:
    """Of each night: what it prints, what the queries answer, what the supervisor's sheets hold. Run once."""
    configured = pointed_at(kept["root"])
    if FIRST not in kept:
        furnish(LandingZone(Path(configured.landing)))
        for day in (FIRST, SECOND, THIRD):
            run_night(day, day)
            capsys.readouterr()
            log = RunLog(configured.state, f"field_uploads_nightly__{day}")
            print_night(date.fromisoformat(day), log, seconds=1)
            kept[day] = (capsys.readouterr().out, answers(configured.warehouse), supervisor.read(configured))
    return kept


def shown(cell: object) -> str:
    """A cell as a spreadsheet program shows it, Indonesian half."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return f"{cell:.0f}" if isinstance(cell, float) else str(cell).split("\n")[0]


def test_the_page_follows_a_bundle_a_document_and_a_correction() -> None:
    assert [sheet for sheet, _, _ in SHEETS] == ["Bundel ditolak", "Perbaikan", "Koreksi kedaluwarsa"]
    assert len(QUERIES) == LOOP.count("```sql") >= 7
    assert len(PRINTED) == LOOP.count("```text") >= 3


@pytest.mark.parametrize(("day", "lines"), PRINTED)
def test_a_night_prints_what_the_page_quotes(told: dict, day: str, lines: str) -> None:
    assert lines.rstrip("\n") in told[day][0]


@pytest.mark.parametrize(("day", "query", "answer"), QUERIES)
def test_a_query_answers_what_the_page_shows(told: dict, day: str, query: str, answer: str) -> None:
    assert told[day][1][query].strip() == answer.strip()


@pytest.mark.parametrize(("sheet", "day", "table"), SHEETS)
def test_the_supervisor_reads_what_the_page_quotes(told: dict, sheet: str, day: str, table: str) -> None:
    quoted = dict(re.findall(r"^\| (.+?) \| (.+) \|$", table, re.MULTILINE))
    lines = [{name: shown(line[name]) for name in quoted} for line in told[day][2][sheet]]
    assert len(quoted) >= 8
    assert {name: cell.replace("\\|", "|") for name, cell in quoted.items()} in lines


def test_the_correction_of_the_page_lies_in_the_landing_zone(told: dict) -> None:
    (line,) = re.findall(r"```csv\n(.*?)```", LOOP, re.DOTALL)
    assert line in (told["root"] / "landing" / "corrections" / SECOND / "corrections.csv").read_text()
