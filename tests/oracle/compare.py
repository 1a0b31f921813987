"""Two readings of one mart, row by row and column by column."""

from collections.abc import Iterable, Sequence
from typing import Any

Told = dict[str, Any]


def differences(mine: Iterable[Told], theirs: Iterable[Told], *key: str) -> list[str]:
    """What one reading says and the other does not: rows by their key, and columns that I recompute."""
    said, found = by_key(mine, key), by_key(theirs, key)
    told = [f"only the docs have {place}" for place in said.keys() - found.keys()]
    told += [f"only the mart has {place}" for place in found.keys() - said.keys()]
    for place in said.keys() & found.keys():
        told += [
            f"{place} {column}: docs {value}, mart {found[place][column]}"
            for column, value in said[place].items()
            if not same(value, found[place][column])
        ]
    return sorted(told)


def by_key(rows: Iterable[Told], key: Sequence[str]) -> dict[tuple, Told]:
    """Rows by key; the same key twice is refused."""
    kept: dict[tuple, Told] = {}
    for row in rows:
        place = tuple(row[column] for column in key)
        assert place not in kept, f"two rows for {place}"
        kept[place] = row
    return kept


def same(mine: Any, its: Any) -> bool:  # noqa: ANN401
    """Equal to the last digit; nothing is equal to nothing alone."""
    if mine is None or its is None:
        return mine is its
    return bool(its == mine)
