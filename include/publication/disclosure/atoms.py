"""What is released of one attribute: atoms, disjoint regions of areas, each with its counts as last released.

An atom is an area shown on its own, or a *pool* of areas that are not shown: readers can work it out as a difference,
so it is judged like one that is shown. Every published row is the sum of the atoms in its area, so the atoms' rows are
all that anybody ever learns (docs/adr/0014).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

# Families by category; an area's code begins with those of the areas it lies in: province, kab/kota, kecamatan, desa.
Counts = tuple[int, ...]
DIGITS = {"province": 2, "kab_kota": 4, "kecamatan": 7, "desa": 10}


@dataclass(frozen=True)
class Atom:
    """A region, the counts of each of its areas as last released, and the as-of day of that release.

    ``inside`` is the area it pools for, or itself. Only the sum of ``parts`` is ever shown.
    """

    areas: tuple[str, ...]
    inside: str
    parts: tuple[Counts, ...]
    released_on: str

    @cached_property
    def counts(self) -> Counts:
        """What readers can see or work out."""
        return added(self.parts)

    @property
    def is_pool(self) -> bool:
        """Say whether the region stands for what its parent does not show."""
        return self.areas != (self.inside,)


@dataclass(frozen=True)
class Shown:
    """A published row: an area, its counts, and the oldest as-of day in them."""

    area: str
    counts: Counts
    released_on: str


def added(rows: Iterable[Counts]) -> Counts:
    """Add up counts; of no row nothing."""
    return tuple(map(sum, zip(*rows, strict=True)))


def parts_of(areas: Iterable[str], counts: Mapping[str, Counts]) -> tuple[Counts, ...]:
    """The counts of each area; one that has none has no family."""
    none = (0,) * len(next(iter(counts.values()), ()))
    return tuple(counts.get(area, none) for area in areas)


def waiting(counts: Iterable[str], atoms: Iterable[Atom]) -> set[str]:
    """The finest areas that no atom holds: they count nowhere yet, not even in the areas around them."""
    return set(counts) - {area for atom in atoms for area in atom.areas}


def shown(atoms: Iterable[Atom]) -> list[Shown]:
    """Every area of every level that no atom straddles, as the sum of the atoms in it; sorted by level and code."""
    atoms = list(atoms)
    finest = max((len(area) for atom in atoms for area in atom.areas), default=0)
    inside: dict[str, list[Atom]] = {}
    straddled: set[str] = set()
    for atom in atoms:
        for digits in (d for d in DIGITS.values() if d <= finest):
            touched = {area[:digits] for area in atom.areas}
            if len(touched) > 1 or (atom.is_pool and digits > len(atom.inside)):
                straddled |= touched
            else:
                inside.setdefault(touched.pop(), []).append(atom)
    rows = [_sum(area, of) for area, of in inside.items() if area not in straddled]
    return sorted(rows, key=lambda row: (len(row.area), row.area))


def _sum(area: str, atoms: list[Atom]) -> Shown:
    return Shown(area, added(atom.counts for atom in atoms), min(atom.released_on for atom in atoms))
