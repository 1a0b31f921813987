"""An attacker's program: works out from published rows, over margins and nights, what they were not to tell.

It knows every area of the frame, everything that was published in any snapshot, and how tables add up. It shares no
code with the release rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

LEVELS = (2, 4, 7, 10)


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
    region: frozenset[str]
    category: str
    families: int


def attack(snapshots: list[Snapshot], areas: Iterable[str], smallest: int = 5) -> list[Finding]:
    """Find every small count and every small change that can be worked out.

    Args:
        snapshots: what was published, in the order of publication.
        areas: codes of the finest areas, all of one level.
        smallest: families below which a count, or a change, gives somebody away.
    """
    finest = [sorted(set(areas) - snapshot.outside) for snapshot in snapshots]
    known = [_worked_out(snapshot, of) for snapshot, of in zip(snapshots, finest, strict=True)]
    categories = sorted({category for cells in known for _, category in cells})
    found = []
    for category in categories:
        regions = [dict(_regions(cells, of, category)) for cells, of in zip(known, finest, strict=True)]
        for told in regions:
            found += [Finding("count", r, category, n) for r, n in told.items() if r and n < smallest]
            found += [Finding("change", r, category, n) for r, n in told.items() if not r and 0 < abs(n) < smallest]
        # Of one snapshot to the next: over several, six who came and five who went look like one.
        for earlier, later in pairwise(regions):
            found += _changes(earlier, later, category, smallest)
    return list(dict.fromkeys(found))


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


def _regions(
    cells: dict[tuple[str, str], int], finest: list[str], category: str
) -> Iterator[tuple[frozenset[str], int]]:
    """Divide what is known into disjoint regions of finest areas: each known area less the known areas in it."""
    known = sorted((area for area, of in cells if of == category), key=lambda area: (-len(area), area))
    left = set(finest)
    inside: dict[str, int] = {}
    for area in known:
        region = frozenset(a for a in left if a.startswith(area))
        told = cells[area, category] - inside.pop(area, 0)
        left -= region
        if region or told:
            yield region, told
        for digits in LEVELS:
            if digits < len(area) and (area[:digits], category) in cells:
                upper = max(d for d in LEVELS if d < len(area) and (area[:d], category) in cells)
                inside[area[:upper]] = inside.get(area[:upper], 0) + cells[area, category]
                break


def _changes(
    earlier: dict[frozenset[str], int], later: dict[frozenset[str], int], category: str, smallest: int
) -> Iterator[Finding]:
    """Compare the smallest unions of regions that both snapshots tell of."""
    for region in _common(list(earlier), list(later)):
        told = [sum(n for r, n in of.items() if r and r <= region) for of in (earlier, later)]
        change = told[1] - told[0]
        if 0 < abs(change) < smallest:
            yield Finding("change", region, category, change)


def _common(earlier: list[frozenset[str]], later: list[frozenset[str]]) -> Iterator[frozenset[str]]:
    covered = [frozenset().union(*regions) for regions in (earlier, later)]
    joined: list[set[str]] = []
    for region in (*earlier, *later):
        overlapping = [other for other in joined if other & region]
        joined = [other for other in joined if not other & region]
        if region:
            joined.append(set(region).union(*overlapping))
    for union in joined:
        if all(union <= of for of in covered):
            yield frozenset(union)
