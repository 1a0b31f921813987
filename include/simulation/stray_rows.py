"""Rows that should not be there, or not as they are: documents and persons which the contract rejects or supersedes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from include.simulation.draws import Ints
from include.simulation.opaque_ids import uuids
from include.simulation.workbench import Workbench

_ANY = pl.lit(value=True)

# Kind, reason, share of the documents, and what is written into the family row.
_REJECTED: tuple[tuple[str, str, float, Mapping[str, str | None]], ...] = (
    ("area_code_as_float", "BAD_AREA_CODE", 0.001, {"r105": "1,20603E+15"}),
    ("area_code_without_zeros", "BAD_AREA_CODE", 0.0005, {"r105": "100"}),
    ("unknown_sub_sls", "UNKNOWN_SUB_SLS", 0.0005, {"r105": "988800"}),
    ("revision_zero", "BAD_ID", 0.0003, {"revision": "0"}),
    ("family_number_letters", "BAD_FAMILY_NUMBER", 0.0003, {"r110": "7A"}),
    ("family_number_missing", "BAD_FAMILY_NUMBER", 0.0003, {"r109": None}),
    ("family_number_too_large", "BAD_FAMILY_NUMBER", 0.0002, {"r110": "1000"}),
)
_NO_UUID_SHARE = 0.0003
_REPEATED_ROW_SHARE, _RESENT_SHARE, _CONFLICT_SHARE = 0.001, 0.001, 0.0007
_SAME_FAMILY_SHARE, _STRANGER_SHARE = 0.001, 0.0005
_ORPHAN_SHARE, _REPEATED_LINE_SHARE = 0.0007, 0.0007


def inject_stray_rows(bench: Workbench) -> None:
    """Damage identities and add rows that have no place."""
    for kind, reason, rate, cells in _REJECTED:
        rows = bench.pick_families(kind, _ANY, bench.share(kind, rate))
        bench.set_families(rows, cells)
        if "revision" in cells:
            bench.set_persons(_persons_of(bench, rows), {"revision": cells["revision"]})
        _reject(bench, kind, rows, reason)
    _inject_no_uuid(bench)
    _repeat_rows(bench)
    _resend(bench)
    _twin(bench, "same_family", _SAME_FAMILY_SHARE, stranger=False)
    _twin(bench, "same_family_by_stranger", _STRANGER_SHARE, stranger=True)
    _stray_persons(bench)


def _persons_of(bench: Workbench, documents: Ints) -> Ints:
    return np.flatnonzero(np.isin(bench.person_document, documents))


def _reject(bench: Workbench, kind: str, rows: Ints, reason: str) -> None:
    bench.rejected_reason.update(dict.fromkeys(rows.tolist(), reason))
    bench.note_families(kind, rows, reason)


def _inject_no_uuid(bench: Workbench) -> None:
    kind = "submission_id_no_uuid"
    rows = bench.pick_families(kind, _ANY, bench.share(kind, _NO_UUID_SHARE))
    for row in rows.tolist():
        cells = {"submission_id": f"DOKUMEN {row}"}
        bench.set_families(np.array([row]), cells)
        bench.set_persons(_persons_of(bench, np.array([row])), cells)
    _reject(bench, kind, rows, "BAD_ID")


def _repeat_rows(bench: Workbench) -> None:
    """The same row twice in a bundle: unchanged it is a duplicate, changed a conflict."""
    for kind, rate in (("repeated_document_row", _REPEATED_ROW_SHARE), ("conflicting_document_row", _CONFLICT_SHARE)):
        rows = bench.pick_families(kind, _ANY, bench.share(kind, rate))
        added = bench.add_families(bench.families[rows], bench.family_bundle[rows])
        if kind.startswith("conflicting"):
            bench.set_families(added, {"notes": "LUAS LANTAI DIUKUR ULANG", "r302": "47"})
        bench.note_families(kind, added, "CONFLICT" if kind.startswith("conflicting") else "")


def _next_bundle(bench: Workbench, rows: Ints) -> Ints:
    """The next bundle of the same enumerator and form; the document's own where there is none."""
    own = bench.family_bundle[rows]
    following = np.minimum(own + 1, len(bench.bundles.staff) - 1)
    return np.where(bench.bundles.staff[following] == bench.bundles.staff[own], following, own)


