"""Two readings of one mart, row by row and column by column."""

from collections.abc import Iterable
from typing import Any

Told = dict[str, Any]


def differences(mine: Iterable[Told], theirs: Iterable[Told], *key: str) -> list[str]:
    """What one reading says and the other does not: rows by key, keys that repeat, and columns that I recompute."""
    said, repeated = by_key(mine, key, "docs")
    found, repeated_there = by_key(theirs, key, "mart")
    told = repeated + repeated_there
    told += [f"only the docs have {place}" for place in said.keys() - found.keys()]
    told += [f"only the mart has {place}" for place in found.keys() - said.keys()]
    for place in said.keys() & found.keys():
        told += [
            f"{place} {column}: docs {value}, mart {found[place].get(column)}"
            for column, value in said[place].items()
            if column not in found[place] or not same(value, found[place][column])
        ]
    return sorted(told)


def by_key(rows: Iterable[Told], key: tuple[str, ...], reading: str) -> tuple[dict[tuple, Told], list[str]]:
    """Rows by key, and a line for each row whose key was there before."""
    kept: dict[tuple, Told] = {}
    repeated = []
    for row in rows:
        place = tuple(row[column] for column in key)
        if place in kept:
            repeated.append(f"the {reading} has two rows for {place}")
        kept[place] = row
    return kept, repeated


def same(mine: Any, its: Any) -> bool:  # noqa: ANN401
    """Equal to the last digit; nothing is equal to nothing alone."""
    if mine is None or its is None:
        return mine is its
    return bool(its == mine)
