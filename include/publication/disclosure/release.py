"""What may be seen tonight of attributes, given what was seen before (docs/adr/0014)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from include.publication.disclosure.atoms import DIGITS, Atom, Counts, added, parts_of, shown
from include.publication.disclosure.rule import Rule

Table = Mapping[str, Counts]


@dataclass(frozen=True)
class Move:
    """What a region of one attribute would be released as: ``after`` instead of ``before``."""

    attribute: str
    before: Atom | None
    after: tuple[Atom, ...]
    may_be_seen: bool

    @property
    def areas(self) -> tuple[str, ...]:
        """The finest areas it tells of."""
        return tuple(area for atom in self.after for area in atom.areas)

    @property
    def falls(self) -> bool:
        """Say whether some cell would be smaller than before."""
        now = added(atom.counts for atom in self.after)
        return self.before is not None and any(a < b for a, b in zip(now, self.before.counts, strict=True))


def release(
    tables: Mapping[str, Table], before: Mapping[str, list[Atom]], day: str, rule: Rule
) -> dict[str, list[Atom]]:
    """Judge attributes that share margins, and are therefore released together; the same again changes nothing.

    Args:
        tables: by attribute, the counts of tonight of every area of its finest level.
        before: by attribute, the atoms of the last release.
        day: the as-of day of tonight.
        rule: how small a count may be.
    """
    moves = {move for name, table in tables.items() for move in _moves(name, table, before.get(name, []), day, rule)}
    stood = {name: before.get(name, []) for name in tables}
    seen = {move for move in moves if move.may_be_seen}
    while True:
        seen = _together(moves, seen) if len(tables) > 1 else seen
        after = {name: _moved(atoms, [m for m in seen if m.attribute == name]) for name, atoms in stood.items()}
        telling = {move for name in tables for move in _telling(name, stood[name], after[name], seen, rule)}
        if not telling:
            return after
        seen -= telling


def _moves(name: str, table: Table, before: list[Atom], day: str, rule: Rule) -> list[Move]:
    """What would change: every region with news, areas of a later frame that fit by themselves, or the first release.

    An area of a later frame joins no pool: taken out of it again, it would tell what the others did meanwhile.
    """
    if not before:
        first = tuple(_place(sorted(table), "", table, day, rule)[0])
        return [Move(name, None, first, may_be_seen=True)] if first else []
    known = {area for atom in before for area in atom.areas}
    new = (Atom((area,), area, (table[area],), day) for area in sorted(set(table) - known) if rule.shows(table[area]))
    stood = (_anew(name, atom, table, day, rule) for atom in before if atom.parts != parts_of(atom.areas, table))
    return [*stood, *(Move(name, None, (atom,), may_be_seen=True) for atom in new)]


def _anew(name: str, atom: Atom, table: Table, day: str, rule: Rule) -> Move:
    """Release an atom anew, a pool in as many pieces as may be seen."""
    now = parts_of(atom.areas, table)
    anew = replace(atom, parts=now, released_on=day)
    if not atom.is_pool:
        return Move(name, atom, (anew,), rule.shows(anew.counts) and rule.moves(atom.counts, anew.counts))
    fits = rule.pools(atom.areas, table) and rule.moves(atom.counts, anew.counts) and rule.hides(atom, now)
    after = _place(list(atom.areas), atom.inside, table, day, rule)[0] if fits else [anew]
    return Move(name, atom, tuple(after), fits)


def _together(moves: set[Move], seen: set[Move]) -> set[Move]:
    """Of attributes that share margins, let those move that everything they overlap with moves along with.

    Else the margin of one, fresher than the same margin of another, would tell what changed between. What was never
    released is compared with nothing, and stops nobody.
    """
    while True:
        stopped = {area for move in moves - seen if move.before for area in move.areas}
        free = {move for move in seen if stopped.isdisjoint(move.areas)}
        if free == seen:
            return seen
        seen = free


def _moved(before: list[Atom], moves: Iterable[Move]) -> list[Atom]:
    moves = list(moves)
    gone = {move.before.areas for move in moves if move.before}
    stay = [atom for atom in before if atom.areas not in gone]
    return sorted([*stay, *(atom for move in moves for atom in move.after)], key=lambda atom: atom.areas)


def _telling(name: str, before: list[Atom], after: list[Atom], moves: set[Move], rule: Rule) -> list[Move]:
    """The moves that must not be made, as a row around them would change by few: rises and falls that nearly cancel.

    Without the falls it changes by nothing or by enough, as its moves do.
    """
    was = {row.area: row.counts for row in shown(before)}
    rows = [row for row in shown(after) if row.area in was and not rule.moves(was[row.area], row.counts)]
    held: list[Move] = []
    for row in rows:
        within = [m for m in moves if m.attribute == name and all(area.startswith(row.area) for area in m.areas)]
        held += [move for move in within if move.falls] or within
    return held


def _place(areas: list[str], inside: str, table: Table, day: str, rule: Rule) -> tuple[list[Atom], list[str]]:
    """Divide areas of one area into atoms that may be seen; where that cannot be, all are left over."""
    if not areas:
        return [], []
    if areas == [inside]:
        atom = Atom((inside,), inside, parts_of(areas, table), day)
        return ([atom], []) if rule.shows(atom.counts) else ([], areas)
    digits = min(d for d in (*DIGITS.values(), len(areas[0])) if d > len(inside))
    children = {code: list(of) for code, of in groupby(sorted(areas), key=lambda area: area[:digits])}
    placed = {code: _place(of, code, table, day, rule) for code, of in children.items()}
    rest = [area for _, left in placed.values() for area in left]
    seen = {code: atoms for code, (atoms, _) in placed.items() if atoms}
    smallest_last = sorted(seen, key=lambda code: (-sum(added(parts_of(children[code], table))), code))
    while rest and smallest_last and not rule.pools(tuple(rest), table):
        withheld = smallest_last.pop()
        rest += children[withheld]
        del seen[withheld]
    if rest and not rule.pools(tuple(rest), table):
        return [], areas
    pool = [Atom(tuple(sorted(rest)), inside, parts_of(sorted(rest), table), day)] if rest else []
    return [*pool, *(atom for atoms in seen.values() for atom in atoms)], []
