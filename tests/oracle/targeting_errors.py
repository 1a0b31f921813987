"""programme_targeting_error as docs/targeting.md defines it, by programme, cut-off, area and group."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from tests.oracle.documents import Document
from tests.oracle.figures import quotient
from tests.oracle.interval import Judged, chance, error_columns, line_of
from tests.oracle.landing import Row, whole
from tests.oracle.scores import VERSION
from tests.oracle.targeting import DIFFICULTIES, Family, Recipients, Told, lacking, rules

PLAIN_CUT_OFFS = {f"poorest_{10 * d}": d for d in (1, 2, 3, 4)}
OWN_RULE = "own_rule"
AREAS = {"province": 2, "kab_kota": 4, "kecamatan": 7}


def errors(families: list[Family], documents: list[Document], listed: Recipients, as_of: date) -> list[Told]:
    """One row per programme, cut-off, area and group with a family."""
    held = _held_shares(documents)
    groups = {id(family): list(_groups_of(family)) for family in families}
    rows = []
    for rule in rules(as_of):
        for cut_off, decile in {OWN_RULE: int(rule["max_decile"]), **PLAIN_CUT_OFFS}.items():
            cells: dict[tuple[str, ...], list[Judged]] = defaultdict(list)
            judged = _judged(families, rule, listed, cut_off, decile)
            for family, judgement in zip(families, judged, strict=True):
                for level, digits in AREAS.items():
                    for group in groups[id(family)]:
                        cells[level, family.told["idsubsls"][:digits], *group].append(judgement)
            shared = {"programme": rule["programme"], "unit": rule["unit"], "cut_off": cut_off, "max_decile": decile,
                      "benchmark": "pmt_eligible", "model_version": VERSION, "recipients_day": listed.day,
                      "as_of": as_of}  # fmt: skip
            names = ("area_level", "area_code", "group_kind", "group_value")
            rows += [
                shared | dict(zip(names, cell, strict=True)) | error_columns(those) | held[cell[1]]
                for cell, those in cells.items()
            ]
    return rows


def _judged(families: list[Family], rule: Row, listed: Recipients, cut_off: str, decile: int) -> Iterator[Judged]:
    """Eligible, served, and the chance of being truly below the line in millionths, family by family."""
    scored = [
        (f.told["pmt_score"], f.told["decile_family_province"]) for f in families if f.told["decile_family_province"]
    ]
    line = line_of(scored, decile)
    for family in families:
        score, rank = family.told["pmt_score"], family.told["decile_family_province"]
        is_candidate = rank is not None and (cut_off != OWN_RULE or lacking(family, rule, listed) is None)
        is_eligible = is_candidate and rank <= decile
        p = chance(score, line) if is_candidate else 0
        yield is_eligible, family.is_served(rule["programme"], listed), p


def _groups_of(family: Family) -> Iterator[tuple[str, str]]:
    """A value of each kind of group."""
    heads = [person for person in family.document.residents if whole(person["r409"]) == 1]
    head = heads[0] if len(heads) == 1 else {}
    severe = any(whole(p[answer]) in (1, 2) for p in family.document.residents for answer in DIFFICULTIES)
    yield "all", "all"
    yield "head_sex", {1: "male", 2: "female"}.get(whole(head.get("r405")) or 0, "unknown")
    yield "head_age", _age_group(whole(head.get("r407")))
    yield "residence", {1: "urban", 2: "rural"}.get(family.urban_rural or 0, "unknown")
    yield "disability", "yes" if severe else "no"


def _age_group(age: int | None) -> str:
    groups = {"under_30": range(30), "30_to_44": range(30, 45), "45_to_59": range(45, 60), "60_and_over": range(60, 99)}
    return next((name for name, ages in groups.items() if age in ages), "unknown")


def _held_shares(documents: list[Document]) -> dict[str, Told]:
    """By area: winners held by a rule, winners, and their quotient."""
    winners: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for document in documents:
        for digits in AREAS.values() if document.is_winner else ():
            winners[document.idsubsls[:digits]] += 1
            held[document.idsubsls[:digits]] += document.is_held
    return {
        area: {"held_documents": held[area], "winning_documents": n, "held_share": quotient(held[area], n, 6)}
        for area, n in winners.items()
    }
