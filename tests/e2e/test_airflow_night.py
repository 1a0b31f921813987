"""Nights through Airflow itself, as `make nights` runs them: what is printed, what fails, what leaks nowhere."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from include.contract import AFFECTED_COLUMNS, HEADQUARTERS
from include.publication.keys import read_keys
from include.publication.package import is_whole
from include.publication.policy import RESPONSE_MARTS
from include.publication.scan import own_numbers, shaped, sub_sls_in
from include.publication.texts import texts_below
from include.settings import PROJECT
from include.simulation import Plan, simulate
from include.simulation.shock import EVENT_ID
from tests.builders import DAY, SUB_SLS, LandingZone, family, keys_file, person
from tests.identified import KINDS, Identified, Scan, identified, in_sources, scan
from tests.publication import decrypted

NIK = "357301" + "550680" + "9123"
KK = "357301" + "010110" + "9456"
PHONE = "0800000" + "4711"
NAME = "SRI RAHASIA WULANDARI"
DUMMY = "9" * 16  # a number for none, which unit tests of rules name too
ENCRYPTED = b"PARE"  # how a Parquet file with an encrypted footer begins
BEFORE, NEXT_DAY = "2022-10-15", "2022-10-17"


@dataclass
class Night:
    """What one call of the nights' command left behind."""

    code: int
    said: str


@dataclass
class Stack:
    """A folder with an embedded stack of its own."""

    root: Path
    printed: list[str] = field(default_factory=list)

    def night(self, day: str, **settings: str) -> Night:
        return self.call("local_stack.nights", "--from", day, **settings)

    def response(self, event_id: str) -> Night:
        return self.call("local_stack.shock", "--event", event_id)

    def call(self, module: str, *arguments: str, **settings: str) -> Night:
        places = {n: str(self.root / n) for n in ("landing", "raw", "published", "state", "scratch")}
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("REGSOSEK", "AIRFLOW"))
        }
        environment |= {f"REGSOSEK_{n.upper()}": v for n, v in {**places, **settings}.items()} | {
            "REGSOSEK_WAREHOUSE": str(self.root / "regsosek.duckdb"), "REGSOSEK_KEYS_FILE": str(keys_file(self.root)),
            "REGSOSEK_PUBLISHED_MIRROR": (self.root / "mirror").as_uri(), "AIRFLOW_HOME": str(self.root / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PYTHONPATH": str(PROJECT),
        }  # fmt: skip
        command = [sys.executable, "-m", module, *arguments]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)
        self.printed.append(ran.stdout + ran.stderr)
        return Night(ran.returncode, self.printed[-1])

    def ask(self, query: str) -> list[tuple]:
        with sqlite3.connect(self.root / "airflow" / "airflow.db") as metadata:
            return metadata.execute(query).fetchall()


def add_rows(path: Path, table: str) -> None:
    """Append the rows of a CSV to another of the same columns."""
    header, _, rows = table.partition("\n")
    there = path.read_text(encoding="utf-8-sig")
    assert there.splitlines()[0] == header
    path.write_text(there + rows)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A small damaged province, and somebody's name and numbers wherever they could stand, and should not."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    (stack.root / "mirror").mkdir()
    landing = stack.root / "landing"
    simulate(Plan(out=landing, enumerators=5, days=1, seed=7, first_day=date.fromisoformat(BEFORE), defects=True))
    (landing / "events" / EVENT_ID).rename(stack.root / EVENT_ID)
    zone = LandingZone(landing)
    LandingZone(stack.root / "tests").with_frame()
    for table in (stack.root / "tests" / "frame" / zone.frame_day).iterdir():
        add_rows(landing / "frame" / zone.frame_day / table.name, table.read_text())
    named = {"r108": NAME, "r114": KK, "r115": "0", "r206": PHONE, "r107": f"RUMAH {NAME}", "notes": f"telp {PHONE}"}
    people = [person(n, r402=NAME, r403=NIK) for n in range(1, 9)]
    zone.send([family(n, **named) for n in range(1, 9)], people)
    # Where a careless message would quote it: in values that do not parse, in ids, in a file that is no zip.
    wrong = [family(20, **named, r102=NIK), family(21, **named, r109=NAME), family(22, **named, submission_id=NAME)]
    zone.send(wrong, [person(20, r402=NAME, r403=NIK, r401=NAME)], sequence=2)
    zone.write(f"uploads/{DAY}/3573_P35730042_20221016_03.zip", NAME.encode())
    registered = f"{NIK},{KK},{NAME},2,1980-06-15,3573031001,alive\n"
    (register,) = landing.glob("register/*/population.csv")
    add_rows(register, f"{','.join(HEADQUARTERS['register']['population'])}\n{registered}")
    zone.send([family(30, **named)], [person(30, r402=NAME, r403=NIK)], day=NEXT_DAY)
    return stack


@pytest.fixture(scope="module")
def open_night(stack: Stack) -> Night:
    return stack.night(DAY)


