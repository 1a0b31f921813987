"""The score of a family, and ranks, percentiles and deciles of scored families, as docs/family_welfare.md defines them.

In exact fractions: a sum of decimals has no rounding of its own.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.figures import rounded
from tests.oracle.landing import Row, seed, whole

VERSION = "alatas2012-central_java_33"

Values = dict[str, Fraction | int | None]

SCHOOL_STAGES = {2: range(1, 6), 3: range(6, 11), 4: range(11, 18), 5: range(18, 23)}
SECTORS = {1: range(1, 7), 2: range(7, 12), 3: range(12, 27)}
# Variable: column of keluarga.csv, codes that say yes, codes of the list.
FAMILY_CODES = {
    "tfloor": ("r303", {1, 2, 3, 4, 5, 6, 7, 9}, range(1, 10)),
    "twall": ("r304", {1}, range(1, 8)),
    "troof": ("r305", {1, 2}, range(1, 9)),
    "toilet": ("r309a", {1}, range(1, 7)),
    "water": ("r306a", {1, 2, 3, 4, 5, 7}, range(1, 12)),
    "lighting": ("r307a", {1, 2}, range(1, 5)),
    "fcook": ("r308", {10}, range(13)),  # 12 is written for 0 by some: nothing cooked at home
    "house": ("r301a", {1}, range(1, 6)),
    "ac": ("r502c", {1}, (1, 2)),
    "computer": ("r502h", {1}, (1, 2)),
    "refrigerator": ("r502b", {1}, (1, 2)),
    "bicycle": ("r502j", {1}, (1, 2)),
    "motorcycle": ("r502i", {1}, (1, 2)),
    "auto": ("r502k", {1}, (1, 2)),
    "hp": ("r502n", {1}, (1, 2)),
}


@dataclass(frozen=True)
class Weight:
    """One line of the seed."""

    coefficient: Fraction
    mean: Fraction
    treatment: str


@dataclass(frozen=True)
class Ranked:
    """What the mart should say of one family."""

    key: tuple[str, int, int]
    residents: int
    score: Fraction
    missing: int


def weights() -> dict[str, Weight]:
    """The seed's weights by variable."""
    return {
        line["variable"]: Weight(Fraction(line["coefficient"]), Fraction(line["mean_value"]), line["treatment"])
        for line in seed("targeting/pmt_weights.csv")
        if line["model_version"] == VERSION
    }


def coded(row: Row, column: str, yes: Iterable[int], codes: Iterable[int]) -> int | None:
    value = whole(row[column])
    return int(value in yes) if value in codes else None


def values_of(document: Row, residents: list[Row]) -> Values:
    area, gas, fuel = whole(document["r302"]), whole(document["r502a"]), whole(document["r308"])
    cattle, buffalo = whole(document["r504a"]), whole(document["r504b"])
    values: Values = {name: coded(document, *codes) for name, codes in FAMILY_CODES.items()}
    values["pcfloor"] = rounded(Fraction(area, len(residents)), 4) if area in range(1, 998) else None
    values["gas"] = either([
        gas == 1 if gas in (1, 2) else None,
        fuel in range(2, 7) if fuel in range(13) else None,
    ])  # fmt: skip
    values["cow"] = either([None if heads is None else heads > 0 for heads in (cattle, buffalo)])
    values |= of_everyone(residents)
    values |= of_the_head([one for one in residents if whole(one["r409"]) == 1])
    values["hhsize2"], age = len(residents) ** 2, values["hhage"]
    values["hhage2"] = None if age is None else age**2
    values["hhmalemarr"] = both([values["hhmale"], values["hhmarried"]])
    return values


def either(answers: list[int | None]) -> int | None:
    """One yes is a yes; a no needs every answer."""
    if any(answers):
        return 1
    return None if None in answers else 0


def both(answers: list[int | None]) -> int | None:
    if 0 in answers:
        return 0
    return None if None in answers else 1


