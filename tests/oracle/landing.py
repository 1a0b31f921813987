"""The landing zone as rows of text: bundles from their zips, headquarters' snapshots, events."""

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from include.settings import PROJECT

Row = dict[str, str]
SEEDS = PROJECT / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Bundle:
    """A readable bundle: who sent it, on which form, and its two members."""

    enumerator_id: str
    is_draft: bool
    families: list[Row]
    persons: list[Row]


def rows_of(content: bytes) -> list[Row]:
    """A CSV of the contract, data rows in order."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_bundle(file: Path) -> Bundle:
    """Manifest, documents and persons of one zip."""
    with zipfile.ZipFile(file) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        families, persons = (rows_of(bundle.read(f"{name}.csv")) for name in ("keluarga", "anggota"))
    return Bundle(manifest["enumerator_id"], manifest["form_version"] == "K-2022-draft", families, persons)


def snapshot_day(landing: Path, kind: str, as_of: date) -> date | None:
    """The folder day of the newest snapshot that counts; a month counts from its first day."""
    days = [day for folder in (landing / kind).iterdir() if (day := day_of(folder.name)) and day <= as_of]
    return max(days, default=None)


def snapshot(landing: Path, kind: str, name: str, as_of: date) -> list[Row]:
    """The rows of one file of the snapshot that counts; none where there is no snapshot."""
    day = snapshot_day(landing, kind, as_of)
    folder = f"{day:%Y-%m}" if day and kind == "programmes" else str(day)
    return rows_of((landing / kind / folder / f"{name}.csv").read_bytes()) if day else []


def event_ids(landing: Path) -> list[str]:
    """The events, by their folders."""
    return sorted(folder.name for folder in (landing / "events").iterdir())


def event(landing: Path, event_id: str) -> tuple[dict[str, Any], list[Row]]:
    """What an event says, and its list of persons."""
    folder = landing / "events" / event_id
    listed = folder / "affected.csv"
    return json.loads((folder / "event.json").read_text()), rows_of(listed.read_bytes()) if listed.exists() else []


def seed(path: str) -> list[Row]:
    """A table of constants."""
    return rows_of((SEEDS / path).read_bytes())


def in_force(rows: list[Row], as_of: date) -> list[Row]:
    """Dated rows that hold on a day: both ends in, an empty end is open."""
    return [row for row in rows if row["valid_from"] <= str(as_of) <= (row["valid_to"] or "9999-12-31")]


def day_of(text: str) -> date | None:
    """A day written YYYY-MM-DD, or the first of a month written YYYY-MM."""
    whole_day = f"{text}-01" if re.fullmatch("[0-9]{4}-[0-9]{2}", text) else text
    try:
        return date.fromisoformat(whole_day) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", whole_day) else None
    except ValueError:
        return None


def whole(text: str | None) -> int | None:
    """A code as a number; None where it is missing or unreadable."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None
