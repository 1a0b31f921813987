"""A stronger attacker: he also knows which areas had news between two releases, as the totals of all families tell.

An area without news had the same counts. So what was told of a region on one day holds on others for those of its areas
that had none since, and told regions can be taken off each other across nights until no more follows.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from include.publication.attacker.attack import Finding

# A region, the day its counts are of, and families by category.
Told = tuple[frozenset[str], str, tuple[int, ...]]
# Areas, each with how often it had had news by then.
Then = frozenset[tuple[str, int]]


def attack_knowing(told: Iterable[Told], news: Callable[[str, str], int], smallest: int = 5) -> list[Finding]:
    """Find every small count, of now or of then, and every small change, that follows.

    Args:
        told: every region that was ever told of, or could be worked out from the snapshot it stood in.
        news: how often an area had had news by a day: 0 for one without a family, which is no secret.
        smallest: families below which a count, or a change, gives somebody away.
    """
    known: dict[Then, tuple[int, ...]] = {}
    for region, day, counts in told:
        then = frozenset((area, n) for area in region if (n := news(area, day)))
        known[then] = counts
    known = _followed(known)
    return list(dict.fromkeys([*_small_counts(known, smallest), *_small_changes(known, smallest)]))


def _followed(known: dict[Then, tuple[int, ...]]) -> dict[Then, tuple[int, ...]]:
    new = known
    while new:
        pairs = ((one, other) for one in new for other in known)
        nested = [(max(pair, key=len), min(pair, key=len)) for pair in pairs if pair[0] < pair[1] or pair[1] < pair[0]]
        more = {whole - part: _less(known[whole], known[part]) for whole, part in nested}
        new = {then: counts for then, counts in more.items() if then not in known}
        known = known | new
    return known


def _small_counts(known: dict[Then, tuple[int, ...]], smallest: int) -> Iterator[Finding]:
    for then, counts in known.items():
        region = frozenset(area for area, _ in then)
        for category, families in enumerate(counts):
            if region and families < smallest:
                yield Finding("count", region, str(category), families)


def _small_changes(known: dict[Then, tuple[int, ...]], smallest: int) -> Iterator[Finding]:
    for one, other in combinations(known, 2):
        before, after = ({area for area, _ in then} for then in (one - other, other - one))
        for category, change in enumerate(_less(known[other], known[one])):
            if before and before == after and 0 < abs(change) < smallest:
                yield Finding("change", frozenset(before), str(category), change)


def _less(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(one, other, strict=True))
