"""Differencing: of shown areas from those around them, of cells from their rows, and of one snapshot from the next.

The attacker knows every area of the frame, everything that was published, and how tables add up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

LEVELS = (2, 4, 7, 10)
Region = frozenset[str]


@dataclass(frozen=True)
class Snapshot:
    """What one snapshot shows of one attribute: families by area and category, and of an area in all categories.

    ``outside`` are the finest areas that it says it counts nowhere yet.
    """

    cells: Mapping[tuple[str, str], int]
    totals: Mapping[str, int] = field(default_factory=dict)
    outside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """Something that should not have been told: a count, or a change between two snapshots, of a region."""

    what: str
    region: Region
    category: str
    families: int

    def __str__(self) -> str:
        """Say what was found, without the number."""
        named = ", ".join(sorted(self.region)[:3]) + (", …" if len(self.region) > 3 else "")
        return f"a small {self.what} of {self.category} in {named or 'a row beside its children'}"


def attack(snapshots: list[Snapshot], areas: Iterable[str], smallest: int = 5) -> list[Finding]:
    """Find every small count and every small change that can be worked out.

    Args:
        snapshots: what was published, in the order of publication.
        areas: codes of the finest areas, all of one level.
        smallest: families below which a count, or a change, gives somebody away.
    """
    areas = set(areas)
    finest = [sorted(areas - snapshot.outside) for snapshot in snapshots]
    known = [_worked_out(snapshot, of) for snapshot, of in zip(snapshots, finest, strict=True)]
    categories = sorted({category for cells in known for _, category in cells})
    found = []
    for category in categories:
        columns = [{area: n for (area, of), n in cells.items() if of == category} for cells in known]
        regions = [list(_regions(column, of)) for column, of in zip(columns, finest, strict=True)]
        found += [finding for told in regions for finding in _small(told, category, smallest)]
        # Of one snapshot to the next: over several, six who came and five who went look like one.
        for (row, told), (later_row, later) in pairwise(zip(columns, regions, strict=True)):
            found += _changes(row.items(), later_row, category, smallest)
            found += _changes_of_unions(dict(told), dict(later), category, smallest)
    return list(dict.fromkeys(found))


def _small(told: list[tuple[Region, int]], category: str, smallest: int) -> Iterator[Finding]:
    for region, families in told:
        if region and families < smallest:
            yield Finding("count", region, category, families)
        elif not region and 0 < abs(families) < smallest:
            yield Finding("change", region, category, families)


def _worked_out(snapshot: Snapshot, finest: list[str]) -> dict[tuple[str, str], int]:
    """Fill in what is one unknown among knowns, of a row or of a parent and its children, until no more follows."""
    cells = dict(snapshot.cells)
    categories = sorted({category for _, category in cells})
    families = _families(finest)
    while True:
        new = dict(_by_rows(cells, snapshot.totals, categories)) | dict(_by_margins(cells, families, categories))
        if not new.keys() - cells.keys():
            return cells
        cells = new | cells


def _by_rows(
    cells: dict[tuple[str, str], int], totals: Mapping[str, int], categories: list[str]
) -> Iterator[tuple[tuple[str, str], int]]:
    for area, families in totals.items():
        unknown = [category for category in categories if (area, category) not in cells]
        if len(unknown) == 1:
            yield (area, unknown[0]), families - sum(cells[area, c] for c in categories if c != unknown[0])


def _by_margins(
    cells: dict[tuple[str, str], int], families: dict[str, list[str]], categories: list[str]
) -> Iterator[tuple[tuple[str, str], int]]:
    for parent, children in families.items():
        for category in categories:
            told = {child: cells[child, category] for child in children if (child, category) in cells}
            unknown = [child for child in children if child not in told]
            if not unknown:
                yield (parent, category), sum(told.values())
            elif len(unknown) == 1 and (parent, category) in cells:
                yield (unknown[0], category), cells[parent, category] - sum(told.values())


def _families(finest: list[str]) -> dict[str, list[str]]:
    """Every area with the areas of the next level in it."""
    levels = [digits for digits in LEVELS if finest and digits <= len(finest[0])]
    found: dict[str, set[str]] = {}
    for area in finest:
        for upper, lower in pairwise(levels):
            found.setdefault(area[:upper], set()).add(area[:lower])
    return {parent: sorted(children) for parent, children in found.items()}


def _regions(column: dict[str, int], finest: list[str]) -> Iterator[tuple[Region, int]]:
    """Divide what is known into disjoint regions of finest areas: each known area less the known areas in it.

    A row whose children are all known has no region of its own: what is left of it should be nothing.
    """
    own: dict[str, list[str]] = {area: [] for area in column}
    for area in finest:
        around = _smallest_around(area, column)
        if around:
            own[around].append(area)
    left = dict(column)
    for area, families in column.items():
        around = _smallest_around(area, column, proper=True)
        if around:
            left[around] -= families
    for area, of in own.items():
        if of or left[area]:
            yield frozenset(of), left[area]


def _smallest_around(area: str, column: dict[str, int], *, proper: bool = False) -> str | None:
    for digits in reversed(LEVELS):
        if digits < len(area) + (not proper) and area[:digits] in column:
            return area[:digits]
    return None


def _changes(
    earlier: Iterable[tuple[str, int]], later: Mapping[str, int], category: str, smallest: int
) -> Iterator[Finding]:
    """Compare every row with the same row of the next snapshot."""
    for area, families in earlier:
        change = later.get(area, families) - families
        if 0 < abs(change) < smallest:
            yield Finding("change", frozenset({area}), category, change)


def _changes_of_unions(
    earlier: dict[Region, int], later: dict[Region, int], category: str, smallest: int
) -> Iterator[Finding]:
    """Compare the smallest unions of regions that both snapshots tell of."""
    regions = [{area: region for region in of for area in region} for of in (earlier, later)]
    for union in _unions([*earlier, *later]):
        if all(union <= of.keys() for of in regions):
            told = [
                sum(families[region] for region in {of[area] for area in union})
                for of, families in zip(regions, (earlier, later), strict=True)
            ]
            if 0 < abs(told[1] - told[0]) < smallest:
                yield Finding("change", union, category, told[1] - told[0])


def _unions(regions: Iterable[Region]) -> Iterator[Region]:
    """Join what overlaps."""
    joined: dict[str, set[str]] = {}
    for region in set(regions):
        union = set(region)
        for area in region:
            union |= joined.get(area, set())
        joined |= dict.fromkeys(union, union)
    return map(frozenset, {id(union): union for union in joined.values()}.values())
