"""The simulator's own reading of the contract's section 3, case by case."""

import polars as pl
import pytest

from include.simulation.fates import fates

A, B = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


def document(**changes: object) -> dict[str, object]:
    return {
        "arrival_day": "2022-10-16",
        "sha256": "00",
        "row_number": 1,
        "submission_id": A,
        "revision": 1,
        "is_deleted": False,
        "family_key": "k",
        "is_assigned": True,
        "ended_at": "2022-10-16T09:00:00+07:00",
        "content": 1,
        "rejected_reason": None,
        "breaks_rule": False,
        **changes,
    }


def fate_of(*documents: dict[str, object]) -> list[str]:
    """Outcome and reason of each document, in the order given (rows are numbered in that order)."""
    numbered = [{**one, "row_number": number} for number, one in enumerate(documents)]
    frame = pl.DataFrame(numbered, schema_overrides={"rejected_reason": pl.String})
    return fates(frame).sort("row_number")["fate"].to_list()


CASES = {
    "alone": ([document()], ["accepted"]),
    "breaks a rule": ([document(breaks_rule=True)], ["held:RULES"]),
    "rejected": ([document(rejected_reason="BAD_ID")], ["rejected:BAD_ID"]),
    "rejected supersedes nothing": (
        [document(), document(revision=2, rejected_reason="UNKNOWN_SUB_SLS")],
        ["accepted", "rejected:UNKNOWN_SUB_SLS"],
    ),
    "same again": ([document(), document()], ["accepted", "duplicate"]),
    "ids compare in lower case": ([document(), document(submission_id=A.upper())], ["accepted", "duplicate"]),
    "conflict": ([document(), document(content=2)], ["accepted", "held:CONFLICT"]),
    "conflict settled": (
        [document(), document(content=2), document(revision=2, content=3)],
        ["superseded:REVISION", "superseded:CONFLICT", "accepted"],
    ),
    "a third copy equal to the conflict is a duplicate": (
        [document(), document(content=2), document(content=2)],
        ["accepted", "held:CONFLICT", "duplicate"],
    ),
    "revised": ([document(), document(revision=2, content=2)], ["superseded:REVISION", "accepted"]),
    "withdrawn": (
        [document(), document(revision=2, is_deleted=True)],
        ["superseded:TOMBSTONE", "superseded:TOMBSTONE"],
    ),
    "revived": (
        [document(), document(revision=2, is_deleted=True), document(revision=3)],
        ["superseded:REVISION", "superseded:REVISION", "accepted"],
    ),
    "a tombstone below the standing revision does nothing": (
        [document(revision=3), document(revision=2, is_deleted=True)],
        ["accepted", "superseded:REVISION"],
    ),
    "two documents, the later ends": (
        [document(), document(submission_id=B, ended_at="2022-10-16T09:30:00+07:00")],
        ["superseded:SAME_FAMILY", "accepted"],
    ),
    "two documents, the assigned enumerator's stands": (
        [document(), document(submission_id=B, ended_at="2022-10-16T09:30:00+07:00", is_assigned=False)],
        ["accepted", "superseded:SAME_FAMILY"],
    ),
    "two documents at once, the larger id stands": (
        [document(), document(submission_id=B)],
        ["superseded:SAME_FAMILY", "accepted"],
    ),
    "a held winner beats a clean loser": (
        [document(), document(submission_id=B, breaks_rule=True)],
        ["superseded:SAME_FAMILY", "held:RULES"],
    ),
    "the loser comes back when the winner is withdrawn": (
        [document(), document(submission_id=B), document(submission_id=B, revision=2, is_deleted=True)],
        ["accepted", "superseded:TOMBSTONE", "superseded:TOMBSTONE"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_fate(case: str) -> None:
    documents, expected = CASES[case]
    assert fate_of(*documents) == expected


def test_documents_are_judged_by_arrival_day_then_bundle_hash() -> None:
    late, early = document(arrival_day="2022-10-17", content=2), document(sha256="ff")
    assert fate_of(late, early) == ["held:CONFLICT", "accepted"]
    assert fate_of(document(sha256="bb", content=2), document(sha256="aa")) == ["held:CONFLICT", "accepted"]
