"""What of mart ``area_profile`` is released tonight, as a table of the mart's own columns (docs/disclosure.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb
import pyarrow as pa

from include.publication.disclosure.atoms import DIGITS, Atom, Counts, shown, waiting
from include.publication.disclosure.ledger import NOTHING, Released, last_released, read_released
from include.publication.disclosure.release import release
from include.publication.disclosure.rule import Rule
from include.settings import Settings

RELATION = "released_area_profile"
_TIER = "open"
_LEVELS = {digits: level for level, digits in DIGITS.items()}
_SCHEMA = pa.schema([
    ("attribute", pa.string()),
    ("area_level", pa.string()),
    ("area_code", pa.string()),
    ("kab_code", pa.string()),
    ("category", pa.string()),
    ("families", pa.int32()),
    ("attribute_families", pa.int32()),
    ("status", pa.string()),
    ("released_on", pa.date32()),
    ("as_of", pa.date32()),
])  # fmt: skip


@dataclass(frozen=True)
class Attribute:
    """One attribute as counted tonight: its categories in order, and its counts in every area of its finest level."""

    name: str
    categories: tuple[str, ...]
    counts: dict[str, Counts]

    @property
    def group(self) -> str:
        """Attributes of one group share margins: who is eligible follows from the decile."""
        return "welfare" if self.name == "decile" or self.name.startswith("targeting:") else self.name


def release_tonight(
    connection: duckdb.DuckDBPyConnection, made_from: dict[str, str], settings: Settings
) -> tuple[Released, pa.Table]:
    """Release what may be seen, after what was; the same night again gives the same.

    Raises:
        ReleaseLedgerError: what was released before is not on file.
    """
    newest, before = last_released(settings.state, settings.published, _TIER)
    if newest and before.night == made_from["digest"]:
        newest = before.after
        before = read_released(settings.state, newest) if newest else NOTHING
    attributes = _counted(connection)
    rule = Rule(settings.smallest_cell)
    atoms: dict[str, list[Atom]] = {}
    for _, group in groupby(sorted(attributes, key=lambda a: (a.group, a.name)), key=lambda a: a.group):
        tables = {attribute.name: attribute.counts for attribute in group}
        atoms |= release(tables, before.atoms, made_from["as_of"], rule)
    # An attribute that is not counted tonight stays as it was released, for the night that counts it again.
    released = Released(made_from["digest"], newest, before.atoms | atoms)
    rows = [row for attribute in attributes for row in _rows(attribute, atoms[attribute.name], made_from["as_of"])]
    return released, pa.Table.from_pylist(rows, _SCHEMA)


def _counted(connection: duckdb.DuckDBPyConnection) -> list[Attribute]:
    cells = connection.execute("""
        select attribute, area_code, category, families from marts.area_profile
        qualify length(area_code) = max(length(area_code)) over (partition by attribute)
        order by attribute, area_code, category
    """).fetchall()
    found = []
    for name, of_attribute in groupby(cells, key=lambda cell: cell[0]):
        areas = {area: list(of_area) for area, of_area in groupby(of_attribute, key=lambda cell: cell[1])}
        categories = tuple(category for *_, category, _ in next(iter(areas.values())))
        counts = {area: tuple(families for *_, families in cells) for area, cells in areas.items()}
        found.append(Attribute(name, categories, counts))
    return found


def _rows(attribute: Attribute, atoms: list[Atom], as_of: str) -> Iterator[dict]:
    told = {row.area: row for row in shown(atoms)}
    finest = {*attribute.counts, *(area for atom in atoms for area in atom.areas)}
    not_yet = waiting(finest, atoms) if atoms else set()
    counted = {area[:digits] for area in finest - not_yet for digits in DIGITS.values()}
    for area in sorted({area[:digits] for area in finest for digits in DIGITS.values() if digits <= len(area)}):
        row = told.get(area)
        for number, category in enumerate(attribute.categories):
            yield {
                "attribute": attribute.name,
                "area_level": _LEVELS[len(area)],
                "area_code": area,
                "kab_code": area[:4],
                "category": category,
                "families": row.counts[number] if row else None,
                "attribute_families": sum(row.counts) if row else None,
                "status": "counted" if row else "withheld" if area in counted else "not_counted_yet",
                "released_on": date.fromisoformat(row.released_on) if row else None,
                "as_of": date.fromisoformat(as_of),
            }
