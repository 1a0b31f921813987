"""What is released of counts by an attribute tells no small one, over area levels and nights; an attacker tries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.publication.attacker.attack import Finding, Snapshot, attack
from include.publication.attacker.knowing import attack_knowing
from include.publication.disclosure.atoms import Atom, Counts, Shown, shown, waiting
from include.publication.disclosure.release import release
from include.publication.disclosure.rule import Rule

KEC, OTHER_KEC = "3573010", "3573020"
DAYS = ("2022-10-15", "2022-10-16", "2022-10-17", "2022-10-18", "2022-10-19")
AREAS = [f"{kec}{n:03d}" for kec in (KEC, OTHER_KEC, "3507010", "3507020") for n in (1, 2, 3)]
Night = dict[str, Counts]


def snapshot(rows: list[Shown], outside: frozenset[str] = frozenset()) -> Snapshot:
    cells = {(row.area, str(n)): families for row in rows for n, families in enumerate(row.counts)}
    return Snapshot(cells, {row.area: sum(row.counts) for row in rows}, outside)


def alone(night: Night, before: list[Atom], day: str, rule: Rule) -> list[Atom]:
    """Release one attribute that shares no margin."""
    return release({"a": night}, {"a": before}, day, rule)["a"]


def released(nights: list[Night], rule: Rule) -> list[list[Atom]]:
    atoms: list[Atom] = []
    history = []
    for night, day in zip(nights, DAYS, strict=False):
        atoms = alone(night, atoms, day, rule)
        history.append(atoms)
    return history


def found(nights: list[Night], rule: Rule) -> list[Finding]:
    areas = {area for night in nights for area in night}
    return attack([snapshot(shown(atoms), frozenset(waiting(areas, atoms))) for atoms in released(nights, rule)], areas)


def areas_shown(atoms: list[Atom]) -> set[str]:
    return {row.area for row in shown(atoms)}


# The rule -----------------------------------------------------------------------------------------------------------


def test_a_small_cell_is_not_shown_and_a_neighbour_hides_it() -> None:
    night = {f"{KEC}001": (3, 20), f"{KEC}002": (6, 8), f"{KEC}003": (30, 40), f"{OTHER_KEC}001": (9, 9)}
    assert areas_shown(alone(night, [], DAYS[0], Rule())) == {
        "35", "3573", KEC, OTHER_KEC, f"{KEC}003", f"{OTHER_KEC}001"
    }  # fmt: skip


def test_none_is_a_small_count() -> None:
    night = {f"{KEC}001": (0, 20), f"{KEC}002": (6, 8), f"{KEC}003": (30, 40)}
    assert f"{KEC}001" not in areas_shown(alone(night, [], DAYS[0], Rule()))


def test_where_a_kecamatan_cannot_hide_its_own_another_is_withheld_with_it() -> None:
    night = {f"{KEC}001": (1, 20), f"{OTHER_KEC}001": (9, 9), "3573030001": (50, 50)}
    assert areas_shown(alone(night, [], DAYS[0], Rule())) == {"35", "3573", "3573030", "3573030001"}


def test_one_great_area_and_a_trifle_are_no_pool() -> None:
    night = {f"{KEC}001": (1, 1), f"{KEC}002": (90, 80), f"{KEC}003": (95, 99)}
    (pool,) = [atom for atom in alone(night, [], DAYS[0], Rule()) if atom.is_pool]
    assert len(pool.areas) == 3


def test_a_province_of_few_shows_nothing() -> None:
    assert alone({f"{KEC}001": (1, 3), f"{KEC}002": (2, 1)}, [], DAYS[0], Rule()) == []


def test_a_row_stays_with_its_day_until_every_cell_moved_by_enough() -> None:
    nights = [{f"{KEC}001": counts} for counts in ((10, 10), (13, 10), (15, 10), (16, 15), (15, 16))]
    history = [(atom.counts, atom.released_on) for (atom,) in released(nights, Rule())]
    assert history == [
        ((10, 10), DAYS[0]), ((10, 10), DAYS[0]), ((15, 10), DAYS[2]), ((15, 10), DAYS[2]), ((15, 16), DAYS[4])
    ]  # fmt: skip


def test_an_area_that_grew_is_shown_once_its_pool_may_move() -> None:
    first = {f"{KEC}001": (3, 20), f"{KEC}002": (9, 8)}
    early, grown = first | {f"{KEC}001": (5, 20)}, {f"{KEC}001": (9, 26), f"{KEC}002": (15, 14)}
    hidden = {"35", "3573", KEC}
    assert [areas_shown(atoms) for atoms in released([first, early, grown], Rule())] == [
        hidden, hidden, {*hidden, f"{KEC}001", f"{KEC}002"}
    ]  # fmt: skip


def test_the_worked_example_of_docs_disclosure_holds() -> None:
    desa, other = f"{KEC}001", f"{KEC}002"
    nights = [{desa: (3, 20), other: (9, 8)}, {desa: (5, 20), other: (9, 8)}, {desa: (9, 26), other: (9, 8)},
              {desa: (9, 26), other: (15, 14)}]  # fmt: skip
    told = [{row.area: (row.counts, row.released_on) for row in shown(atoms)} for atoms in released(nights, Rule())]
    first = ((12, 28), DAYS[0])
    assert [of[KEC] for of in told] == [first, first, first, ((24, 40), DAYS[3])]
    assert [desa in of and other in of for of in told] == [False, False, False, True]


@pytest.mark.parametrize("later", [(9, 26), (9, 20), (3, 30)])
def test_news_of_one_area_that_was_small_is_not_told(later: Counts) -> None:
    """Of an area without news, shown by itself, it would follow what the other was."""
    first = {f"{KEC}001": (3, 20), f"{KEC}002": (9, 8)}
    one, other = released([first, first | {f"{KEC}001": later}], Rule())
    assert one == other


def test_the_first_families_of_an_area_hide_among_others() -> None:
    first = {f"{KEC}001": (0, 0), f"{KEC}002": (9, 8), f"{KEC}003": (4, 8)}
    few, many, moved = ({f"{KEC}001": (5, 0)}, {f"{KEC}001": (5, 5)}, {f"{KEC}002": (14, 13)})
    for news in (many, few | moved):
        one, other = released([first, first | news], Rule())
        assert one == other
    _, told = released([first, first | many | moved], Rule())
    assert [row.counts for row in shown(told) if row.area == KEC] == [(23, 26)]


def test_a_row_around_a_rise_and_a_fall_that_nearly_cancel_waits() -> None:
    first = {f"{KEC}001": (20, 20), f"{KEC}002": (20, 20), f"{OTHER_KEC}001": (20, 20)}
    later = {f"{KEC}001": (26, 20), f"{KEC}002": (15, 20), f"{OTHER_KEC}001": (30, 30)}
    one, other = ({row.area: row.counts for row in shown(atoms)} for atoms in released([first, later], Rule()))
    assert other == one | {
        "35": (76, 70), "3573": (76, 70), KEC: (46, 40), OTHER_KEC: (30, 30), f"{KEC}001": (26, 20),
        f"{OTHER_KEC}001": (30, 30),
    }  # fmt: skip


def test_a_new_area_waits_until_it_can_be_shown() -> None:
    first = {f"{KEC}001": (3, 20), f"{KEC}002": (9, 8)}
    few, many = first | {f"{KEC}003": (1, 9)}, first | {f"{KEC}003": (5, 9)}
    history = released([first, few, many], Rule())
    assert [waiting(many, atoms) for atoms in history] == [{f"{KEC}003"}, {f"{KEC}003"}, set()]
    assert [row.counts for row in shown(history[1]) if row.area == KEC] == [(12, 28)]
    assert [row.counts for row in shown(history[2]) if row.area == KEC] == [(17, 37)]


# The attacker -------------------------------------------------------------------------------------------------------


def test_the_attacker_reads_what_nobody_hid() -> None:
    plain = snapshot([Shown(f"{KEC}001", (3, 20), DAYS[0])])
    assert Finding("count", frozenset({f"{KEC}001"}), "0", 3) in attack([plain], [f"{KEC}001", f"{KEC}002"])


def test_the_attacker_subtracts_children_from_their_parent() -> None:
    cells = {(KEC, "0"): 23, (f"{KEC}001", "0"): 20}
    (told,) = attack([Snapshot(cells)], [f"{KEC}001", f"{KEC}002"])
    assert told == Finding("count", frozenset({f"{KEC}002"}), "0", 3)


def test_the_attacker_subtracts_cells_from_their_row() -> None:
    cells = {(f"{KEC}001", "0"): 20, (f"{KEC}002", "0"): 9, (f"{KEC}002", "1"): 9}
    told = attack([Snapshot(cells, {f"{KEC}001": 22})], [f"{KEC}001", f"{KEC}002"])
    assert Finding("count", frozenset({f"{KEC}001"}), "1", 2) in told


def test_the_attacker_subtracts_over_levels_and_nights() -> None:
    areas = [f"{KEC}001", f"{KEC}002", f"{OTHER_KEC}001"]
    first = Snapshot({("3573", "0"): 60, (KEC, "0"): 40})
    split = Snapshot({("3573", "0"): 61, (f"{KEC}001", "0"): 20, (f"{KEC}002", "0"): 20, (f"{OTHER_KEC}001", "0"): 21})
    told = attack([first, split], areas)
    assert Finding("change", frozenset({f"{OTHER_KEC}001"}), "0", 1) in told


def test_the_attacker_sees_that_a_parent_is_fresher_than_its_children() -> None:
    cells = {(KEC, "0"): 41, (f"{KEC}001", "0"): 20, (f"{KEC}002", "0"): 20}
    assert attack([Snapshot(cells)], [f"{KEC}001", f"{KEC}002"]) == [Finding("change", frozenset(), "0", 1)]


# Rule against attacker ----------------------------------------------------------------------------------------------

cells = st.integers(0, 4) | st.integers(5, 30)
nights = st.lists(st.dictionaries(st.sampled_from(AREAS), st.tuples(cells, cells), min_size=1), min_size=1, max_size=5)
steps = st.lists(
    st.dictionaries(st.sampled_from(AREAS), st.tuples(st.integers(-2, 8), st.integers(-2, 8)), max_size=6),
    min_size=4, max_size=4,
)  # fmt: skip


def grown(first: Night, changes: list[Night]) -> list[Night]:
    history = [first]
    for change in changes:
        before = history[-1]
        moved = {
            a: tuple(max(0, n + m) for n, m in zip(before.get(a, (0, 0)), c, strict=True)) for a, c in change.items()
        }
        history.append(before | moved)
    return history


def found_by_who_knows_the_news(nights: list[Night], rule: Rule) -> list[Finding]:
    """What follows for one who knows of every area on which nights its counts changed."""
    times: dict[tuple[str, str], int] = {}
    for number, day in enumerate(DAYS[: len(nights)]):
        for area in nights[number]:
            counts = [night.get(area) for night in nights[: number + 1] if any(night.get(area, ()))]
            times[area, day] = sum(1 for one, other in pairwise([None, *counts]) if one != other)
    told = [
        (frozenset(atom.areas), atom.released_on, atom.counts) for atoms in released(nights, rule) for atom in atoms
    ]
    return attack_knowing(told, lambda area, day: times.get((area, day), 0))


@given(first=st.dictionaries(st.sampled_from(AREAS), st.tuples(cells, cells), min_size=1), changes=steps)
@settings(max_examples=60, deadline=None)
def test_an_attacker_finds_nothing_over_five_nights(first: Night, changes: list[Night]) -> None:
    assert found(grown(first, changes), Rule()) == []


few_areas = st.dictionaries(st.sampled_from(AREAS[:6]), st.tuples(cells, cells), min_size=4)


def some_change(least: int) -> st.SearchStrategy[list[Night]]:
    of_cell = st.integers(least, 12)
    return st.lists(
        st.dictionaries(st.sampled_from(AREAS[:6]), st.tuples(of_cell, of_cell), max_size=4), min_size=4, max_size=4
    )


@given(first=few_areas, changes=some_change(-4))
@settings(max_examples=50, deadline=None)
def test_nor_a_count_who_knows_where_there_was_news(first: Night, changes: list[Night]) -> None:
    told = found_by_who_knows_the_news(grown(first, changes), Rule())
    assert [finding for finding in told if finding.what == "count"] == []


@given(first=few_areas, changes=some_change(0))
@settings(max_examples=50, deadline=None)
def test_nor_a_change_where_nobody_goes(first: Night, changes: list[Night]) -> None:
    """Where some go, six who came and five who went look like one over two releases: that is no small change."""
    assert found_by_who_knows_the_news(grown(first, changes), Rule()) == []


@given(history=nights)
@settings(max_examples=40, deadline=None)
def test_nor_over_nights_that_have_nothing_to_do_with_each_other(history: list[Night]) -> None:
    assert found(history, Rule()) == []


@given(first=st.dictionaries(st.sampled_from(AREAS), st.tuples(cells, cells), min_size=1), changes=steps)
@settings(max_examples=30, deadline=None)
def test_the_same_release_again_changes_nothing(first: Night, changes: list[Night]) -> None:
    history = grown(first, changes)
    for night, atoms, day in zip(history, released(history, Rule()), DAYS, strict=True):
        assert alone(night, atoms, day, Rule()) == atoms


@dataclass(frozen=True)
class Lax(Rule):
    """The rule with one of its conditions left out."""

    without: str = ""

    def shows(self, counts: Counts) -> bool:
        return self.without == "shows" or super().shows(counts)

    def moves(self, before: Counts, after: Counts) -> bool:
        return self.without == "moves" or super().moves(before, after)

    def pools(self, areas: tuple[str, ...], counts: Night) -> bool:
        return self.without == "pools" or super().pools(areas, counts)

    def hides(self, pool: Atom, now: tuple[Counts, ...]) -> bool:
        return self.without == "hides" or super().hides(pool, now)


def test_who_knows_the_news_finds_what_a_pool_without_hiding_tells() -> None:
    first = {f"{KEC}001": (3, 20), f"{KEC}002": (9, 8)}
    nights = [first, first | {f"{KEC}001": (9, 26)}]
    was = Finding("count", frozenset({f"{KEC}001"}), "0", 3)
    assert was in found_by_who_knows_the_news(nights, Lax(without="hides"))
    assert found_by_who_knows_the_news(nights, Rule()) == []


SMALL = {f"{KEC}001": (3, 20), f"{KEC}002": (6, 8), f"{KEC}003": (30, 40)}


@pytest.mark.parametrize("without", ["shows", "moves", "pools"])
def test_an_attacker_finds_what_a_laxer_rule_tells(without: str) -> None:
    later = SMALL | {f"{KEC}003": (31, 40)}
    assert found([SMALL, later], Rule()) == []
    assert found([SMALL, later], Lax(without=without)) != []


def plainly(night: Night) -> Snapshot:
    """Every area of every level as it is: suppression switched off."""
    rows = {area[:digits] for area in night for digits in (2, 4, 7, 10)}
    sums = {code: [of for area, of in night.items() if area.startswith(code)] for code in rows}
    return snapshot([Shown(code, tuple(map(sum, zip(*of, strict=True))), DAYS[0]) for code, of in sums.items()])


def cell_by_cell(night: Night) -> Snapshot:
    """Small cells left out one by one, and nothing done about the margins."""
    whole = plainly(night)
    return Snapshot({key: n for key, n in whole.cells.items() if n >= 5}, whole.totals)


@pytest.mark.parametrize("publish", [plainly, cell_by_cell])
def test_an_attacker_finds_what_is_published_without_the_rule(publish: Callable[[Night], Snapshot]) -> None:
    told = attack([publish(SMALL)], SMALL)
    assert Finding("count", frozenset({f"{KEC}001"}), "0", 3) in told


# Attributes that share a margin --------------------------------------------------------------------------------------


def crossed(families: Mapping[str, Counts]) -> dict[str, Night]:
    """Families by eligible and served, four cells, and the decile of the same families: half of them eligible."""
    return {"reach": dict(families), "decile": {area: (n[0] + n[1], n[2] + n[3]) for area, n in families.items()}}


def margins_apart(history: list[dict[str, list[Atom]]]) -> list[int]:
    """By how few families the eligible of an area differ between the two attributes of one snapshot."""
    apart = []
    for told in history:
        reach, decile = ({row.area: row.counts for row in shown(told[name])} for name in ("reach", "decile"))
        for area in reach.keys() & decile.keys():
            apart.append(abs(reach[area][0] + reach[area][1] - decile[area][0]))
    return [families for families in apart if 0 < families < 5]


four = st.tuples(cells, cells, cells, cells)
kab_kota = st.dictionaries(st.sampled_from(["3573", "3507", "3508"]), four, min_size=2)
growth = st.lists(st.dictionaries(st.sampled_from(["3573", "3507", "3508"]), four), min_size=4, max_size=4)


def over_nights(first: Night, changes: list[Night], together: bool) -> list[dict[str, list[Atom]]]:
    told: dict[str, list[Atom]] = {}
    history = []
    for night, day in zip(grown_by(first, changes), DAYS, strict=True):
        tables = crossed(night)
        parts = [tables] if together else [{name: table} for name, table in tables.items()]
        told = {name: atoms for part in parts for name, atoms in release(part, told, day, Rule()).items()}
        history.append(told)
    return history


def grown_by(first: Night, changes: list[Night]) -> list[Night]:
    history = [first]
    for change in changes:
        before = history[-1]
        history.append(
            {area: tuple(map(sum, zip(n, change.get(area, (0,) * 4), strict=True))) for area, n in before.items()}
        )
    return history


@given(first=kab_kota, changes=growth)
@settings(max_examples=50, deadline=None)
def test_margins_of_attributes_released_together_never_differ_by_few(first: Night, changes: list[Night]) -> None:
    assert margins_apart(over_nights(first, changes, together=True)) == []


def test_margins_of_attributes_released_each_by_itself_do() -> None:
    first = {"3573": (20, 20, 20, 20), "3507": (20, 20, 20, 20)}
    changes = [{"3573": (6, -5, 0, 0)}, {}]
    assert margins_apart(over_nights(first, [*changes, {}, {}], together=False)) != []
    assert margins_apart(over_nights(first, [*changes, {}, {}], together=True)) == []


def test_attributes_move_together_or_not_at_all() -> None:
    first = {"3573": (20, 20, 20, 20), "3507": (20, 20, 20, 20)}
    stuck, free = over_nights(first, [{"3573": (9, 2, 9, 9), "3507": (9, 9, 9, 9)}, {}, {}, {}], together=True)[:2]
    days = {name: {row.area: row.released_on for row in shown(atoms)} for name, atoms in free.items()}
    assert days["decile"]["3573"] == days["reach"]["3573"] == DAYS[0]
    assert days["decile"]["3507"] == days["reach"]["3507"] == DAYS[1]
    assert shown(stuck["decile"])[0].counts == (80, 80)
