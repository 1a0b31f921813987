"""From a tool's columns to the contract's: changes, recodes, constants, and what could not be recoded."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from include.intake.exports import transforms
from include.intake.exports.columns import Column
from include.intake.exports.mapping import Mapping
from include.intake.exports.table import Table, shown
from include.intake.finding import BundleRejected, Finding


@dataclass(frozen=True)
class Converted:
    """Contract variables as columns. ``strange`` has by variable the rows, from 0, that stay as written.

    ``unknown`` holds each row's unknown columns as one JSON text, or ``""``.
    """

    columns: dict[str, list[str]]
    unknown: list[str]
    strange: dict[str, frozenset[int]]
    unknown_names: tuple[str, ...] = ()


def convert(
    table: Table, sources: dict[str, Column], wanted: tuple[str, ...], known: set[str], mapping: Mapping
) -> Converted:
    """Convert one table; ``known`` are columns that are neither variables nor unknown, patterns with ``*`` too.

    Raises:
        BundleRejected: MISSING_COLUMN, naming mapping, file and columns.
    """
    require(table, [column.source for column in sources.values() if column.source], mapping)
    columns: dict[str, list[str]] = {}
    strange: dict[str, frozenset[int]] = {}
    for variable in wanted:
        column = sources.get(variable)
        columns[variable], rows = _values(table, column, mapping) if column else ([""] * table.height, [])
        if rows:
            strange[variable] = frozenset(rows)
    named = {column.source for column in sources.values()}
    extra = [name for name in table.columns if name not in named and not _is_known(name, known)]
    return Converted(columns, _as_json(table, extra), strange, tuple(extra))


def require(table: Table, names: list[str], mapping: Mapping) -> None:
    """See that a table has the columns the mapping names.

    Raises:
        BundleRejected: MISSING_COLUMN, naming mapping, file and columns.
    """
    lacking = sorted({name for name in names if name not in table.columns})
    if lacking:
        detail = f"mapping {mapping.id} needs {', '.join(shown(name) for name in lacking)}"
        raise BundleRejected(Finding("MISSING_COLUMN", table.name, detail=detail))


def one_column(table: Table, column: Column, mapping: Mapping) -> list[str]:
    """Convert a single column that is no contract variable."""
    require(table, [column.source] if column.source else [], mapping)
    return _values(table, column, mapping)[0]


def _values(table: Table, column: Column, mapping: Mapping) -> tuple[list[str], list[int]]:
    if column.source is None:
        return [column.constant or ""] * table.height, []
    texts = table.columns[column.source]
    read = _Reading(column, mapping, table.labels.get(column.source, {}))
    by_text = {text: read(text) for text in set(texts)}
    strange = {text for text, value in by_text.items() if value is None}
    values = [text if (value := by_text[text]) is None else value for text in texts]
    return values, [row for row, text in enumerate(texts) if text in strange] if strange else []


class _Reading:
    """How one column's texts become contract values: missing, changed, recoded by code, then by label."""

    def __init__(self, column: Column, mapping: Mapping, labels: dict[str, str]) -> None:
        self.changes = [transforms.parse(name, ZoneInfo(mapping.timezone)) for name in column.transform]
        recode = mapping.table_of(column.recode)
        self.recode = None if recode is None else {_alike(said): code for said, code in recode.items()}
        self.missing = frozenset(mapping.missing)
        self.labels = labels

    def __call__(self, text: str) -> str | None:
        """Give the contract's value, or ``None`` if the text stays as written."""
        if not text or text in self.missing:
            return ""
        changed: str | None = text
        for change in self.changes:
            changed = None if changed is None else change(changed)
        if self.recode is None or changed is None:
            return changed
        label = self.labels.get(text)
        by_label = None if label is None else self.recode.get(_alike(label))
        return self.recode.get(_alike(changed), by_label)


def _alike(said: str) -> str:
    """Codes and labels compare without regard to case and spacing."""
    return " ".join(said.split()).casefold()


def _is_known(name: str, known: set[str]) -> bool:
    """Columns that a reader adds (``@line``) are never unknown."""
    return name.startswith("@") or name in known or any(fnmatchcase(name, pattern) for pattern in known)


def _as_json(table: Table, names: list[str]) -> list[str]:
    if not names:
        return [""] * table.height
    rows = zip(*(table.columns[name] for name in names), strict=True)
    return [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows]