def of_everyone(residents: list[Row]) -> Values:
    ages = [age_of(one) for one in residents]
    values: Values = {"hhsize": len(residents), "age04": None, "depratio": None}
    if None not in ages:
        working = sum(15 <= age <= 64 for age in ages)
        values["age04"] = sum(age <= 4 for age in ages)
        values["depratio"] = rounded(Fraction(len(ages) - working, max(working, 1)), 4)
    schools = [school_of(one) for one in residents]
    for name, stage in (("eschild", 2), ("jschild", 3), ("sschild", 4)):
        values[name] = None if None in schools else schools.count(stage)
    certificates = [certificate_of(one) for one in residents]
    highest = max((c for c in certificates if c is not None), default=0)
    known = highest >= 4 or None not in certificates
    for stage in (2, 3, 4):
        values[f"higheduc{stage}"] = int(min(highest, 4) == stage) if known else None
    values["credit"] = either([credit_of(one) for one in residents])
    return values


def of_the_head(heads: list[Row]) -> Values:
    names = ["hhage", "hhmale", "hhmarried", "formal", "informal"]
    names += [f"hheduc{stage}" for stage in (2, 3, 4)] + [f"hhsector{sector}" for sector in SECTORS]
    if len(heads) != 1:
        return dict.fromkeys(names)
    [head] = heads
    values: Values = {
        "hhage": age_of(head),
        "hhmale": coded(head, "r405", {1}, (1, 2)),
        "hhmarried": coded(head, "r408", {2}, range(1, 5)),
    }
    certificate, works = certificate_of(head), whole(head["r416a"])
    for stage in (2, 3, 4):
        values[f"hheduc{stage}"] = None if certificate is None else int(min(certificate, 4) == stage)
    status, sector = whole(head["r418"]), whole(head["r417"])
    for name, statuses in (("formal", {3, 4, 5}), ("informal", {1, 2, 6, 7, 8})):
        values[name] = works_as(works, status, statuses, range(1, 9))
    for number, sectors in SECTORS.items():
        values[f"hhsector{number}"] = works_as(works, sector, sectors, range(1, 27))
    return values


def works_as(works: int | None, code: int | None, yes: Iterable[int], codes: Iterable[int]) -> int | None:
    if works == 2:
        return 0
    return int(code in yes) if works == 1 and code in codes else None


def age_of(one: Row) -> int | None:
    age = whole(one["r407"])
    return age if age in range(99) else None


def stage_of(code: int | None) -> int | None:
    return next((stage for stage, codes in SCHOOL_STAGES.items() if code in codes), None)


def certificate_of(one: Row) -> int | None:
    """2 elementary to 5 beyond senior high; 1 none; None unknown."""
    code, age = whole(one["r415"]), whole(one["r407"])
    if stage_of(code):
        return stage_of(code)
    return 1 if code == 23 or whole(one["r412"]) == 1 or (age is not None and age < 5) else None


def school_of(one: Row) -> int | None:
    """2 elementary to 5 beyond senior high; 0 not at school; None unknown."""
    attends, age = whole(one["r412"]), whole(one["r407"])
    if attends == 2:
        return stage_of(whole(one["r413"]))
    return 0 if attends in (1, 3) or (age is not None and not 5 <= age <= 24) else None


def credit_of(one: Row) -> int | None:
    kur, umi, age = whole(one["r431c"]), whole(one["r431d"]), whole(one["r407"])
    if 1 in (kur, umi):
        return 1
    return 0 if (age is not None and age < 5) or (kur, umi) == (2, 2) else None


def score_of(values: Values, weights: dict[str, Weight]) -> tuple[Fraction, int]:
    total, missing = Fraction(0), 0
    for name, weight in weights.items():
        value = Fraction(1) if weight.treatment == "intercept" else values.get(name)
        missing += value is None and weight.treatment == "asked"
        total += weight.coefficient * (weight.mean if value is None else value)
    return rounded(total, 6), missing


def tie_break(key: Iterable[str | int]) -> str:
    return hashlib.md5("|".join([VERSION, *map(str, key)]).encode(), usedforsecurity=False).hexdigest()


def ranks(families: list[Ranked]) -> dict[tuple[str, int, int], tuple[Fraction, int, int]]:
    """Percentile, decile by family and decile by person of families that stand poorest first."""
    count, persons = len(families), sum(f.residents for f in families)
    sizes = [count // 10 + (decile <= count % 10) for decile in range(1, 11)]
    deciles = [decile for decile, size in enumerate(sizes, start=1) for _ in range(size)]
    found, before = {}, 0
    for place, (family, decile) in enumerate(zip(families, deciles, strict=True), start=1):
        middle = Fraction(2 * before + family.residents, 2 * persons)
        found[family.key] = (rounded(Fraction(place, count), 6), decile, (10 * middle).__floor__() + 1)
        before += family.residents
    return found
