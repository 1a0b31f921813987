"""The persons of an export as one long table with the key of the family each belongs to."""

from collections import Counter

from include.intake.exports.convert import require
from include.intake.exports.mapping import LINE, Mapping, Persons
from include.intake.exports.table import Table, from_rows

# Joins the columns of a key: a character that no field tool lets through.
_BETWEEN = "\x1f"


def keys_of(table: Table, names: tuple[str, ...], mapping: Mapping) -> list[str]:
    """Give each row's key; ``""`` where all its columns are empty.

    Raises:
        BundleRejected: MISSING_COLUMN.
    """
    require(table, list(names), mapping)
    joined = (_BETWEEN.join(parts) for parts in zip(*(table.columns[name] for name in names), strict=True))
    return [key if key.strip(_BETWEEN) else "" for key in joined]


def with_lines(table: Table, keys: list[str]) -> Table:
    """Number a long table's persons within their family."""
    so_far: Counter[str] = Counter()
    lines = []
    for key in keys:
        so_far[key] += 1
        lines.append(str(so_far[key]))
    return Table(table.name, table.columns | {LINE: lines}, table.labels)


def wide_columns(table: Table, persons: Persons) -> set[str]:
    """Name the columns of a wide table that hold persons."""
    return {c.replace("{n}", str(n)) for n in range(1, _most(table, persons) + 1) for c in _patterns(persons)}


def unrolled(table: Table, mapping: Mapping) -> tuple[Table, list[int]]:
    """Make a long table of a wide one, with the family row of each person; those without any value are left out.

    Raises:
        BundleRejected: MISSING_COLUMN where person 1, or another that has some of the columns, has not all.
    """
    patterns = _patterns(mapping.persons)
    people = range(1, max(_most(table, mapping.persons), 1) + 1)
    named = {n: [pattern.replace("{n}", str(n)) for pattern in patterns] for n in people}
    require(table, [name for names in named.values() for name in names], mapping)
    empty = {"", *mapping.missing}
    rows, owners = [], []
    for row in range(table.height):
        for n in people:
            texts = [table.columns[name][row] for name in named[n]]
            if not empty.issuperset(texts):
                rows.append([*texts, str(n)])
                owners.append(row)
    long = from_rows(table.name, [*patterns, LINE], rows)
    long.labels = {pattern: _labels(table, [named[n][i] for n in people]) for i, pattern in enumerate(patterns)}
    return long, owners


def _patterns(persons: Persons) -> list[str]:
    return sorted({c.source for c in persons.sources().values() if c.source and c.source != LINE})


def _most(table: Table, persons: Persons) -> int:
    n = 0
    while any(pattern.replace("{n}", str(n + 1)) in table.columns for pattern in _patterns(persons)):
        n += 1
    return n


def _labels(table: Table, names: list[str]) -> dict[str, str]:
    return {code: label for name in reversed(names) for code, label in table.labels.get(name, {}).items()}
