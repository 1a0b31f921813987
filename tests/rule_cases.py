"""Documents that break a rule of the catalogue and documents close by that do not, for the tests of every judge.

A case is a valid document with a few cells otherwise; what the judges make of it stands in the tests.
"""

import csv
from datetime import date
from pathlib import Path

from include.contract import FORM_VERSIONS
from include.simulation.reference_data import desas
from include.simulation.rule_reading import Document, read_document

Row = dict[str, str | None]

VECTORS = Path(__file__).parent / "unit" / "data" / "nik_test_vectors.csv"
FIELD_DAY, ARRIVAL_DAY = date(2022, 10, 16), date(2022, 10, 17)
FINAL, DRAFT = FORM_VERSIONS
DESA = desas().row(0, named=True)
CODE = DESA["bps_desa_code"]

FAMILY: Row = {
    "submission_id": "aaaaaaaa-0000-4000-8000-000000000001", "revision": "1", "is_deleted": "0",
    "r101": CODE[:2], "r102": CODE[2:4], "r103": CODE[4:7], "r104": CODE[7:], "r105": "000100",
    "r106": "RT 001", "r108": "SITI", "r109": "001", "r110": "001", "r111": "3", "r112": "1",
    "r114": "3501011501159601", "r115": "0", "r201": "2022-10-16", "r205": "1",
    "latitude": str(DESA["lat"]), "longitude": str(DESA["lon"]), "photo_sha256": "aa",
    "r301a": "2", "r302": "40", "r303": "6", "r304": "1", "r305": "2", "r306a": "1", "r307a": "2", "r308": "4",
    "r309a": "4", **{f"r501{x}": "2" for x in "abcdefg"}, **{f"r502{x}": "2" for x in "abcdefghijklmn"},
    "r503a": "2", "r503b": "2", **{f"r504{x}": "0" for x in "abcde"}, "r505": "1", "r506": "1",
}  # fmt: skip

HEAD: Row = {
    "r401": "1", "r402": "SITI", "r403": "3501015006809001", "r404": "1", "r405": "2",
    "r406d": "10", "r406m": "6", "r406y": "1980", "r407": "42", "r408": "2", "r409": "1", "r410": "2", "r411": "7",
    "r412": "3", "r413": "13", "r414": "8", "r415": "13", "r416a": "1", "r416b": "40", "r417": "07", "r418": "4",
    "r419": "2", "r420a": "2", **{f"r428{x}": "4" for x in "abcdefghij"}, "r430": "1",
    "r431a": "1", "r431b": "2", "r431c": "2", "r431d": "2", "r431f": "0",
}  # fmt: skip

CHILD: Row = {
    "r401": "2", "r402": "BUDI", "r404": "1", "r405": "1", "r406d": "10", "r406m": "6", "r406y": "2012", "r407": "10",
    "r408": "1", "r409": "3", "r411": "7", "r412": "2", "r413": "03", "r414": "4", "r415": "23", "r416a": "2",
    "r420a": "2", **{f"r428{x}": "4" for x in "abcdefghij"}, "r430": "1", "r431a": "1", "r431b": "2", "r431c": "2",
    "r431d": "2", "r431e": "2",
}  # fmt: skip

TODDLER: Row = {
    "r401": "2", "r402": "ANI", "r404": "1", "r405": "2", "r406d": "10", "r406m": "6", "r406y": "2019", "r407": "3",
    "r408": "1", "r409": "3", "r411": "7", "r427": "3", **{f"r428{x}": "4" for x in "abcdef"}, "r430": "1",
    "r431a": "1",
}  # fmt: skip

BUSINESS: Row = {"r420a": "1", "r421": "07", "r422": "0", "r423": "0", "r424": "12", "r425": "2", "r426": "1"}
UNREACHED: Row = {
    **dict.fromkeys(c for c in FAMILY if c.startswith(("r3", "r5"))), "r111": None, "r112": None, "r114": None,
    "r115": None, "r205": "4",
}  # fmt: skip


