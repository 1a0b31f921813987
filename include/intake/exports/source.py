"""One export read through its mapping, not yet split: families and persons as tables, and what waits for review."""

from collections.abc import Callable
from dataclasses import dataclass

from include.intake.exports.convert import require
from include.intake.exports.delimited import read_delimited
from include.intake.exports.files import SourceFile, gather
from include.intake.exports.mapping import Mapping
from include.intake.exports.persons import keys_of, unrolled, with_lines
from include.intake.exports.review import COMPLETIONS, Reviewed, read_review
from include.intake.exports.spreadsheet import read_spreadsheet
from include.intake.exports.statistical import read_spss, read_stata
from include.intake.exports.table import Table

READERS: dict[str, Callable[[SourceFile, str | None], Table]] = {
    "odk_central": read_delimited,
    "kobotoolbox": read_spreadsheet,
    "survey_solutions": read_delimited,
    "surveycto_wide": read_delimited,
    "surveycto_long": read_delimited,
    "stata": read_stata,
    "spss": read_spss,
    "excel": read_spreadsheet,
}


@dataclass(frozen=True)
class Source:
    """An export's tables. ``keys`` names each family; ``owners`` is the family row of each person, ``parents`` its key.

    Rows count from 0. ``skipped`` are family rows that are no document; ``errors`` are open checks by family key.
    """

    families: Table
    persons: Table
    keys: list[str]
    parents: list[str]
    owners: list[int | None]
    skipped: frozenset[int]
    errors: dict[str, list[str]]


def patterns_of(mapping: Mapping) -> list[str]:
    """List the name patterns of the files a mapping reads."""
    persons = [] if mapping.persons.wide else [mapping.persons.file or mapping.families.file]
    review = [mapping.review.actions, mapping.review.errors] if mapping.review else []
    return list(dict.fromkeys([mapping.families.file, *persons, *review]))


def read_source(mapping: Mapping, landed: list[tuple[str, bytes]]) -> Source:
    """Read the files the mapping names.

    Raises:
        BundleRejected: the contract's reason why the export cannot be read, with file, row and column.
    """
    files, read = gather(landed, patterns_of(mapping)), READERS[mapping.tool]
    families = read(files[mapping.families.file], mapping.families.sheet)
    keys = keys_of(families, mapping.families.key, mapping)
    reviewed = _review(mapping, files)
    if reviewed:
        families.columns[COMPLETIONS] = [str(max(reviewed.completions[key], 1)) for key in keys]
    skipped = _skipped(families, keys, mapping, reviewed)
    errors = reviewed.errors if reviewed else {}
    if mapping.persons.wide:
        persons, rows = unrolled(families, mapping)
        return Source(families, persons, keys, [keys[row] for row in rows], list(rows), skipped, errors)
    persons = read(files[mapping.persons.file or mapping.families.file], mapping.persons.sheet)
    parents = keys_of(persons, mapping.persons.parent, mapping)
    row_of = _row_of(keys, skipped)
    owners = [row_of.get(parent) for parent in parents]
    return Source(families, with_lines(persons, parents), keys, parents, owners, skipped, errors)


def _row_of(keys: list[str], skipped: frozenset[int]) -> dict[str, int]:
    """Find each family's row by key, the first where several have it; one that is a document before one that waits."""
    found: dict[str, int] = {}
    for row, key in enumerate(keys):
        if key and (key not in found or (found[key] in skipped and row not in skipped)):
            found[key] = row
    return found


def _review(mapping: Mapping, files: dict[str, SourceFile]) -> Reviewed | None:
    if not mapping.review:
        return None
    return read_review(read_delimited(files[mapping.review.actions]), read_delimited(files[mapping.review.errors]))


def _skipped(families: Table, keys: list[str], mapping: Mapping, reviewed: Reviewed | None) -> frozenset[int]:
    require(families, list(mapping.families.skip), mapping)
    rows = {row for row, key in enumerate(keys) if reviewed and key in reviewed.waiting}
    for column, values in mapping.families.skip.items():
        rows |= {row for row, text in enumerate(families.columns[column]) if text in values}
    return frozenset(rows)
