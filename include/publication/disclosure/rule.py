"""How small a count, or a change of one, may be for readers to learn it (docs/adr/0014)."""

from collections.abc import Mapping
from dataclasses import dataclass

from include.publication.disclosure.atoms import Atom, Counts, added, parts_of


@dataclass(frozen=True)
class Rule:
    """Counts and changes below ``smallest`` families give somebody away."""

    smallest: int = 5

    def shows(self, counts: Counts) -> bool:
        """Say whether a row may be seen: a cell of none tells as much as one of few."""
        return min(counts, default=0) >= self.smallest

    def pools(self, areas: tuple[str, ...], counts: Mapping[str, Counts]) -> bool:
        """Say whether what areas have together may be worked out: of several, and not of one great one and a trifle."""
        parts = parts_of(areas, counts)
        sizes = [sum(part) for part in parts]
        return len(areas) > 1 and sum(sizes) - max(sizes) >= self.smallest and self.shows(added(parts))

    def moves(self, before: Counts, after: Counts) -> bool:
        """Say whether a change may be seen: of each cell none, or one of enough families."""
        return all(abs(a - b) >= self.smallest or a == b for a, b in zip(after, before, strict=True))

    def hides(self, pool: Atom, now: tuple[Counts, ...]) -> bool:
        """Say whether the areas of a pool that changed hide each other, as they were and as they are.

        Who knows which areas had news, from the totals of all families, takes the others off; and an area's first
        families are no change to him, but a count.
        """
        changed = [(old, new) for old, new in zip(pool.parts, now, strict=True) if old != new]
        first = [new for old, new in changed if not any(old)]
        others = [(old, new) for old, new in changed if any(old)]
        were, are = (added(pair[then] for pair in others) for then in (0, 1))
        hidden = bool(others) and self.shows(were) and self.shows(are) and self.moves(were, are)
        return hidden and (not first or self.shows(added(first)))