@pytest.fixture(scope="module")
def closed_night(stack: Stack, open_night: Night) -> Night:
    limits = yaml.safe_load((PROJECT / "expectations" / "thresholds.yaml").read_text())
    limits["marts.progress_area_daily"]["row_count_min"]["value"] = 10**6
    bad = stack.root / "bad.yaml"
    bad.write_text(yaml.safe_dump(limits))
    return stack.night(NEXT_DAY, thresholds=str(bad))


@pytest.fixture(scope="module")
def response(stack: Stack, closed_night: Night) -> Night:
    """The simulated flood reaches the kecamatan of the tests too, and somebody there is on its list."""
    coming = stack.root / EVENT_ID
    event = json.loads((coming / "event.json").read_text())
    event["areas"].append(SUB_SLS[:7])
    (coming / "event.json").write_text(json.dumps(event))
    add_rows(coming / "affected.csv", f"{','.join(AFFECTED_COLUMNS)}\n{NIK},confirmed,{DAY}\n")
    coming.rename(stack.root / "landing" / "events" / EVENT_ID)
    return stack.response(EVENT_ID)


def test_a_night_prints_what_came_in_what_became_of_it_and_where_it_is(stack: Stack, open_night: Night) -> None:
    assert open_night.code == 0, open_night.said
    for line in (
        f"Night {DAY}  published",
        "bundles in  3: accepted 2, rejected NOT_A_ZIP 1",
        "documents   11: accepted 8, rejected 3",
        "gate raw    open",
        "gate staging open",
        "gate marts  open",
        f"page      {stack.root / 'state' / 'data_docs' / DAY / 'marts' / 'gate.html'}",
        "progress_area_daily",
        str(stack.root / "published" / "open" / "snapshots"),
        "operational: area",
        "bundle_fate",
        "correction_list",
        str(stack.root / "published" / "operational" / "snapshots"),
    ):
        assert line in open_night.said


def test_a_closed_gate_fails_the_run_at_the_gate_without_a_second_try(stack: Stack, closed_night: Night) -> None:
    assert closed_night.code == 1
    assert (
        "gate marts closed: suite marts.progress_area_daily, rule MART-PAD-01 (critical) tripped" in closed_night.said
    )
    states = dict(
        stack.ask("select state, count(*) from dag_run where dag_id = 'field_uploads_nightly' group by state")
    )
    assert states == {"success": 1, "failed": 1}
    tasks = {
        task: (state, tries)
        for task, state, tries in stack.ask(
            "select ti.task_id, ti.state, ti.try_number from task_instance ti"
            " join dag_run r on r.run_id = ti.run_id where r.state = 'failed'"
        )
    }
    assert tasks["raw_to_marts.gate_marts"] == ("failed", 1)
    assert tasks["marts_to_published.publish"][0] == tasks["marts_to_published.mirror"][0] == "upstream_failed"
    assert tasks["close_run"][0] == "success"
    snapshots = list((stack.root / "published" / "open" / "snapshots").iterdir())
    assert [s.name[:10] for s in snapshots] == [DAY]


def test_a_published_mart_is_an_asset_event(stack: Stack, closed_night: Night) -> None:
    events = stack.ask(
        "select a.name, count(*) from asset_event e join asset a on a.id = e.asset_id group by 1 order by 1"
    )
    assert {("open/progress_area_daily", 1), ("open/upload_accounting", 1), ("operational/correction_list", 1)} <= {
        *events
    }


def test_the_mirror_holds_what_is_live_and_nothing_of_the_closed_night(stack: Stack, closed_night: Night) -> None:
    pointer = (stack.root / "mirror" / "CURRENT.json").read_text()
    assert pointer == (stack.root / "published" / "CURRENT.json").read_text()
    snapshots = {p.relative_to(stack.root / "mirror").as_posix() for p in (stack.root / "mirror").glob("*/snapshots/*")}
    assert snapshots == {said["path"] for said in json.loads(pointer)["tiers"].values()}
    assert all(is_whole(stack.root / "mirror" / path) for path in snapshots)


def places(stack: Stack) -> Iterator[tuple[str, list[str]]]:
    """Every text that the nights left where nobody's data belong, what they printed among them."""
    for folder in ("published", "mirror", "state", "scratch", "airflow"):
        yield from ((f"{folder}/{place}", values) for place, values in texts_below(stack.root / folder))
    yield "printed", stack.printed


@pytest.fixture(scope="module")
def sought(stack: Stack) -> Identified:
    """Everybody who landed, but for words that the project's own sources hold."""
    everybody = identified(stack.root / "landing")
    return everybody.without(in_sources(everybody))


@pytest.fixture(scope="module")
def scanned(stack: Stack, sought: Identified, response: Night) -> Scan:
    """Everywhere, sought by value and by shape, in one pass."""
    return scan(places(stack), sought, sub_sls_in(stack.root / "raw") | own_numbers())


def test_thousands_of_values_are_sought_and_only_words_are_left_out(stack: Stack, sought: Identified) -> None:
    everybody = identified(stack.root / "landing")
    left_out = in_sources(everybody)
    assert {kind for kind, value in left_out if value != DUMMY} <= {"name"}
    assert not [value for _, value in left_out if " " in value]
    assert len(left_out) < len(everybody) / 100
    assert len(sought) > 5000
    assert {*sought.tokens.values(), *sought.phrases.values()} == {*KINDS}


