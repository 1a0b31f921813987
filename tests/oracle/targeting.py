"""Who is listed, who is eligible, and the two lists of those who are one but not the other (docs/targeting.md)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.oracle.documents import Document
from tests.oracle.identity import is_usable_kk, is_usable_nik
from tests.oracle.landing import Row, in_force, seed, snapshot, snapshot_day, whole

Told = dict[str, Any]
SELF_REPORTED = {"SEMBAKO": "r501a", "PKH": "r501b", "BLT_DD": "r501c"}
JUDGED = ("is_eligible", "is_served", "ineligible_reason", "has_usable_number")
FAULTS = ("usable", "unknown_programme", "no_number", "unusable_number")
DIFFICULTIES = [f"r428{x}" for x in "abcdefghij"]


@dataclass
class Recipients:
    """The list that counts: NIK and KK numbers by programme, and its lines by fault."""

    day: date | None
    nik: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kk: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Family:
    """A family of the welfare mart with its document and what the frame says of its sub-SLS."""

    told: Told
    document: Document
    urban_rural: int | None

    @property
    def nik(self) -> list[str]:
        """Usable NIK of its residents, one each."""
        return [person["r403"] for person in self.document.residents if is_usable_nik(person["r403"])]

    @property
    def kk(self) -> str | None:
        """Its KK number, if usable."""
        return self.document.answers["r114"] if is_usable_kk(self.document.answers["r114"]) else None

    def is_served(self, programme: str, listed: Recipients) -> bool:
        """A number of its stands on the list under the programme."""
        return self.kk in listed.kk[programme] or any(nik in listed.nik[programme] for nik in self.nik)


def read_recipients(landing: Path, as_of: date) -> Recipients:
    """The newest list, its lines judged."""
    programmes = {rule["programme"] for rule in rules(as_of)}
    listed = Recipients(snapshot_day(landing, "programmes", as_of))
    for line in snapshot(landing, "programmes", "recipients", as_of):
        programme, nik, kk = line["programme"].strip().upper(), line["nik"].strip(), line["no_kk"].strip()
        known = programme if programme in programmes else "UNKNOWN"
        fault = "unusable_number"
        if known == "UNKNOWN":
            fault = "unknown_programme"
        elif not nik and not kk:
            fault = "no_number"
        elif is_usable_nik(nik) or is_usable_kk(kk):
            fault = "usable"
        listed.lines[known, fault] += 1
        listed.nik[programme].add(nik)
        listed.kk[programme].add(kk)
    return listed


def programme_list(listed: Recipients, as_of: date) -> list[Told]:
    """One row per programme, and one for lines of none."""
    return [
        {"programme": one, "listed_lines": sum(n for (p, _), n in listed.lines.items() if p == one),
         **{f"{fault}_lines": listed.lines[one, fault] for fault in FAULTS},
         "recipients_day": listed.day, "as_of": as_of}
        for one in sorted({programme for programme, _ in listed.lines})
    ]  # fmt: skip


def rules(as_of: date) -> list[Row]:
    """Eligibility rules in force."""
    return in_force(seed("targeting/programme_eligibility.csv"), as_of)


def families_of(landing: Path, documents: list[Document], welfare: list[Told], as_of: date) -> list[Family]:
    """Every family of the welfare mart with what targeting asks of it."""
    urban_rural = {row["idsubsls"]: whole(row["urban_rural"]) for row in snapshot(landing, "frame", "sub_sls", as_of)}
    standing = {document.key: document for document in documents if document.is_winner}
    return [
        Family(told, standing[told["idsubsls"], told["building_number"], told["family_number"]],
               urban_rural.get(told["idsubsls"]))
        for told in welfare
    ]  # fmt: skip


def counts_for(person: Row, component: str) -> bool:
    """Whether a resident is one for whom the programme is."""
    age, level = whole(person["r407"]), whole(person["r413"])
    attends = age in range(6, 22) and whole(person["r412"]) == 2
    if component == "any":
        return True
    if component == "pupil":
        return attends
    return (
        whole(person["r410"]) == 1
        or age in range(7)
        or (attends and level in range(1, 18))
        or age in range(60, 99)
        or any(whole(person[answer]) == 1 for answer in DIFFICULTIES[:-1])
    )


def lacking(family: Family, rule: Row, listed: Recipients) -> str | None:
    """Why a family is not in need; None where it is."""
    if not any(counts_for(person, rule["component"]) for person in family.document.residents):
        return "no_component"
    if rule["area_rule"] == "rural" and family.urban_rural != 2:
        return "not_rural"
    if rule["excluded_by"] and family.is_served(rule["excluded_by"], listed):
        return "excluded_programme"
    return None


def programme_family(families: list[Family], listed: Recipients, as_of: date) -> list[Told]:
    """One row per family and programme where the family is eligible under its own rule or served."""
    rows = []
    for rule in rules(as_of):
        for family in families:
            row = _programme_row(family, rule, listed)
            if row["is_eligible"] or row["is_served"]:
                rows.append(row | {"recipients_day": listed.day, "as_of": as_of})
    return rows


def _programme_row(family: Family, rule: Row, listed: Recipients) -> Told:
    programme, decile = rule["programme"], family.told["decile_family_province"]
    reason = lacking(family, rule, listed)
    if decile is None:
        reason = "no_residents"
    elif decile > int(rule["max_decile"]):
        reason = "above_cut_off"
    kept = ("idsubsls", "building_number", "family_number", "document_id", "kab_code", "bps_desa_code",
            "decile_family_province", "decile_consulted_province", "pmt_score", "model_version")  # fmt: skip
    return {
        **{column: family.told[column] for column in kept},
        "programme": programme,
        "unit": rule["unit"],
        "max_decile": int(rule["max_decile"]),
        "is_eligible": reason is None,
        "is_served": family.is_served(programme, listed),
        "ineligible_reason": reason,
        "members_eligible": sum(counts_for(person, rule["component"]) for person in family.document.residents),
        "members_listed": sum(nik in listed.nik[programme] for nik in family.nik),
        "is_kk_listed": family.kk in listed.kk[programme],
        "is_self_reported": _is_self_reported(family.document, programme),
        "has_usable_number": bool(family.nik or family.kk),
    }


def _is_self_reported(document: Document, programme: str) -> bool:
    if programme in SELF_REPORTED:
        return whole(document.answers[SELF_REPORTED[programme]]) == 1
    if programme == "PIP":
        return any(whole(person["r431e"]) == 1 for person in document.residents)
    cards = [whole(person["r431a"]) or 0 for person in document.residents]
    return any(card != 99 and card & 1 for card in cards)


def eligible_unserved(rows: list[Told]) -> list[Told]:
    """The eligible whom the list does not have."""
    kept = [row for row in rows if row["is_eligible"] and not row["is_served"]]
    told = [row | {"reason": "not_listed" if row["has_usable_number"] else "no_number"} for row in kept]
    return [without(row, *JUDGED, "members_listed", "is_kk_listed") for row in told]


def ineligible_served(rows: list[Told]) -> list[Told]:
    """Those on the list who are not eligible."""
    kept = [row for row in rows if row["is_served"] and not row["is_eligible"]]
    return [without(row | {"reason": row["ineligible_reason"]}, *JUDGED) for row in kept]


def without(row: Told, *columns: str) -> Told:
    """A row that leaves out what its list says by being that list."""
    return {column: value for column, value in row.items() if column not in columns}
