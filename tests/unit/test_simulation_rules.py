"""Simulated documents obey every hard rule, and the checker used here is able to see each one broken."""

import csv
import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import polars as pl
import pytest

from include.contract import FAMILY_COLUMNS, FAMILY_MEMBER, PERSON_COLUMNS, PERSON_MEMBER
from include.simulation import Plan, simulate

Row = dict[str, str]
Document = tuple[Row, list[Row]]

ASSETS = [f"r502{x}" for x in "abcdefghijklmn"]
PROGRAMMES = [f"r501{x}" for x in "abcdefg"]
BLOCKS_3_AND_5 = [c for c in FAMILY_COLUMNS if c.startswith(("r3", "r5"))]
RESIDENTS_ONLY = [
    c
    for c in PERSON_COLUMNS
    if c.startswith(("r405", "r406", "r407", "r408", "r409", "r410", "r412", "r413", "r414", "r415", "r416", "r417"))
    or c.startswith(("r418", "r419", "r42", "r431b", "r431c", "r431d", "r431e", "r431f"))
]
SCHOOL_TO_INTERNET = [c for c in PERSON_COLUMNS if "r412" <= c < "r427" and c.startswith("r4")]
BUSINESS = ["r421", "r422", "r423", "r424", "r425", "r426"]
FAMILY_CODES = {
    "r205": range(1, 6), "r301a": range(1, 6), "r301b": range(1, 7), "r303": range(1, 10), "r304": range(1, 8),
    "r305": range(1, 9), "r306a": range(1, 12), "r306b": (1, 2, 8), "r307a": range(1, 5), "r307b1": range(1, 6),
    "r307b2": range(1, 6), "r307b3": range(1, 6), "r308": range(12), "r309a": range(1, 7), "r309b": range(1, 5),
    "r310": range(1, 7),
}  # fmt: skip
PERSON_CODES = {
    "r404": range(1, 7), "r405": (1, 2), "r408": range(1, 5), "r409": range(1, 9), "r410": (1, 2), "r412": (1, 2, 3),
    "r413": range(1, 23), "r414": range(1, 9), "r415": range(1, 24), "r416a": (1, 2), "r417": range(1, 27),
    "r418": range(1, 9), "r419": (1, 2, 3), "r420a": (1, 2), "r421": range(1, 27), "r424": range(1, 13),
    "r425": range(1, 8), "r427": (1, 2, 3, 8), **{f"r428{x}": range(1, 5) for x in "abcdefghij"},
    "r429": (1, 2, 3), "r430": range(1, 19),
}  # fmt: skip


def code(row: Row, column: str) -> int | None:
    """The value as a number; None where missing."""
    return int(row[column]) if row[column] else None


def is_filled(row: Row, column: str) -> bool:
    return row[column] != ""


def outside(row: Row, lists: dict[str, range | tuple[int, ...]]) -> bool:
    return any(is_filled(row, c) and code(row, c) not in codes for c, codes in lists.items())


def family_breaches(family: Row, persons: list[Row]) -> set[str]:
    """Hard rules F01-F23 which the document breaks."""
    answered = family["r205"] in ("1", "2")
    needed = ["r106", "r108", *(["r110", "r111", "r112", *(["r115"] if family["r114"] else [])] if answered else [])]
    residents = [p for p in persons if p["r404"] in ("1", "5")]
    broken = {
        "F01": not all(family[f"r10{n}"].isdigit() for n in range(1, 6)) or not all(family[c] for c in needed),
        "F02": (family["r114"] != "" and not (family["r114"].isdigit() and len(family["r114"]) == 16))
        or outside(family, {"r111": (1, 2, 3), "r115": (0, 1, 2)})
        or (code(family, "r112") or 1) < 1,
        "F22": not answered and (bool(persons) or any(is_filled(family, c) for c in BLOCKS_3_AND_5)),
    }
    if answered:
        broken |= answered_breaches(family, residents)
    return {rule for rule, is_broken in broken.items() if is_broken}