def cells_of(family: Row | None = None, persons: list[Row] | None = None) -> tuple[Row, list[Row]]:
    """The rows of a valid document of one head, or of these persons, with these cells otherwise."""
    rows = [HEAD] if persons is None else persons
    return {**FAMILY, "r112": str(len(rows)), **(family or {})}, rows


def document(family: Row | None = None, persons: list[Row] | None = None, form_version: str = FINAL) -> Document:
    """A valid document of one head, or of these persons, with these cells otherwise."""
    cells, rows = cells_of(family, persons)
    return read_document(cells, list(enumerate(rows, start=1)), form_version, FIELD_DAY, ARRIVAL_DAY)


def head(**cells: str | None) -> list[Row]:
    return [{**HEAD, **cells}]


def with_child(**cells: str | None) -> list[Row]:
    return [HEAD, {**CHILD, **cells}]


def with_toddler(**cells: str | None) -> list[Row]:
    return [HEAD, {**TODDLER, **cells}]


def gone(**cells: str | None) -> Row:
    return {"r401": "2", "r402": "AGUS", "r404": "3", **cells}


ELDER: Row = {"r406y": "1950", "r407": "72", "r403": None, "r410": None, "r429": "1"}
POOR: Row = {"r111": "2"}

# Rule -> documents (family cells, persons) that break it, and documents close by that do not.
Case = tuple[Row, list[Row] | None]
FAMILY_CASES: dict[str, tuple[list[Case], list[Case]]] = {
    "F01": (
        [({"r106": None}, None), ({**UNREACHED, "r108": None}, []), ({"r108": "\u00a0 "}, None),
         ({"r111": None}, None), ({"r112": ""}, None),
         ({"r115": None}, None)],
        [({"r114": None, "r115": None}, None), (UNREACHED, []), ({"r112": "x"}, None)],
    ),
    "F02": (
        [({"r111": "4"}, None), ({"r112": "0"}, None), ({"r112": "x"}, None), ({"r114": "350101"}, None),
         ({"r115": "3"}, None), ({**UNREACHED, "r111": "9"}, [])],
        [({"r111": "03"}, None), ({"r111": None}, None), ({"r114": None, "r115": None}, None)],
    ),
    "F03": (
        [({"r301b": "1"}, None), ({"r301a": "1"}, None), ({"r301a": None, "r301b": "1"}, None)],
        [({"r301a": "1", "r301b": "2"}, None), ({"r301a": None}, None)],
    ),
    "F04": ([({"r302": n}, None) for n in ("0", "998", "4O")], [({"r302": n}, None) for n in ("1", "997", None)]),
    "F05": ([({"r306a": "8"}, None), ({"r306b": "1"}, None)], [({"r306a": "4", "r306b": "8"}, None)]),
    "F06": (
        [({"r307a": "1"}, None), ({"r307b1": "1"}, None), ({"r307b2": "1"}, None)],
        [({"r307a": "1", "r307b1": "1", "r307b2": "2"}, None)],
    ),
    "F07": ([({"r309a": "3", "r310": "1"}, None), ({"r309b": "1"}, None)], [({"r309a": "3", "r309b": "1"}, None)]),
    "F07W": ([({"r309a": "3", "r309b": "1"}, None), ({"r310": "1"}, None)], [({"r309a": "3", "r310": "1"}, None)]),
    "F08": (
        [({"r502a": "1"}, None), ({"r308": "2"}, None), ({"r308": "12", "r502a": "1"}, None)],
        [({"r308": fuel, "r502a": cylinder}, None) for fuel, cylinder in (("3", "1"), (None, "1"), ("2", None))],
    ),
    "F09": (
        [({"r307a": "4", f"r502{x}": "1"}, None) for x in "bcdfh"],
        [({"r307a": "4", "r502e": "1"}, None), ({"r307a": "3", "r502b": "1"}, None)],
    ),
    "F10": (
        [({"r501a_month": "5"}, None), ({"r501a": None, "r501a_year": "2022"}, None),
         *(({"r501g": "1", "r501g_month": m, "r501g_year": y}, None)
           for m, y in (("9", "2021"), ("11", "2022"), ("13", "2022"), ("98", "2020"), ("x", None), ("0", None),
                        ("5", "999999999")))],
        [({"r501a": "1", "r501a_month": m, "r501a_year": y}, None)
         for m, y in ((None, None), ("10", "2021"), ("10", "2022"), ("98", "2021"), ("9", None), (None, "2022"))],
    ),
    "F11": (
        [({c: v}, None) for c, v in (("r501a", "3"), ("r502n", "0"), ("r503b", "3"), ("r504e", "1000"), ("r505", "4"),
                                     ("r506", "0"), ("r504a", "-1"))],
        [({c: v}, None) for c, v in (("r504e", "999"), ("r505", "0"), ("r506", "4"), ("r502a", None))],
    ),
    "F20": (
        [({"r112": "2"}, None), ({}, [HEAD, gone()])],
        [({"r112": "1"}, [HEAD, gone()]), ({"r112": "x"}, None), ({"r112": None}, None)],
    ),
    "F21": (
        [({}, head(r409="8")), ({}, [HEAD, {**HEAD, "r401": "2"}]), ({}, []),
         ({}, [HEAD, {**HEAD, "r401": "2", "r409": "2"}, {**HEAD, "r401": "3", "r409": "2"}])],
        [({}, with_child()), ({}, [HEAD, gone(r409="1")]), (UNREACHED, [])],
    ),
    "F22": (
        [(UNREACHED, [HEAD]), ({**UNREACHED, "r303": "1"}, []), ({**UNREACHED, "r501a_month": "1"}, [])],
        [(UNREACHED, []), ({}, None)],
    ),
    "F23": (
        [({c: v}, None) for c, v in (("r205", "6"), ("r205", "x"), ("r301a", "6"), ("r301b", "7"), ("r303", "0"),
                                     ("r304", "8"), ("r305", "9"), ("r306a", "12"), ("r306b", "4"), ("r307a", "5"),
                                     ("r307b3", "6"), ("r308", "13"), ("r309a", "7"), ("r309b", "5"), ("r310", "7"))],
        [({c: v}, None) for c, v in (("r306b", "3"), ("r308", "12"), ("r308", "012"), ("r308", "00"), ("r205", None),
                                     ("r303", "09"))],
    ),
    "F24": (
        [({c: None}, None) for c in ("r205", "r302", "r309a", "r501g", "r502n", "r503b", "r504e", "r505", "r506")],
        [(UNREACHED, []), ({"r310": None, "r301b": None}, None)],
    ),
    "F25": ([({"r114": None, "r115": None}, None)], [(UNREACHED, []), ({"r114": "1"}, None)]),
    "A01": (
        [({**POOR, f"r502{x}": "1"}, None) for x in "ghkm"], [({"r502k": "1"}, None), ({**POOR, "r502j": "1"}, None)],
    ),
    "A02": (
        [(POOR, head(r415=c)) for c in ("19", "22")],
        [({}, head(r415="19")), (POOR, head(r415="18")), (POOR, head(r415="23")), (POOR, head(r404="3", r415="19"))],
    ),
    "A03": ([({"r111": "1", "r303": "1"}, None)], [({"r303": "1"}, None), ({**POOR, "r303": "2"}, None)]),
    "A04": ([(POOR, head(r418="5"))], [({}, head(r418="5")), (POOR, head(r418="4")), (POOR, head(r404="4", r418="5"))]),
    "A05": ([({**POOR, "r302": "101"}, None)], [({**POOR, "r302": "100"}, None), ({"r302": "101"}, None)]),
    "A06": (
        [({**POOR, "r307a": "1", "r307b1": "1", "r502c": "1"}, None)],
        [({**POOR, "r307a": "1", "r307b1": "2", "r502c": "1"}, None), ({"r307b1": "1", "r502c": "1"}, None)],
    ),
    "C06": (
        [({"r501b": "1"}, None), ({"r501b": "1"}, [HEAD, gone(r407="3")])],
        [({"r501b": "1"}, rows) for rows in (head(r410="1"), head(r428j="2"), head(**ELDER), with_child(),
                                             with_toddler())],
    ),
    "C09": (
        [({"latitude": str(DESA["max_lat"] + 0.006)}, None), ({"longitude": str(DESA["min_lon"] - 0.006)}, None)],
        [({"latitude": str(DESA["max_lat"] + 0.004)}, None), ({"latitude": None, "longitude": "0"}, None),
         ({"latitude": "7° S"}, None), ({"latitude": "\u0663"}, None)],
    ),
    "C11": (
        [({"r201": day}, None) for day in ("2022-10-14", "2023-01-13")],
        [({"r201": day}, None) for day in ("2022-10-15", "2023-01-12", "16/10/2022", None)],
    ),
    "C12": ([({"r201": "2022-10-18"}, None)], [({"r201": "2022-10-17"}, None), ({"r201": "2022-10-32"}, None)]),
    "N03": (
        [({"r114": kk}, None) for kk in ("9" * 16, "1" * 16, "99990101011" + "59601", "1234567890" + "123456",
                                         "3501011501150000")],
        [({"r114": kk}, None) for kk in ("3501011501159601", "111", None)],
    ),
    "R01": ([({"r506": "4", "r501g": "1"}, None)], [({"r506": "4"}, None), ({"r501a": "1"}, None)]),
    "R04": ([({"r502n": "1", "r505": "0"}, None)], [({"r502n": "1"}, None), ({"r505": "0"}, None)]),
    "R05": (
        [({**POOR, meter: "3"}, None) for meter in ("r307b1", "r307b2", "r307b3")],
        [({**POOR, "r307b1": "2"}, None), ({"r307b1": "5"}, None)],
    ),
    "R11": ([({**POOR, "r502d": "1"}, None)], [({"r502d": "1"}, None)]),
    "R12": (
        [({"r301a": "1", "r302": m2}, None) for m2 in ("1", "5")],
        [({"r301a": "1", "r302": m2}, None) for m2 in ("6", "0", "x")] + [({"r302": "4"}, None)],
    ),
}  # fmt: skip

