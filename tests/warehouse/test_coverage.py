"""Coverage: the worked example of docs/coverage.md, what the simulator planned, and matching over lists at random."""

import csv
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include import transform
from include.contract import HEADQUARTERS
from include.settings import PROJECT, Settings
from include.simulation import Plan, simulate
from tests.builders import DAY, DESA, OTHER_SUB_SLS, SUB_SLS, LandingZone, csv_bytes, family, person
from tests.pipeline import build_marts, rows

PLAN = {"enumerators": 10, "days": 3, "seed": 5, "headquarters": "frame", "load_families": 30, "processes": 1}
KK = "357301080322"


def nik(serial: int, *, woman: bool = False) -> str:
    """A NIK of nobody: Kota Malang, born 2 January 1990."""
    return f"357301{42 if woman else 2:02d}0190{serial}"


def resident(document: int, line: int, name: str, **changes: object) -> dict[str, str]:
    return person(document, line, r402=name, r406d="2", r406m="1", r406y="1990", r407="32", **changes)


def refused(number: int, head: str) -> dict[str, str]:
    answers = {column: "" for column in family() if re.match(r"r11[12]|r3|r5", column)}
    return family(number, **answers | {"r108": head, "r205": "4"})


def gone(document: int, line: int, name: str, number: str, r404: str) -> dict[str, str]:
    blank = {column: "" for column in person() if re.fullmatch(r"r4(0[5-9]|[12]\d|3[01]).*|r406.", column)}
    return person(document, line, **blank | {"r402": name, "r403": number, "r404": r404})


PRELIST = {
    ("A", SUB_SLS, "BUDI UJI", 9001): [("BUDI UJI", nik(9011)), ("SITI UJI", nik(9012)), ("JOKO UJI", nik(9013))],
    ("B", SUB_SLS, "TONO UJI", 9002): [("RINI UJI", ""), ("TONO UJI", nik(9015))],
    ("C", SUB_SLS, "AGUS UJI", 9003): [("AGUS UJI", nik(9016))],
    ("D", OTHER_SUB_SLS, "WATI UJI", 9004): [("WATI UJI", nik(9017)), ("DEWI UJI", nik(9018))],
}  # fmt: skip