def answered_breaches(family: Row, residents: list[Row]) -> dict[str, bool]:
    return {
        "F03": is_filled(family, "r301b") != (code(family, "r301a") == 1),
        "F04": not 1 <= (code(family, "r302") or 0) <= 997,
        "F05": is_filled(family, "r306b") != (code(family, "r306a") in range(4, 9)),
        "F06": is_filled(family, "r307b1") != (code(family, "r307a") == 1)
        or (not family["r307b1"] and bool(family["r307b2"] + family["r307b3"])),
        "F07": is_filled(family, "r309b") != (code(family, "r309a") in (1, 2, 3)),
        "F08": (code(family, "r502a") == 1) != (code(family, "r308") in (2, 3)),
        "F09": family["r307a"] == "4" and any(family[f"r502{x}"] == "1" for x in "bcdfh"),
        "F10": any(not receipt_fits(family, programme) for programme in PROGRAMMES),
        "F11": any(family[c] not in ("1", "2") for c in [*ASSETS, "r503a", "r503b", *PROGRAMMES])
        or any(not 0 <= int(family[f"r504{x}"]) <= 999 for x in "abcde")
        or code(family, "r505") not in range(4)
        or code(family, "r506") not in range(1, 5),
        "F20": len(residents) != code(family, "r112"),
        "F21": sum(p["r409"] == "1" for p in residents) != 1 or sum(p["r409"] == "2" for p in residents) > 1,
        "F23": outside(family, FAMILY_CODES),
    }


def receipt_fits(family: Row, programme: str) -> bool:
    month, year = code(family, f"{programme}_month"), code(family, f"{programme}_year")
    if family[programme] != "1":
        return month is None and year is None
    if month is not None and month not in [*range(1, 13), 98]:
        return False
    if year is not None and year not in (2021, 2022):
        return False
    return month in (None, 98) or year is None or (2021, 10) <= (year, month) <= (2022, 10)


def person_breaches(person: Row) -> set[str]:
    """Hard rules P01-P12 which the person breaks."""
    resident = person["r404"] in ("1", "5")
    nik = person["r403"]
    age = code(person, "r407") if is_filled(person, "r407") else None
    demography = ["r405", "r406d", "r406m", "r406y", "r407", "r408", "r409"]
    broken = {
        "P01": nik != "" and not (nik.isdigit() and len(nik) == 16),
        "P02": any(is_filled(person, c) != resident for c in demography)
        or (not resident and any(is_filled(person, c) for c in RESIDENTS_ONLY)),
        "P11": outside(person, {"r411": range(8), "r426": range(64), "r431a": (*range(16), 99)})
        or outside(person, {"r431f": (*range(32), 99)}),
        "P12": outside(person, PERSON_CODES),
    }
    if resident and age is not None:
        broken |= resident_breaches(person, age)
    return {rule for rule, is_broken in broken.items() if is_broken}


def resident_breaches(person: Row, age: int) -> dict[str, bool]:
    five = age >= 5
    fertile = person["r405"] == "2" and 10 <= age <= 54 and person["r408"] in ("2", "3", "4")
    letters = {x: 2 if x in "abcdef" else 5 for x in "abcdefghij"}
    hampered = any(person[f"r428{x}"] in ("1", "2") for x in letters)
    schooled = person["r412"] in ("2", "3")
    works, runs = person["r416a"] == "1", person["r420a"] == "1"
    return {
        "P03": is_filled(person, "r410") != fertile,
        "P04": (not five and any(is_filled(person, c) for c in SCHOOL_TO_INTERNET))
        or any(is_filled(person, c) != schooled for c in ("r413", "r414", "r415")),
        "P05": any(is_filled(person, c) != works for c in ("r416b", "r417", "r418", "r419")),
        "P06": any(is_filled(person, c) != runs for c in BUSINESS),
        "P07": is_filled(person, "r427") != (age < 5),
        "P08": any(is_filled(person, f"r428{x}") != (age >= from_age) for x, from_age in letters.items()),
        "P09": is_filled(person, "r429") != (age >= 60 or hampered),
        "P10": any(person[c] not in (("1", "2", "8") if five else ("",)) for c in ("r431b", "r431c", "r431d"))
        or is_filled(person, "r431e") != (5 <= age <= 30)
        or is_filled(person, "r431f") != (age >= 15),
    }