@pytest.mark.parametrize(
    "place",
    [
        r"published/open/.*/site/index\.html", r"published/restricted/.*/site/index\.html",
        r"published/restricted/.*/person_register/.*parquet:person", r"published/operational/.*/desa/.*\.zip",
        r"published/operational/.*/supervisor_list/.*\.zip", r"mirror/open/.*/site/index\.html",
        r"published/operational/.*/shock_affected_family/.*\.parquet",
        r"state/data_docs/.*/index\.html", r"state/run_log/.*\.parquet:message", r"state/gate_result/.*\.parquet:.*",
        r"scratch/dbt_target/manifest\.json", r"scratch/dbt_target/compiled/.*\.sql",
        r"scratch/shock_response/.*", r"airflow/airflow\.db:xcom\.value", r"airflow/airflow\.db:asset_event\.extra",
        r"airflow/airflow\.db:rendered_task_instance_fields\.rendered_fields", r"airflow/airflow\.db:log\.extra",
        "printed",
    ],
)  # fmt: skip
def test_a_place_is_among_what_was_scanned(scanned: Scan, place: str) -> None:
    assert [said for said, texts in scanned.places.items() if texts and re.fullmatch(place, said)]


def test_nobody_who_landed_stands_anywhere_in_the_open(scanned: Scan) -> None:
    assert scanned.found == set()


def test_nothing_looks_like_a_persons_number_anywhere_in_the_open(scanned: Scan) -> None:
    assert scanned.shaped == []


def test_the_restricted_tier_is_among_what_was_scanned_and_has_rows_of_persons(stack: Stack, open_night: Night) -> None:
    (snapshot,) = (stack.root / "published" / "restricted" / "snapshots").iterdir()
    persons = pq.ParquetFile(snapshot / "person_register" / "kab_code=3573" / "part-0.parquet").read()
    assert persons.num_rows > 0
    assert persons["person"].null_count == 0


def test_the_operational_tier_is_among_what_was_scanned_and_names_somebody_to_who_holds_the_key(
    stack: Stack, open_night: Night
) -> None:
    snapshot, *_ = (stack.root / "published" / "operational" / "snapshots").iterdir()
    part = (snapshot / "correction_list" / "kab_code=3573" / "part-0.parquet").read_bytes()
    assert part.startswith(ENCRYPTED)
    rows = decrypted(part, read_keys(keys_file(stack.root)).of("3573")).to_pylist()
    assert NAME in {row["head_name"] for row in rows}
    assert list(snapshot.rglob("*.zip"))


def test_the_scan_sees_everybody_in_the_raw_store(stack: Stack, sought: Identified, response: Night) -> None:
    found = {
        (place.split("/")[0], kind)
        for place, values in texts_below(stack.root / "raw")
        for kind, _ in sought.sought_in(values)
    }
    uploads = {"NIK", "KK", "name", "phone", "address", "coordinate", "document", "photo", "note"}
    assert {kind for folder, kind in found if folder == "uploads"} >= uploads
    assert {("frame", "listed family"), ("register", "name"), ("events", "NIK"), ("programmes", "KK")} <= found
    assert shaped("raw", texts_below(stack.root / "raw"), sub_sls_in(stack.root / "raw"))


def test_people_in_clear_are_their_owners_alone_and_what_is_published_is_everybodys(
    stack: Stack, response: Night
) -> None:
    raw = [path for path in (stack.root / "raw").rglob("*") if path.is_file()]
    assert raw
    private = {stack.root / "regsosek.duckdb", *raw, *(path.parent for path in raw)}
    assert not [path for path in private if path.stat().st_mode & 0o077]
    published = [path for path in (stack.root / "published").rglob("*") if path.is_file()]
    assert not [path for path in published if not path.stat().st_mode & 0o044]


def test_a_response_says_who_is_hit(stack: Stack, closed_night: Night, response: Night) -> None:
    assert response.code == 0, response.said
    assert f"Event {EVENT_ID}  published" in response.said
    hit = re.search(r"hit +([0-9]+) families .* ([0-9]+) on the list", response.said)
    assert hit
    assert int(hit[1]) > 8
    assert int(hit[2]) > 1
    assert stack.ask("select state from dag_run where dag_id = 'shock_response'") == [("success",)]
    mirrored, published = ((stack.root / place / "CURRENT.json").read_text() for place in ("mirror", "published"))
    assert mirrored == published
    assert stack.ask("select count(*) from asset where name = 'operational/shock_caseload'") == [(1,)]
    assert {event for (event,) in stack.ask("select a.name from asset_event e join asset a on a.id = e.asset_id")} >= {
        f"operational/{mart}" for mart in RESPONSE_MARTS
    }


def test_no_dag_has_an_import_error(stack: Stack, open_night: Night) -> None:
    environment = {**os.environ, "AIRFLOW_HOME": str(stack.root / "airflow"), "PYTHONPATH": str(PROJECT),
                   "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
                   "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}  # fmt: skip
    command = [sys.executable, "-m", "airflow", "dags", "list-import-errors"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "No data found" in ran.stdout
