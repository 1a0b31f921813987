"""What only the province as a whole shows: one number or photo in two documents, and a day with too many visits."""

import numpy as np
import polars as pl

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.draws import Ints
from include.simulation.opaque_ids import uuids
from include.simulation.planting import is_code
from include.simulation.rule_oracle_across import MOST_VISITS_OF_A_DAY
from include.simulation.soft_flags import DOCUMENTS_OF_A_REGENCY
from include.simulation.unlikely_answers import RATE
from include.simulation.workbench import Workbench

_SAME_NIK_RATE = 726 / DOCUMENTS_OF_A_REGENCY
_FIRST_INVENTED_NUMBER = 900


def inject_shared_things(bench: Workbench) -> None:
    """Lend a NIK, a KK number and a photo to another document; fill a day with families nobody visited."""
    resident_with_nik = pl.col("r403").is_not_null() & is_code("r404", 1, 5)
    _lend(bench, "nik_of_another_person", "N06", "r403", resident_with_nik, _SAME_NIK_RATE)
    _lend(bench, "kk_of_another_family", "C08", "r114", pl.col("r114").is_not_null() & is_code("r115", 0), RATE)
    _lend(bench, "photo_of_another_dwelling", "C10", "photo_sha256", pl.col("photo_sha256").is_not_null(), RATE)
    _fill_a_day(bench)


def _lend(bench: Workbench, kind: str, rule: str, column: str, eligible: pl.Expr, rate: float) -> None:
    """Write the column of one document's row into the row of another."""
    member = PERSON_MEMBER if column == "r403" else FAMILY_MEMBER
    pick = bench.pick_persons if member == PERSON_MEMBER else bench.pick_families
    pairs = _shuffled(bench, pick(kind, eligible, 2 * bench.share(kind, rate)))
    lent, borrowing = pairs[: len(pairs) // 2], pairs[len(pairs) // 2 : len(pairs) // 2 * 2]
    rows = bench.persons if member == PERSON_MEMBER else bench.families
    values = rows[column].gather(lent).to_list()
    for row, value in zip(borrowing.tolist(), values, strict=True):
        write = bench.set_persons if member == PERSON_MEMBER else bench.set_families
        write(np.array([row]), {column: value})
    note = bench.note_persons if member == PERSON_MEMBER else bench.note_families
    note(kind, borrowing, rule)


def _shuffled(bench: Workbench, rows: Ints) -> Ints:
    return rows[np.argsort(bench.draws.uniform("pairs", rows), kind="stable")]


def _fill_a_day(bench: Workbench) -> None:
    """Copies of a visit as if to other families: without numbers or photo, which would give them away at once."""
    kind, copies = "overfull_day", MOST_VISITS_OF_A_DAY + 1
    for row in bench.pick_families(kind, pl.col("r110").is_not_null(), bench.share(kind, 0.0)).tolist():
        bundle = np.full(copies, bench.family_bundle[row])
        persons = np.flatnonzero(bench.person_document == row)
        added = bench.add_families(bench.families[[row] * copies], bundle)
        for number, (document, identity) in enumerate(
            zip(added.tolist(), uuids(bench.draws, kind, added), strict=True)
        ):
            invented = str(_FIRST_INVENTED_NUMBER + number)
            cells = {"submission_id": identity, "r109": invented, "r110": invented, "r114": None, "r115": None}
            bench.set_families(np.array([document]), {**cells, "photo_sha256": None})
            count = len(persons)
            new = bench.add_persons(bench.persons[persons], bundle[:1].repeat(count), np.full(count, document))
            bench.set_persons(new, {"submission_id": identity, "r403": None})
        bench.note_families(kind, added, "C13")