# Rule -> persons that break it (on the line of the last of them), and persons that do not.
PERSON_CASES: dict[str, tuple[list[list[Row]], list[list[Row]]]] = {
    "P01": (
        [head(r403=nik) for nik in ("350101", "3501015006809OO1", "3501.0150.0680.9001")],
        [head(r403=nik) for nik in ("9" * 16, None)],
    ),
    "P02": (
        [*(head(**{c: None}) for c in ("r405", "r406d", "r406m", "r406y", "r407", "r408", "r409")),
         *([HEAD, gone(**{c: "1"})] for c in ("r410", "r413", "r428a", "r429", "r431f"))],
        [[HEAD, gone()], [HEAD, gone(r411="1", r430="1", r431a="0")], head(r404=None, r407=None)],
    ),
    "P03": (
        [head(r410=None), with_child(r410="2"), head(r408="1"), head(r405=None, r407="60")],
        [head(r407="55", r410=None), head(r407=None), head(r408=None), head(r405="x", r410=None)],
    ),
    "P04": (
        [with_toddler(r412="1"), with_toddler(r420b="X"), head(r413=None), head(r412="1"), head(r412=None)],
        [head(r412="1", r413=None, r414=None, r415=None), head(r407=None, r413=None),
         head(r412=None, r413=None, r414=None, r415=None)],
    ),
    "P05": ([head(r416b=None), head(r416a="2"), with_child(r419="1")], [with_child(), head(r416a=None, r416b=None,
            r417=None, r418=None, r419=None)]),
    "P06": ([head(r420a="1"), head(r426="0"), head(**{**BUSINESS, "r425": None})], [head(**BUSINESS), head(r420b="1")]),
    "P07": ([with_toddler(r427=None), head(r427="8")], [with_toddler(), with_toddler(r407=None, r427=None)]),
    "P08": (
        [with_toddler(r428g="4"), with_toddler(r428a=None), with_toddler(r407="1"), head(r428j=None)],
        [with_toddler(), with_toddler(r407="1", **{f"r428{x}": None for x in "abcdef"}), head(r407=None, r428j=None)],
    ),
    "P09": (
        [head(r429="1"), head(**{**ELDER, "r429": None}), head(r428c="1"), head(r407=None, r428c="2")],
        [head(r428c="1", r429="3"), head(**ELDER), head(r407=None, r429="1"), head(r428c="3")],
    ),
    "P10": (
        [head(r431b=None), head(r431e="2"), with_child(r431e=None), with_child(r431f="0"), head(r431c="3"),
         with_toddler(r431d="2"), head(r407=None, r431b="3")],
        [with_child(), with_toddler(), head(r407=None, r431f=None), head(r431d="8")],
    ),
    "P11": (
        [head(**{c: v}) for c, v in (("r411", "8"), ("r426", "64"), ("r431a", "16"), ("r431a", "100"), ("r431f", "32"),
                                     ("r411", "x"))] + [[HEAD, gone(r431a="98")]],
        [head(**{c: v}) for c, v in (("r411", "0"), ("r411", None), ("r431a", "99"), ("r431f", "99"), ("r426", "63"))],
    ),
    "P12": (
        [head(**{c: v}) for c, v in (
            ("r401", "0"), ("r401", "x"), ("r404", "7"), ("r405", "3"), ("r406d", "32"), ("r406m", "13"),
            ("r406m", "999999999"), ("r406y", "1899"), ("r406y", "2023"), ("r407", "99"), ("r408", "5"), ("r409", "9"),
            ("r410", "3"), ("r412", "4"), ("r413", "23"), ("r414", "9"), ("r415", "24"), ("r416a", "3"), ("r416b", "0"),
            ("r417", "27"), ("r418", "9"), ("r419", "4"), ("r420a", "0"), ("r421", "0"), ("r422", "1000"),
            ("r423", "100"), ("r424", "13"), ("r425", "8"), ("r427", "4"), ("r428e", "5"), ("r429", "4"),
            ("r430", "19"))],
        [head(**{c: v}) for c, v in (("r406d", "98"), ("r406m", "98"), ("r406y", "2022"), ("r407", "98"),
                                     ("r413", "22"), ("r415", "23"), ("r420b", "99"), ("r404", None))],
    ),
    "P13": (
        [*(head(**{c: None}) for c in ("r401", "r402", "r404", "r411", "r416a", "r420a", "r430", "r431a")),
         [HEAD, gone(r402=None)], [HEAD, gone(r402="\u00a0")], with_toddler(r430=None)],
        [with_toddler(), [HEAD, gone()], head(r407=None, r416a=None)],
    ),
    "C01": (
        [head(r407="41"), head(r407="43"), head(r406d="17", r406m="10"), head(r406d="98", r407="40"),
         head(r406y="1900", r407="97")],
        [head(), head(r406d="98", r407="41"), head(r406m="98"), head(r406y="1899"), head(r407=None),
         head(r406d="16", r406m="10"), head(r406y="1900", r407="98")],
    ),
    "C02": (
        [head(r407="9"), with_child(r409="2", r408="1"), with_child(r409="2", r408="2", r407="9")],
        [head(r408="1"), with_child(r409="2", r408="2", r407="10"), with_child()],
    ),
    "C03": (
        [with_child(r407="42"), with_child(r407="98")],
        [with_child(r407="41"), with_child(r407="42", r409="8"), [*head(r407=None), {**CHILD, "r407": "98"}],
         [HEAD, {**HEAD, "r401": "3"}, {**CHILD, "r407": "42"}]],
    ),
    "C04": (
        [with_child(r413=level, r407=str(age - 1)) for level, age in (("03", 5), ("08", 11), ("13", 14), ("18", 17),
                                                                      ("19", 17), ("20", 21), ("21", 21), ("22", 23))],
        [with_child(r413=level, r407=str(age)) for level, age in (("03", 5), ("08", 11), ("13", 14), ("18", 17),
                                                                  ("19", 17), ("20", 21), ("21", 21), ("22", 23))]
        + [with_child(r407=None, r413="22")],
    ),
    "C05": (
        [head(r413=level, r415=certificate) for level, certificate in (
            ("01", "06"), ("05", "10"), ("10", "11"), ("17", "18"), ("18", "19"), ("19", "20"), ("20", "21"),
            ("21", "22"))],
        [head(r413=level, r415=level) for level in ("01", "13", "22")] + [head(r413="01", r415="23"), head(r413=None)],
    ),
    "C07": ([with_child(r407="9", r416a="1")], [with_child(r416a="1"), with_child(r407=None, r416a="1")]),
    "C14": ([with_child(r412=c, r431e="1") for c in ("1", "3")], [with_child(r431e="1"), with_child(r412="3")]),
    "C15": (
        [head(r431a=c) for c in ("3", "5", "7", "11", "13", "15")],
        [head(r431a=c) for c in ("0", "1", "2", "8", "9", "10", "99")],
    ),
    "N01": (
        [head(r403="3173015006809001"), [HEAD, gone(r403="3173015006809001")]],
        [head(), head(r403="9901015006809001"), head(r403=None)],
    ),
    "N02": ([head(r403="9" * 16), head(r403=FAMILY["r114"]), [HEAD, gone(r403="7" * 16)]], [head(), head(r403="1")]),
    "N04": (
        [head(r406d="11"), head(r406m="7"), head(r406y="1981")],
        [head(), head(r406d="98", r406m="98"), head(r403="9" * 16, r406d="11"), head(r406y="1880")],
    ),
    "N05": ([head(r405="1")], [head(), head(r405="3"), head(r403=None, r405="1")]),
    "R02": ([head(r418="1", r422="1"), head(r418="1", r423="1")], [head(r418="1", r422="0"), head(r418="2", r422="1")]),
    "R03": (
        [head(r422="1", r426=c) for c in ("0", "62")],
        [head(r422="1", r426=c) for c in ("1", "63", "64", None)] + [head(r422="0", r426="0")],
    ),
    "R08": (
        [head(r418="5", r431f=c) for c in ("0", "7", "16", "23")],
        [head(r418="5", r431f=c) for c in ("8", "24", "31", "99", None)] + [head(r418="4")],
    ),
    "R09": ([head(r416a="2", r420a="1")], [head(r420a="1"), head(r416a="2")]),
    "R10": (
        [head(r418=s, r417=c) for s, c in (("6", "7"), ("6", "26"), ("7", "1"), ("7", "6"), ("7", "16"))],
        [head(r418=s, r417=c) for s, c in (("6", "6"), ("6", "27"), ("7", "7"), ("7", "17"), ("4", "16"))],
    ),
    "R14": ([head(r422="10", r425="1")], [head(r422="9", r425="1"), head(r422="10", r425="2")]),
}  # fmt: skip

ACROSS = {"C08", "C10", "C13", "N06"}

# What two documents may not share: first and second family page, their persons, and the line of the breach.
OTHER: Row = {"r114": "3501011501159602", "photo_sha256": "bb"}
NO_NIK = head(r403=None)
TWICE: dict[str, tuple[Row, Row, list[Row], int]] = {
    "C08": ({}, {"photo_sha256": "bb"}, NO_NIK, 0),
    "C10": ({}, {"r114": "3501011501159602"}, NO_NIK, 0),
    "N06": ({}, OTHER, [HEAD], 1),
}


def vectors() -> list[dict[str, str]]:
    """NIKs of the field's own tools and their tests, each with what it is; numbers of nobody."""
    with VECTORS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
