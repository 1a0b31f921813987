"""family_welfare and consultation_result as docs/family_welfare.md and docs/targeting.md define them."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.oracle.documents import Document
from tests.oracle.figures import quotient
from tests.oracle.landing import Row, snapshot, snapshot_day, whole
from tests.oracle.progress import expectations
from tests.oracle.scores import VERSION, Ranked, ranks, score_of, tie_break, values_of, weights

Key = tuple[str, int, int]
GROUP_OF_DECILE = {1: 1, 2: 2, 3: 3, 4: 3} | dict.fromkeys(range(5, 11), 4)


@dataclass(frozen=True)
class Consulted:
    """One line of the consultation that counts, and what becomes of it."""

    row_number: int
    line: Row
    key: Key | None
    status: str


def families(documents: list[Document]) -> dict[Key, Document]:
    """The families that are ranked: accepted documents whose visit reached the family."""
    return {document.key: document for document in documents if document.is_enumerated and not document.is_held}


def family_welfare(landing: Path, documents: list[Document], as_of: date) -> list[dict[str, Any]]:
    """One row per accepted, enumerated family."""
    ranked = _scored(families(documents))
    decided = {one.key: one.line for one in consultation(landing, documents, as_of) if one.status == "applied"}
    told = _ranks_of(ranked, decided, "province")
    for kab in {one.key[0][:4] for one in ranked}:
        for key, columns in _ranks_of([one for one in ranked if one.key[0][:4] == kab], decided, "kab").items():
            told[key] |= columns
    scores = {one.key: one for one in ranked}
    names = list(next(iter(told.values())))
    shared = {"consultation_day": snapshot_day(landing, "consultations", as_of), "model_version": VERSION,
              "as_of": as_of}  # fmt: skip
    areas = _area_columns(documents, expectations(landing, as_of))
    return [
        _family_columns(key, document, scores.get(key), decided.get(key))
        | told.get(key, dict.fromkeys(names))
        | areas[key[0][:4]]
        | shared
        for key, document in families(documents).items()
    ]


def _scored(those: dict[Key, Document]) -> list[Ranked]:
    """Families with residents, poorest first."""
    weighed = weights()
    found = []
    for key, document in those.items():
        if document.residents:
            score, missing = score_of(values_of(document.answers, document.residents), weighed)
            found.append(Ranked(key, len(document.residents), score, missing))
    return sorted(found, key=lambda one: (one.score, tie_break(one.key)))


def _ranks_of(poorest_first: list[Ranked], decided: dict[Key, Row], area: str) -> dict[Key, dict[str, Any]]:
    """Ranks before and after consultation, in the province or one kab/kota."""
    pure = ranks(poorest_first)
    before = {key: GROUP_OF_DECILE[decile] for key, (_, decile, _) in pure.items()}
    after = {key: int(decided[key]["group_after"]) if key in decided else group for key, group in before.items()}
    final = sorted(poorest_first, key=lambda one: after[one.key])  # stable: the PMT rank decides within a group
    consulted, places = ranks(final), {one.key: place for place, one in enumerate(final, start=1)}
    return {
        one.key: {
            f"percentile_{area}": pure[one.key][0],
            f"decile_family_{area}": pure[one.key][1],
            f"decile_person_{area}": pure[one.key][2],
            f"rank_pmt_{area}": rank,
            f"group_pmt_{area}": before[one.key],
            f"rank_consulted_{area}": places[one.key],
            f"percentile_consulted_{area}": consulted[one.key][0],
            f"decile_consulted_{area}": consulted[one.key][1],
        }
        for rank, one in enumerate(poorest_first, start=1)
    }


def _family_columns(key: Key, document: Document, scored: Ranked | None, decided: Row | None) -> dict[str, Any]:
    said = decided or {}
    return {
        "idsubsls": key[0],
        "building_number": key[1],
        "family_number": key[2],
        "document_id": document.document_id,
        "kab_code": key[0][:4],
        "bps_desa_code": key[0][:10],
        "resident_persons": len(document.residents),
        "pmt_score": scored and scored.score,
        "missing_inputs": scored and scored.missing,
        "unscored_reason": None if scored else "no_residents",
        "group_before_fkp": whole(said.get("group_before")),
        "group_after_fkp": whole(said.get("group_after")),
        "change_reason": said.get("reason"),
        "decided_by": said.get("decided_by"),
    }


def _area_columns(documents: list[Document], expected: dict[str, int]) -> dict[str, dict[str, Any]]:
    """By kab/kota: whether ranks are provisional there and in the province, and the share held by a rule."""
    winners = [document for document in documents if document.is_winner]
    all_of, held = (Counter(d.idsubsls[:4] for d in those) for those in (winners, [d for d in winners if d.is_held]))
    return {
        kab: {
            "is_provisional_kab": _is_provisional(kab, winners, expected),
            "is_provisional_province": _is_provisional("", winners, expected),
            "held_share": quotient(held[kab], all_of[kab], 6),
        }
        for kab in all_of
    }


def _is_provisional(area: str, winners: list[Document], expected: dict[str, int]) -> bool:
    families_expected = sum(n for sub_sls, n in expected.items() if sub_sls.startswith(area))
    enumerated = sum(d.is_enumerated for d in winners if d.idsubsls.startswith(area))
    return families_expected == 0 or enumerated * 100 < families_expected * 95


def consultation(landing: Path, documents: list[Document], as_of: date) -> list[Consulted]:
    """Each line of the newest consultation with the first status that applies."""
    lines = snapshot(landing, "consultations", "fkp", as_of)
    winners = {document.key: document for document in documents if document.is_winner}
    keys = [_key_of(line) for line in lines]
    readable = [None if _fault_of(line, key) else key for line, key in zip(lines, keys, strict=True)]
    told = []
    for number, (line, key) in enumerate(zip(lines, keys, strict=True), start=1):
        status = _fault_of(line, key) or _standing(winners, key, is_repeated=key in readable[number:])
        told.append(Consulted(number, line, key, status))
    return told


def consultation_result(landing: Path, documents: list[Document], as_of: date) -> list[dict[str, Any]]:
    """One row per line of the consultation that counts."""
    day = snapshot_day(landing, "consultations", as_of)
    texts = {"idsubsls": "idsubsls_text", "r109": "building_number_text", "r110": "family_number_text",
             "group_before": "group_before_text", "group_after": "group_after_text", "reason": "change_reason",
             "decided_by": "decided_by"}  # fmt: skip
    return [
        {"consultation_day": day, "row_number": one.row_number, "status": one.status, "as_of": as_of}
        | {column: one.line[written] or None for written, column in texts.items()}
        for one in consultation(landing, documents, as_of)
    ]


def _key_of(line: Row) -> Key | None:
    building, family = whole(line["r109"]), whole(line["r110"])
    if not re.fullmatch("[0-9]{16}", line["idsubsls"]) or not (building and family):
        return None
    return (line["idsubsls"], building, family) if max(building, family) <= 999 else None


def _fault_of(line: Row, key: Key | None) -> str | None:
    if key is None:
        return "bad_key"
    groups = {whole(line["group_before"]), whole(line["group_after"])}
    return None if groups <= {1, 2, 3, 4} else "bad_group"


def _standing(winners: dict[Key, Document], key: Key | None, *, is_repeated: bool) -> str:
    if is_repeated:
        return "repeated"
    winner = winners.get(key) if key else None
    if winner is None:
        return "unknown_family"
    is_ranked = winner.is_enumerated and not winner.is_held and bool(winner.residents)
    return "applied" if is_ranked else "not_ranked"
