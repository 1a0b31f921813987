"""Landing zones at random, small and crowded: what arrives collides as often as it can."""

import random
from datetime import date, timedelta
from pathlib import Path

from tests.builders import (
    DAY,
    DESA,
    ENUMERATOR,
    NEIGHBOUR,
    OTHER_SUB_SLS,
    SUB_SLS,
    LandingZone,
    at,
    family,
    person_of,
)
from tests.warehouse.test_corrections import correction, decide

DAYS = ("2022-10-15", DAY, "2022-10-17", "2022-10-18")
FAR, NEW = "3573010002000100", f"{DESA}000300"


def landing_at_random(root: Path, seed: int) -> LandingZone:
    """Four days of revisions, rivals, withdrawals, mangled places, corrections, late bundles and a new frame."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    zone = LandingZone(root / "landing", sub_sls={SUB_SLS: 60, OTHER_SUB_SLS: 40, FAR: 10})
    ends = chance.choice(["", DAYS[0], DAYS[1]])
    zone.with_frame(assignments=assigned((SUB_SLS, ENUMERATOR, DAYS[0], ends), (OTHER_SUB_SLS, NEIGHBOUR, DAYS[0], "")))
    sent: list[dict[str, str]] = []
    for number, day in enumerate(DAYS):
        for sequence, enumerator in enumerate(chance.choices((ENUMERATOR, NEIGHBOUR), k=chance.randint(1, 3)), start=1):
            documents = [document_at_random(chance, number) for _ in range(chance.randint(1, 6))]
            people = [person_of(d) for d in documents if d["r205"] in ("1", "2")]
            zone.send(documents, people, day=chance.choice(DAYS[: number + 1]), arrival=day, enumerator=enumerator,
                      sequence=10 * number + sequence)  # fmt: skip
            sent += documents
        if number:
            decide(zone, corrections_at_random(chance, sent, day), day)
    if chance.random() < 0.7:
        zone.sub_sls = {SUB_SLS: 55, NEW: 25, FAR: chance.choice([10, 12])}
        moved = assigned((SUB_SLS, NEIGHBOUR, DAYS[1], ""), (NEW, ENUMERATOR, DAYS[0], ""))
        zone.with_frame(chance.choice(DAYS[1:]), assignments=moved)
    return zone


def assigned(*lines: tuple[str, str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("idsubsls", "enumerator_id", "valid_from", "valid_to"), line, strict=True)) for line in lines]


def document_at_random(chance: random.Random, day: int) -> dict[str, str]:
    visited = date.fromisoformat(DAYS[day]) + timedelta(days=chance.choice([-3, -1, -1, 0, 0, 0, 0, 1, 2]))
    mangled = {"r105": "1,20603E+15"} if chance.random() < 0.1 else {}
    ended = f"{visited}T{chance.randint(8, 10):02d}:30:00+07:00" if chance.random() < 0.9 else ""
    return family(
        chance.randint(1, 8), revision=str(chance.choice([1, 1, 2, 3])), is_deleted=str(int(chance.random() < 0.1)),
        r109=str(chance.randint(1, 3)), r110="1", r201=visited.isoformat() if chance.random() < 0.9 else "",
        r205=chance.choice(["1", "1", "1", "2", "3", "4", "5", ""]), ended_at=ended,
        **(at(chance.choice([SUB_SLS, SUB_SLS, OTHER_SUB_SLS, FAR, NEW])) | mangled),
    )  # fmt: skip


def corrections_at_random(chance: random.Random, sent: list[dict[str, str]], day: str) -> list[dict[str, str]]:
    """Corrections of what was sent, some of them decided on an answer that an earlier one may have changed."""
    news = {
        "r105": ["000100", "000200", "000300"], "r109": ["1", "2", "3"], "r201": [*DAYS, ""],
        "r205": ["1", "2", "3", "4"], "ended_at": [f"{DAY}T12:00:00+07:00", ""],
    }  # fmt: skip
    lines = []
    for document in chance.choices(sent, k=chance.randint(0, 3)):
        variable = chance.choice(list(news))
        old = document[variable] if chance.random() < 0.7 else chance.choice(news[variable])
        number = int(document["submission_id"][-12:])
        decided = f"{day}T{chance.randint(8, 16):02d}:00:00+07:00"
        lines.append(correction(number, variable, old, chance.choice(news[variable]), revision=document["revision"],
                                decided_at=decided))  # fmt: skip
    return lines
