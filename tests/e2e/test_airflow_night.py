"""Nights through Airflow itself, as `make nights` runs them: what is printed, what fails, what leaks nowhere."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from include.publication.keys import read_keys
from include.publication.package import is_whole
from include.publication.policy import RESPONSE_MARTS
from include.settings import PROJECT
from tests.builders import DAY, SUB_SLS, LandingZone, family, keys_file, person
from tests.publication import decrypted

NIK = "357301" + "550680" + "9123"
KK = "357301" + "010110" + "9456"
PHONE = "0800000" + "4711"
NAME = "SRI RAHASIA WULANDARI"
SECRETS = (NIK, KK, PHONE, NAME)
ENCRYPTED = b"PARE"  # how a Parquet file with an encrypted footer begins
NEXT_DAY = "2022-10-17"


@dataclass
class Night:
    """What one call of the nights' command left behind."""

    code: int
    said: str


@dataclass
class Stack:
    """A folder with an embedded stack of its own."""

    root: Path

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
        return Night(ran.returncode, ran.stdout + ran.stderr)

    def ask(self, query: str) -> list[tuple]:
        with sqlite3.connect(self.root / "airflow" / "airflow.db") as metadata:
            return metadata.execute(query).fetchall()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A landing zone with somebody's name and numbers wherever they could stand, and where they should not."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    (stack.root / "mirror").mkdir()
    zone = LandingZone(stack.root / "landing").with_frame()
    named = {"r108": NAME, "r114": KK, "r115": "0", "r206": PHONE, "r107": f"RUMAH {NAME}", "notes": f"telp {PHONE}"}
    people = [person(n, r402=NAME, r403=NIK) for n in range(1, 9)]
    zone.send([family(n, **named) for n in range(1, 9)], people)
    # Where a careless message would quote it: in values that do not parse, in ids, in a file that is no zip.
    wrong = [family(20, **named, r102=NIK), family(21, **named, r109=NAME), family(22, **named, submission_id=NAME)]
    zone.send(wrong, [person(20, r402=NAME, r403=NIK, r401=NAME)], sequence=2)
    zone.write(f"uploads/{DAY}/3573_P35730042_20221016_03.zip", NAME.encode())
    zone.write(
        "register/2022-10-01/population.csv",
        f"nik,no_kk,name,sex,birth_date,kemendagri_desa_code,life_status\n{NIK},{KK},{NAME},2,1980-06-15,3573031001,alive\n".encode(),
    )
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


def leaks(root: Path, secrets: tuple[str, ...]) -> list[str]:
    """Files below a folder that hold one of the secrets, Parquet files decoded where they are not encrypted."""
    found = []
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        text = path.read_bytes()
        if path.suffix == ".parquet" and not text.startswith(ENCRYPTED):
            text = str(pq.read_table(path).to_pylist()).encode()
        found += [path.relative_to(root).as_posix() for secret in secrets if secret.encode() in text]
    return found


@pytest.mark.parametrize("place", ["state", "scratch", "published", "mirror", "airflow"])
def test_no_persons_value_is_in_results_pages_logs_xcoms_or_targets(
    stack: Stack, open_night: Night, closed_night: Night, place: str
) -> None:
    assert any(p.is_file() for p in (stack.root / place).rglob("*"))
    assert leaks(stack.root / place, SECRETS) == []
    assert not [secret for secret in SECRETS if secret in open_night.said + closed_night.said]


def test_the_restricted_tier_is_among_what_was_scanned_and_has_rows_of_persons(stack: Stack, open_night: Night) -> None:
    (snapshot,) = (stack.root / "published" / "restricted" / "snapshots").iterdir()
    persons = pq.ParquetFile(snapshot / "person_register" / "kab_code=3573" / "part-0.parquet").read()
    assert persons.num_rows > 0
    assert persons["person"].null_count == 0


def test_the_operational_tier_is_among_what_was_scanned_and_names_somebody_to_who_holds_the_key(
    stack: Stack, open_night: Night
) -> None:
    (snapshot,) = (stack.root / "published" / "operational" / "snapshots").iterdir()
    part = (snapshot / "correction_list" / "kab_code=3573" / "part-0.parquet").read_bytes()
    assert part.startswith(ENCRYPTED)
    rows = decrypted(part, read_keys(keys_file(stack.root)).of("3573")).to_pylist()
    assert NAME in {row["head_name"] for row in rows}
    assert list(snapshot.rglob("*.zip"))


def test_the_scan_sees_what_is_there(stack: Stack, open_night: Night) -> None:
    assert set(leaks(stack.root / "raw", SECRETS)) == {
        f"uploads/{DAY}/documents.parquet", f"uploads/{DAY}/persons.parquet", "register/2022-10-01/population.parquet",
        f"uploads/{NEXT_DAY}/documents.parquet", f"uploads/{NEXT_DAY}/persons.parquet",
    }  # fmt: skip
    assert stack.ask("select count(*) > 10 from xcom") == [(1,)]
    assert list((stack.root / "state" / "data_docs").rglob("index.html"))
    assert list((stack.root / "scratch" / "dbt_target").iterdir())
    assert SUB_SLS


def test_a_response_says_who_is_hit_and_names_nobody(stack: Stack, closed_night: Night) -> None:
    folder = stack.root / "landing" / "events" / "flood-01"
    folder.mkdir(parents=True)
    event = {"event_id": "flood-01", "type": "flood", "name": "Banjir", "started_on": DAY, "areas": [SUB_SLS[:7]]}
    (folder / "event.json").write_text(json.dumps(event))
    (folder / "affected.csv").write_text(f"nik,status,status_date\n{NIK},confirmed,{DAY}\n")
    before = {run for (run,) in stack.ask("select run_id from dag_run")}
    response = stack.response("flood-01")
    assert response.code == 0, response.said
    assert "Event flood-01  published" in response.said
    assert "hit         8 families" in response.said
    mirrored, published = ((stack.root / place / "CURRENT.json").read_text() for place in ("mirror", "published"))
    assert mirrored == published
    states = stack.ask("select dag_id, state, run_id from dag_run")
    assert [(dag, state) for dag, state, run in states if run not in before] == [("shock_response", "success")]
    assert stack.ask("select count(*) from asset where name = 'operational/shock_caseload'") == [(1,)]
    assert {event for (event,) in stack.ask("select a.name from asset_event e join asset a on a.id = e.asset_id")} >= {
        f"operational/{mart}" for mart in RESPONSE_MARTS
    }
    assert [
        leak for place in ("state", "scratch", "published", "airflow") for leak in leaks(stack.root / place, SECRETS)
    ] == []
    assert not [secret for secret in SECRETS if secret in response.said]


def test_no_dag_has_an_import_error(stack: Stack, open_night: Night) -> None:
    environment = {**os.environ, "AIRFLOW_HOME": str(stack.root / "airflow"), "PYTHONPATH": str(PROJECT),
                   "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
                   "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}  # fmt: skip
    command = [sys.executable, "-m", "airflow", "dags", "list-import-errors"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "No data found" in ran.stdout