def worked_example(zone: LandingZone) -> None:
    """The landing zone of docs/coverage.md."""
    zone.sub_sls = {SUB_SLS: 3, OTHER_SUB_SLS: 2}
    families = [
        {"idsubsls": place, "prelist_family_id": key, "head_name": head, "no_kk": f"{KK}{kk}"}
        for key, place, head, kk in PRELIST
    ]
    listed = [
        {"prelist_family_id": key, "nik": number, "name": name, "sex": "2" if name == "RINI UJI" else "1",
         "birth_date": "1990-05-06" if name == "RINI UJI" else "1990-01-02", "no_kk": f"{KK}{kk}"}
        for (key, _, _, kk), persons in PRELIST.items()
        for name, number in persons
    ]  # fmt: skip
    zone.with_frame(prelist_families=families, prelist_persons=listed)
    # A later frame without a prelist leaves the prelist as it is.
    zone.with_frame("2022-10-10")
    register = [
        line | {"kemendagri_desa_code": "3573031001", "life_status": "dead" if line["name"] == "SITI UJI" else "alive"}
        for line in listed
        if line["nik"]
    ]
    zone.write("register/2022-10-10/population.csv", csv_bytes(register, HEADQUARTERS["register"]["population"]))
    zone.send(
        [
            family(1, r108="BUDI UJI", r112="3", r114=f"{KK}9001", r115="0"),
            family(2, r108="TONO SAPUTRO", r112="2", r302="998"),
            refused(3, "AGUS UJI"),
        ],
        [
            resident(1, 1, "BUDI UJI", r403=nik(9011)),
            gone(1, 2, "SITI UJI", nik(9012), "2"),
            resident(1, 3, "NUR UJI", r403=nik(9019), r404="5", r409="3"),
            resident(1, 4, "DEWI UJI", r403=nik(9018), r409="3"),
            resident(2, 1, "HJ. RINI UJI, S.PD", r405="2") | {"r406d": "6", "r406m": "5"},
            gone(2, 2, "TONO SAPUTRO", nik(9015), "3"),
            resident(2, 3, "DEWI UJI", r403=nik(9018), r404="5", r409="3"),
        ],
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("coverage")


@pytest.fixture
def example(root: Path, pointed_at: Callable[..., Settings]) -> Settings:
    configured = pointed_at(root / "example")
    if not configured.warehouse.exists():
        worked_example(LandingZone(Path(configured.landing)))
        build_marts(configured, DAY)
    return configured


@pytest.fixture
def simulated(root: Path, pointed_at: Callable[..., Settings]) -> Path:
    configured = pointed_at(root / "simulated")
    landing = Path(configured.landing)
    if not configured.warehouse.exists():
        plan = Plan(out=landing, **PLAN)
        simulate(plan)
        build_marts(configured, plan.last_day.isoformat())
    return landing


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# The worked example -----------------------------------------------------------------------------------------------


def test_every_person_of_the_worked_example_stands_as_the_docs_say(example: Settings) -> None:
    found = rows("select split_part(person_name, ' ', 1), status, status_reason from marts.person_confirmation")
    told = re.findall(
        r"^\| (\w+) \| `(\w+)`(?:, `(\w+)`)? \|",
        (PROJECT / "docs/coverage.md").read_text(encoding="utf-8").split("| prelist person |")[1],
        flags=re.MULTILINE,
    )
    assert len(told) == 9
    assert Counter(found) == Counter((name, status, reason or None) for name, status, reason in told)


def test_the_document_that_says_so_stands_beside_the_status(example: Settings) -> None:
    found = {
        name: said
        for name, *said in rows(
            "select split_part(person_name, ' ', 1), matched_by, family_known_by, name_agrees, family_number, is_held,"
            " enumerator_id from marts.person_confirmation"
        )
    }
    assert found["BUDI"] == ["nik", None, True, 1, False, "P35730042"]
    assert found["RINI"] == ["name_birth_sex", None, True, 2, True, "P35730042"]
    assert found["TONO"] == ["nik", None, False, 2, True, "P35730042"]
    assert found["JOKO"] == ["none", "kk", None, 1, False, "P35730042"]
    assert found["AGUS"] == ["none", "head", None, 3, False, "P35730042"]
    assert found["WATI"] == ["none", None, None, None, None, None]
    assert found["DEWI"] == ["none", None, None, None, None, None]


def test_the_areas_of_the_worked_example_have_the_figures_of_the_docs(example: Settings) -> None:
    text = (PROJECT / "docs/coverage.md").read_text(encoding="utf-8")
    row = r"^\| ((?:`\w+`(?:, )?)+) \|([^|\n]*)\|([^|\n]*)\|([^|\n]+)\|[^|\n]*\|$"
    lines = re.findall(row, text, flags=re.MULTILINE)
    told: dict[str, tuple[str, ...]] = {}
    for names, *cells in lines:
        for place, name in enumerate(re.findall(r"`(\w+)`", names)):
            told[name] = tuple(
                part if part != "empty" else "" for part in ((c.strip() or ", , ").split(", ")[place] for c in cells)
            )
    assert len(told) == 34
    for place, area in enumerate((SUB_SLS, OTHER_SUB_SLS, DESA)):
        [found] = rows(f"select {', '.join(told)} from marts.coverage_area where area_code = '{area}'")
        shown = ["" if value is None else f"{Decimal(value).normalize():f}" for value in found]
        assert dict(zip(told, shown, strict=True)) == {name: cells[place].strip() for name, cells in told.items()}


def test_who_is_unlisted_is_for_the_desa_and_says_what_is_known_of_the_family(example: Settings) -> None:
    found = rows(
        "select split_part(person_name, ' ', 1), is_family_partly_enumerated, is_provisional, is_on_prelist,"
        " prelist_idsubsls, bps_desa_code, register_snapshot_day::varchar from marts.unlisted_person order by 1"
    )
    assert found == [
        ("AGUS", False, True, True, SUB_SLS, DESA, "2022-10-10"),
        ("JOKO", True, True, True, SUB_SLS, DESA, "2022-10-10"),
        ("WATI", True, True, True, OTHER_SUB_SLS, DESA, "2022-10-10"),
    ]


def test_the_prelist_of_an_older_frame_counts_until_a_newer_one_comes(example: Settings) -> None:
    days = "frame_snapshot_day::varchar, prelist_snapshot_day::varchar, register_snapshot_day::varchar"
    assert rows(f"select distinct {days} from marts.coverage_area") == [("2022-10-10", "2022-10-01", "2022-10-10")]


# What the simulator planned -----------------------------------------------------------------------------------------


def test_statuses_are_those_the_simulator_planned(simulated: Path) -> None:
    truth = simulated / "_truth"
    planned = {
        f"{line['idsubsls']}-{int(line['r110']):03d}": "gone" if line["is_gone"] == "true" else "met"
        for line in read(truth / "families.csv")
    } | {f"{line['idsubsls']}-{int(line['r110']):03d}": "missed" for line in read(truth / "missed_families.csv")}
    met = {document for (document,) in rows("select document_id from intermediate.int_coverage__families")}
    seen: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for key, number, status in rows("select prelist_family_id, nik, status from marts.person_confirmation"):
        if status != "new":
            seen[planned[key], number is not None][status] += 1
    assert met
    assert {plan for plan, _ in seen} == {"gone", "met", "missed"}
    for plan in ("gone", "missed"):
        assert set(seen[plan, True]) <= {"family_not_reached", "not_yet_visited"}
    assert seen["gone", True]["family_not_reached"] > 0
    assert {"confirmed", "dead", "moved"} <= set(seen["met", True])
    assert set(seen["met", True]) <= {"confirmed", "dead", "moved", "not_found", "family_not_reached"}
    assert seen["met", False]["confirmed"] > 0


def test_nobody_with_a_nik_is_left_out_of_a_family_that_was_met(simulated: Path) -> None:
    left_out = "status_reason = 'not_written' and nik is not null"
    assert rows(f"select count(*) from marts.person_confirmation where {left_out}") == [(0,)]


def test_who_is_written_with_a_nik_of_the_prelist_stands_as_the_form_says(simulated: Path) -> None:
    wrong = rows("select status, r404, count(*) from marts.person_confirmation where matched_by <> 'none' group by all")
    told = {1: "confirmed", 5: "confirmed", 2: "dead", 3: "moved", 4: "moved", 6: "not_found"}
    assert {r404 for _, r404, _ in wrong} == {1, 2, 3, 6}
    assert all(status == told[r404] for status, r404, _ in wrong)


def test_every_level_adds_up_to_the_prelist_and_to_the_residents(simulated: Path) -> None:
    [(listed,)] = rows("select count(*) from intermediate.int_prelist__persons")
    [(living,)] = rows("select sum(resident_persons) from intermediate.int_documents__winners")
    levels = rows(
        "select area_level, sum(prelist_persons), sum(residents), sum(register_alive), sum(register_unlisted)"
        " from marts.coverage_area group by 1"
    )
    assert len(levels) == 5
    assert {(prelist, residents) for _, prelist, residents, _, _ in levels} == {(listed, living)}
    [(unlisted,)] = rows("select count(*) from marts.unlisted_person")
    assert {figures for level, *_, figures in levels if level != "sub_sls"} == {unlisted}
    assert listed > 300
    assert unlisted > 0


def test_coverage_is_that_of_the_progress_mart(simulated: Path) -> None:
    differing = rows(
        "select area_code from marts.coverage_area as c full join"
        " (select * from marts.progress_area_daily qualify field_day = max(field_day) over ()) as p"
        " using (area_level, area_code)"
        " where c.coverage_numerator is distinct from p.coverage_numerator"
        " or c.coverage_denominator is distinct from p.coverage_denominator"
    )
    assert differing == []


# Matching at random -------------------------------------------------------------------------------------------------

NIKS, NAMES = ["N1", "N2", "N3", None], ["ANI", "H. ANI", "BUDI", None]
LISTED = st.tuples(st.sampled_from("ST"), st.sampled_from(NIKS), st.sampled_from(NAMES), st.sampled_from([1, 2]))
WRITTEN = st.tuples(LISTED, st.sampled_from([1, 3, 5]))


@pytest.fixture
def matching(root: Path, example: Settings) -> Callable[[list, list], set[tuple]]:
    """Run the compiled model over two lists, in an engine of its own."""
    if not (root / "candidates.sql").exists():
        transform.parse(example)
        nodes = json.loads(transform.manifest_path(example.scratch).read_text())["nodes"]
        (root / "candidates.sql").write_text(nodes["model.regsosek.int_coverage__candidates"]["compiled_code"])
    query = (root / "candidates.sql").read_text()
    engine = duckdb.connect()
    engine.execute(
        "attach ':memory:' as regsosek; use regsosek; create schema intermediate;"
        "create table intermediate.int_prelist__persons (prelist_row int, prelist_family_id text, idsubsls text,"
        " nik text, person_name text, sex int, birth_date date);"
        "create table intermediate.int_coverage__persons (document_id text, person_row int, person_line int,"
        " idsubsls text, nik text, person_name text, r404 int, is_resident bool, sex int, birth_key int)"
    )

    def match(listed: list, written: list) -> set[tuple]:
        engine.execute("truncate intermediate.int_prelist__persons; truncate intermediate.int_coverage__persons")
        for row, (place, number, name, sex) in listed:
            engine.execute(
                "insert into intermediate.int_prelist__persons values (?, 'F', ?, ?, ?, ?, '1990-01-02')",
                [row, place, number, name, sex],
            )
        for row, ((place, number, name, sex), r404) in written:
            engine.execute(
                "insert into intermediate.int_coverage__persons values ('d', ?, ?, ?, ?, ?, ?, ?, ?, 19900102)",
                [row, row, place, number, name, r404, r404 != 3, sex],
            )
        return set(engine.sql(f"select prelist_row, person_row, candidate_by, is_match from ({query})").fetchall())

    return match


def second_reading(listed: list, written: list) -> set[tuple]:
    """Candidates and matches in plain Python."""
    found = set()
    niks = {number for _, ((_, number, _, _), _) in written} & {number for _, (_, number, _, _) in listed} - {None}
    for number in niks:
        ours = [row for row, (_, own, _, _) in listed if own == number]
        theirs = [(row, r404 != 3) for row, ((_, own, _, _), r404) in written if own == number]
        living = [row for row, is_resident in theirs if is_resident]
        chosen = living if living else [row for row, _ in theirs]
        match = (ours[0], chosen[0]) if len(ours) == len(chosen) == 1 else None
        found |= {(p, e, "nik", (p, e) == match) for p in ours for e, _ in theirs}
    keys = defaultdict(lambda: ([], []))
    for row, (place, number, name, sex) in listed:
        if number not in niks and name:
            keys[place, name.removeprefix("H. "), sex][0].append(row)
    for row, ((place, number, name, sex), r404) in written:
        if number not in niks and name and r404 != 3:
            keys[place, name.removeprefix("H. "), sex][1].append(row)
    for ours, theirs in keys.values():
        found |= {(p, e, "name_birth_sex", len(ours) == len(theirs) == 1) for p in ours for e in theirs}
    return found


def test_matching_is_one_to_one_whatever_the_lists_and_their_order(matching: Callable[[list, list], set]) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.lists(LISTED, max_size=6), st.lists(WRITTEN, max_size=6), st.randoms(use_true_random=False))
    def holds(listed: list, written: list, chance: random.Random) -> None:
        ours, theirs = list(enumerate(listed, 1)), list(enumerate(written, 1))
        found = matching(ours, theirs)
        assert found == second_reading(ours, theirs)
        matches = [(p, e) for p, e, _, is_match in found if is_match]
        assert len({p for p, _ in matches}) == len({e for _, e in matches}) == len(matches)
        chance.shuffle(ours)
        chance.shuffle(theirs)
        assert matching(ours, theirs) == found

    holds()