def breaches(document: Document) -> set[str]:
    family, persons = document
    return family_breaches(family, persons).union(*(person_breaches(p) for p in persons))


def soft_flags(document: Document) -> set[str]:
    """The flags of domain section 2.3 and the A-rules of 2.2, by the names that the simulator gives them."""
    family, persons = document
    if family["r205"] not in ("1", "2"):
        return set()
    poor = family["r111"] in ("1", "2")
    heads = [p for p in persons if p["r409"] == "1"]
    raised = {
        "programme_without_account": family["r506"] == "4" and any(family[c] == "1" for c in PROGRAMMES),
        "smartphone_without_internet": family["r502n"] == "1" and family["r505"] == "0",
        "strong_power_of_poor": poor and any((code(family, f"r307b{n}") or 0) > 2 for n in (1, 2, 3)),
        "lpg_without_cylinder": family["r308"] in ("2", "3") and family["r502a"] == "2",
        "water_heater_of_poor": poor and family["r502d"] == "1",
        "tiny_own_house": family["r301a"] == "1" and int(family["r302"]) < 6,
        "A01": poor and any(family[f"r502{x}"] == "1" for x in "khgm"),
        "A02": poor and any((code(p, "r415") or 0) >= 19 and p["r415"] != "23" for p in heads),
        "A03": poor and family["r303"] == "1",
        "A04": poor and any(p["r418"] == "5" for p in persons),
        "A05": poor and int(family["r302"]) > 100,
        "A06": poor and family["r307b1"] == "1" and family["r502c"] == "1",
    }
    flags = {flag for flag, is_raised in raised.items() if is_raised}
    return flags.union(*(person_flags(p) for p in persons))


def person_flags(person: Row) -> set[str]:
    status, sector = person["r418"], code(person, "r417")
    paid, unpaid = code(person, "r422") or 0, code(person, "r423") or 0
    raised = {
        "own_account_with_workers": status == "1" and paid + unpaid > 0,
        "paid_workers_without_communication": paid > 0 and (code(person, "r426") or 0) % 2 == 0,
        "civil_servant_without_pension": status == "5" and not (code(person, "r431f") or 0) & 8,
        "business_without_work": person["r420a"] == "1" and person["r416a"] == "2",
        "casual_status_in_other_sector": (status == "6" and (sector or 0) > 6) or (status == "7" and sector == 16),
        "young_child_self_care": is_filled(person, "r428h") and int(person["r407"]) < 5,
        "many_workers_small_turnover": paid >= 10 and person["r425"] == "1",
    }
    return {flag for flag, is_raised in raised.items() if is_raised}


def in_final_codes(family: Row, persons: list[Row]) -> Document:
    """The draft recode of the contract."""
    presence, roof = {"4": "5", "5": "6"}, {"5": "6", "6": "5"}
    return {**family, "r305": roof.get(family["r305"], family["r305"])}, [
        {**p, "r404": presence.get(p["r404"], p["r404"])} for p in persons
    ]


def documents_in(bundle: Path) -> list[Document]:
    with zipfile.ZipFile(bundle) as archive:
        families, persons = (
            list(csv.DictReader(io.StringIO(archive.read(member).decode())))
            for member in (FAMILY_MEMBER, PERSON_MEMBER)
        )
        is_draft = b"K-2022-draft" in archive.read("manifest.json")
    found = []
    for family in families:
        version = (family["submission_id"], family["revision"])
        # A line number used twice is rejected, the first stands: rules judge what is loaded.
        lines = {p["r401"]: p for p in reversed(persons) if (p["submission_id"], p["revision"]) == version}
        mine = list(reversed(lines.values()))
        document = in_final_codes(family, mine) if is_draft else (family, mine)
        fuel = {"00": "0", "12": "0"}.get(family["r308"], family["r308"])
        document[0].update(r308=fuel, r306b="8" if family["r306b"] == "3" else family["r306b"])
        found.append(document)
    return found


def judged(out: Path, folder: str = "uploads") -> list[Document]:
    """Every document under the folder that rules judge: all but tombstones."""
    every = [d for bundle in sorted((out / folder).rglob("*.zip")) for d in documents_in(bundle)]
    return [d for d in every if d[0]["is_deleted"] == "0"]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sound") / "landing"
    simulate(Plan(out, enumerators=60, days=3, headquarters="frame"))
    return out


