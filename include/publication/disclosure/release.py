"""The release rule: which counts by an attribute may be seen tonight, given what was seen before (docs/adr/0014)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from include.publication.disclosure.atoms import DIGITS, Atom, Counts, total


@dataclass(frozen=True)
class Rule:
    """How small a count may be: ``smallest`` families, in a cell and in a change of one."""

    smallest: int = 5

    def shows(self, counts: Counts) -> bool:
        """Say whether a row may be seen: a cell of none tells as much as one of few."""
        return min(counts, default=0) >= self.smallest

    def pools(self, areas: tuple[str, ...], counts: Mapping[str, Counts]) -> bool:
        """Say whether what areas have together may be worked out: of several, and not of one great one and a trifle."""
        sizes = [sum(counts.get(area, ())) for area in areas]
        return len(areas) > 1 and sum(sizes) - max(sizes) >= self.smallest and self.shows(total(areas, counts))

    def moves(self, before: Counts, after: Counts) -> bool:
        """Say whether a change may be seen: of each cell none, or one of enough families."""
        return all(abs(a - b) >= self.smallest or a == b for a, b in zip(after, before, strict=True))


def release(counts: Mapping[str, Counts], before: list[Atom], day: str, rule: Rule) -> list[Atom]:
    """Judge what stood as last released, then what is new; the same again changes nothing.

    Args:
        counts: of tonight, of every area of the attribute's finest level.
        before: the atoms of the last release.
        day: the as-of day of tonight.
        rule: how small a count may be.
    """
    if not before:
        return sorted(_place(sorted(counts), "", counts, day, rule)[0], key=lambda atom: atom.areas)
    known = {area for atom in before for area in atom.areas}
    # An area of a later frame joins no pool: taken out of it again, it would tell what the others did meanwhile.
    new = [Atom((area,), area, counts[area], day) for area in set(counts) - known if rule.shows(counts[area])]
    stood = [piece for atom in before for piece in _anew(atom, counts, day, rule)]
    return sorted([*stood, *new], key=lambda atom: atom.areas)


def _anew(atom: Atom, counts: Mapping[str, Counts], day: str, rule: Rule) -> list[Atom]:
    """Release an atom anew, a pool in as many pieces as may be seen; else leave it as it was."""
    now = total(atom.areas, counts)
    is_fit = rule.pools(atom.areas, counts) if atom.is_pool else rule.shows(now)
    if not (is_fit and rule.moves(atom.counts, now)):
        return [atom]
    if not atom.is_pool:
        return [replace(atom, counts=now, released_on=day)]
    return _place(list(atom.areas), atom.inside, counts, day, rule)[0]


def _place(
    areas: list[str], inside: str, counts: Mapping[str, Counts], day: str, rule: Rule
) -> tuple[list[Atom], list[str]]:
    """Divide areas of one area into atoms that may be seen; where that cannot be, all are left over."""
    if not areas:
        return [], []
    if areas == [inside]:
        atom = Atom((inside,), inside, total(areas, counts), day)
        return ([atom], []) if rule.shows(atom.counts) else ([], areas)
    digits = min(d for d in (*DIGITS.values(), len(areas[0])) if d > len(inside))
    children = {code: list(of) for code, of in groupby(sorted(areas), key=lambda area: area[:digits])}
    placed = {code: _place(of, code, counts, day, rule) for code, of in children.items()}
    rest = [area for _, left in placed.values() for area in left]
    seen = {code: atoms for code, (atoms, _) in placed.items() if atoms}
    smallest_last = sorted(seen, key=lambda code: (-sum(total(children[code], counts)), code))
    while rest and smallest_last and not rule.pools(tuple(rest), counts):
        withheld = smallest_last.pop()
        rest += children[withheld]
        del seen[withheld]
    if rest and not rule.pools(tuple(rest), counts):
        return [], areas
    pool = [Atom(tuple(sorted(rest)), inside, total(rest, counts), day)] if rest else []
    return [*pool, *(atom for atoms in seen.values() for atom in atoms)], []
