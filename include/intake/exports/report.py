"""What the ledger says of an export beside a rejection: columns, checks and reviews to look at, and never a value."""

from include.intake.exports.convert import Converted
from include.intake.exports.source import Source
from include.intake.exports.table import Table, shown
from include.intake.finding import Finding


def findings_of(
    source: Source, families: Converted, persons: Converted, rows: list[int], lines: list[int]
) -> list[Finding]:
    """Find what is to be said of one enumerator's rows. Row numbers are the source file's, from 1."""
    found = [] if rows else [Finding("EMPTY", source.families.name, detail="persons without a family")]
    for table, converted, wanted in ((source.families, families, rows), (source.persons, persons, lines)):
        found += _unknown_columns(table, converted) if wanted else []
        found += _unknown_values(table, converted, wanted)
    for row in rows:
        names = source.errors.get(source.keys[row])
        if names:
            detail = f"checks of the survey left open: {', '.join(sorted(set(names)))}"
            found.append(Finding("TOOL_ERROR", source.families.name, row + 1, detail))
    return found


def in_review(source: Source) -> list[Finding]:
    """Say how many rows are no documents (yet), once for an export."""
    if not source.skipped:
        return []
    detail = f"{len(source.skipped)} rows are no documents: rejected, or not completed"
    return [Finding("IN_REVIEW", source.families.name, min(source.skipped) + 1, detail)]


def _unknown_columns(table: Table, converted: Converted) -> list[Finding]:
    names = ", ".join(shown(name) for name in converted.unknown_names)
    return [Finding("UNKNOWN_COLUMN", table.name, detail=names)] if names else []


def _unknown_values(table: Table, converted: Converted, wanted: list[int]) -> list[Finding]:
    found = []
    for variable, strange in converted.strange.items():
        rows = sorted(strange.intersection(wanted))
        if rows:
            detail = f"{variable}: {len(rows)} values the mapping does not know, kept as written"
            found.append(Finding("UNKNOWN_VALUE", table.name, rows[0] + 1, detail))
    return found