@pytest.fixture(scope="module")
def sound_documents(sound: Path) -> list[Document]:
    return judged(sound)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("damaged") / "landing"
    simulate(Plan(out, enumerators=60, days=3, headquarters="frame", defects=True))
    return out


@pytest.mark.parametrize("folder", ["uploads", "pes"])
def test_no_hard_rule_is_broken_without_defects(sound: Path, folder: str) -> None:
    documents = judged(sound, folder)
    broken = {rule: d[0]["submission_id"] for d in documents for rule in breaches(d)}
    assert len(documents) > 50
    assert broken == {}


def test_no_soft_flag_is_raised_without_defects(sound_documents: list[Document]) -> None:
    raised = {flag: d[0]["submission_id"] for d in sound_documents for flag in soft_flags(d)}
    assert raised == {}


def test_complete_documents_lack_no_required_answer(sound_documents: list[Document]) -> None:
    complete = [d for d in sound_documents if d[0]["r205"] == "1"]
    always = [c for c in FAMILY_CODES if c not in ("r301b", "r306b", "r307b1", "r307b2", "r307b3", "r309b", "r310")]
    residents = [p for _, persons in complete for p in persons if p["r404"] in ("1", "5")]
    assert all(is_filled(family, c) for family, _ in complete for c in [*always, "r302", "r505", "r506"])
    assert all(is_filled(p, c) for p in residents for c in ("r402", "r411", "r430", "r431a"))
    assert all(is_filled(p, "r412") for p in residents if int(p["r407"]) >= 5)


def a_person(**like: Callable[[str], bool]) -> Callable[[Document], Row | None]:
    """Finds a resident whose answers are so."""

    def find(document: Document) -> Row | None:
        fitting = (p for p in document[1] if all(fits(p[c]) for c, fits in like.items()) and p["r404"] in ("1", "5"))
        return next(fitting, None)

    return find


def a_family(**like: str) -> Callable[[Document], Row | None]:
    """Finds a family row whose answers are so."""
    return lambda document: document[0] if all(document[0][c] == value for c, value in like.items()) else None


def aged(low: int, high: int) -> Callable[[str], bool]:
    return lambda age: low <= int(age) <= high


PLANTED: list[tuple[str, Callable[[Document], Row | None], Row]] = [
    ("F01", a_family(r205="1"), {"r106": ""}),
    ("F01", a_family(r205="3"), {"r108": ""}),
    ("F02", a_family(r205="1"), {"r114": "357304010100901"}),
    ("F02", a_family(r205="1"), {"r111": "4"}),
    ("F03", a_family(r301a="1"), {"r301b": ""}),
    ("F04", a_family(r205="1"), {"r302": "998"}),
    ("F05", a_family(r306a="1"), {"r306b": "1"}),
    ("F06", a_family(r307a="1"), {"r307b1": ""}),
    ("F07", a_family(r309a="1"), {"r309b": ""}),
    ("F08", a_family(r308="4"), {"r502a": "1"}),
    ("F09", a_family(r502b="1"), {"r307a": "4"}),
    ("F10", a_family(r501a="2"), {"r501a_month": "5"}),
    ("F10", a_family(r501a="1"), {"r501a_month": "9", "r501a_year": "2021"}),
    ("F11", a_family(r205="1"), {"r505": "4"}),
    ("F20", a_family(r205="1"), {"r112": "15"}),
    ("F21", a_person(r409=lambda v: v == "1"), {"r409": "8"}),
    ("F21", a_person(r409=lambda v: v == "3"), {"r409": "1"}),
    ("F22", a_family(r205="5"), {"r303": "1"}),
    ("F23", a_family(r205="1"), {"r303": "10"}),
    ("P01", a_person(), {"r403": "357304010100901"}),
    ("P02", a_person(), {"r405": ""}),
    ("P02", a_person(), {"r404": "3"}),
    ("P03", a_person(r405=lambda v: v == "1"), {"r410": "2"}),
    ("P04", a_person(r407=aged(0, 4)), {"r412": "1"}),
    ("P04", a_person(r412=lambda v: v == "3"), {"r415": ""}),
    ("P05", a_person(r416a=lambda v: v == "1"), {"r417": ""}),
    ("P06", a_person(r420a=lambda v: v == "1"), {"r424": ""}),
    ("P07", a_person(r407=aged(0, 4)), {"r427": ""}),
    ("P08", a_person(r407=aged(2, 4)), {"r428g": "4"}),
    ("P09", a_person(r407=aged(60, 98)), {"r429": ""}),
    ("P10", a_person(r407=aged(5, 98)), {"r431c": "3"}),
    ("P10", a_person(r407=aged(31, 98)), {"r431e": "2"}),
    ("P11", a_person(), {"r431a": "16"}),
    ("P12", a_person(), {"r430": "19"}),
]