def _copy_persons(bench: Workbench, row: int, bundle: int, added: int, cells: Mapping[str, str | None]) -> None:
    persons = _persons_of(bench, np.array([row]))
    count = len(persons)
    new = bench.add_persons(bench.persons[persons], np.full(count, bundle), np.full(count, added))
    bench.set_persons(new, cells)


def _resend(bench: Workbench) -> None:
    """A document with its persons, unchanged, again in the enumerator's next bundle."""
    kind = "resent_document"
    rows = bench.pick_families(kind, _ANY, bench.share(kind, _RESENT_SHARE))
    target = _next_bundle(bench, rows)
    rows, target = (values[target != bench.family_bundle[rows]] for values in (rows, target))
    for row, bundle in zip(rows.tolist(), target.tolist(), strict=True):
        added = bench.add_families(bench.families[[row]], np.array([bundle]))
        _copy_persons(bench, row, bundle, int(added[0]), {})
        # Whichever of the two is judged first stands: the contract orders by arrival day, then by bundle hash.
        bench.note_families(kind, added, "")


def _twin(bench: Workbench, kind: str, rate: float, *, stranger: bool) -> None:
    """A second document about the same family, under another id, later by a quarter of an hour."""
    rows = bench.pick_families(kind, _ANY, bench.share(kind, rate))
    ids = uuids(bench.draws, kind, rows)
    for row, identity in zip(rows.tolist(), ids, strict=True):
        bundle = _strangers_bundle(bench, row) if stranger else int(_next_bundle(bench, np.array([row]))[0])
        added = bench.add_families(bench.families[[row]], np.array([bundle]))
        ended = datetime.fromisoformat(bench.families["ended_at"][row]) + timedelta(minutes=15)
        bench.set_families(added, {"submission_id": identity, "ended_at": ended.isoformat()})
        _copy_persons(bench, row, bundle, int(added[0]), {"submission_id": identity})
        # The assigned enumerator's document stands; between two of the same enumerator, the later one.
        bench.note_families(kind, added if stranger else np.array([row]), "SAME_FAMILY")


def _strangers_bundle(bench: Workbench, row: int) -> int:
    """A bundle of the final form, of the same arrival day if there is one, of somebody else."""
    own = int(bench.family_bundle[row])
    other = (bench.bundles.staff != bench.bundles.staff[own]) & ~bench.bundles.is_draft_form
    together = np.flatnonzero(other & (bench.bundles.day == bench.bundles.day[own]))
    return int(together[own % len(together)]) if len(together) else own


def _stray_persons(bench: Workbench) -> None:
    """A person without a document, and a line number used twice."""
    orphans = bench.pick_persons("orphan_person", pl.col("r409") != "1", bench.share("orphan_person", _ORPHAN_SHARE))
    added = bench.add_persons(bench.persons[orphans], bench.person_bundle[orphans], bench.person_document[orphans])
    ids = uuids(bench.draws, "orphan", added)
    for row, identity in zip(added.tolist(), ids, strict=True):
        bench.set_persons(np.array([row]), {"submission_id": identity})
    bench.note_persons("orphan_person", added, "ORPHAN_PERSON", "rejected")
    repeated = bench.pick_persons("repeated_line", _ANY, bench.share("repeated_line", _REPEATED_LINE_SHARE))
    added = bench.add_persons(bench.persons[repeated], bench.person_bundle[repeated], bench.person_document[repeated])
    bench.note_persons("repeated_line", added, "DUPLICATE_LINE", "rejected")