@pytest.mark.parametrize(("rule", "find", "change"), PLANTED)
def test_the_checker_sees_a_planted_breach(
    sound_documents: list[Document], rule: str, find: Callable[[Document], Row | None], change: Row
) -> None:
    document = deepcopy(next(d for d in sound_documents if find(d) is not None))
    row = find(document)
    assert row is not None
    row.update(change)
    assert rule in breaches(document)


def test_every_hard_rule_has_a_planted_breach() -> None:
    rules = {*(f"F{n:02d}" for n in [*range(1, 12), *range(20, 24)]), *(f"P{n:02d}" for n in range(1, 13))}
    assert {rule for rule, _, _ in PLANTED} == rules


def test_injected_defects_break_what_the_truth_says_and_nothing_else(damaged: Path) -> None:
    truth = pl.read_csv(damaged / "_truth" / "documents.csv", infer_schema=False)
    defects = pl.read_csv(damaged / "_truth" / "defects.csv", infer_schema=False)
    rules = defects.filter(pl.col("expected_reason_or_rule").str.contains("^[FP][0-9]{2}$"))
    rule_of = dict(rules.select("submission_id", "expected_reason_or_rule").iter_rows())
    files = {(path.parent.name, path.name): path for path in (damaged / "uploads").rglob("*.zip")}
    read = {key: documents_in(files[key]) for key in truth.select("arrival_day", "bundle_name").unique().rows()}
    wrong = []
    for name, day, row_number, identity, _, outcome, reason in truth.iter_rows():
        broken = breaches(read[day, name][int(row_number) - 1])
        if outcome == "accepted" and broken:
            wrong.append((identity, broken))
        if (outcome, reason) == ("held", "RULES") and rule_of[identity] not in broken:
            wrong.append((identity, rule_of[identity], broken))
    assert len(rule_of) >= 27
    assert wrong == []


def test_injected_soft_flags_are_seen(damaged: Path) -> None:
    defects = pl.read_csv(damaged / "_truth" / "defects.csv", infer_schema=False)
    every = _documents_by_row(damaged)
    told = [row for row in defects.iter_rows(named=True) if row["kind"] in SOFT_KINDS]
    unseen = [
        row["kind"]
        for row in told
        if row["kind"] not in soft_flags(every[row["arrival_day"], row["bundle_name"], row["submission_id"]])
    ]
    assert {row["kind"] for row in told} == SOFT_KINDS
    assert unseen == []


SOFT_KINDS = {
    "programme_without_account", "own_account_with_workers", "paid_workers_without_communication",
    "smartphone_without_internet", "strong_power_of_poor", "lpg_without_cylinder", "civil_servant_without_pension",
    "business_without_work", "casual_status_in_other_sector", "water_heater_of_poor", "tiny_own_house",
    "young_child_self_care", "many_workers_small_turnover",
}  # fmt: skip


def _documents_by_row(out: Path) -> dict[tuple[str, str, str], Document]:
    sound = pl.read_csv(out / "_truth" / "bundles.csv").filter(pl.col("expected_outcome") == "accepted")
    keys = sound.select("arrival_day", "bundle_name").rows()
    return {
        (day, name, document[0]["submission_id"]): document
        for day, name in keys
        for document in documents_in(out / "uploads" / day / name)
    }
