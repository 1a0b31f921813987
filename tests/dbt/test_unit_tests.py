"""Every dbt unit test passes, on relations of a built warehouse; and a broken model is noticed."""

import json
import subprocess
import sys

import duckdb
import pytest

from include import transform
from include.settings import Settings
from tests.builders import DAY, LandingZone, family
from tests.pipeline import build_marts


def test_every_dbt_unit_test_passes(zone: LandingZone, here: Settings) -> None:
    zone.send([family(1)])
    build_marts(here, DAY)
    declared = json.loads(transform.manifest_path(here.scratch).read_text())["unit_tests"]
    assert len(declared) > 40
    assert transform.run_unit_tests(DAY, here) == {"pass": len(declared)}


def test_a_warehouse_that_another_process_holds_is_busy_and_worth_another_try(
    zone: LandingZone, here: Settings
) -> None:
    build_marts(here, DAY)
    hold = (
        f"import duckdb, time; c = duckdb.connect({str(here.warehouse)!r}); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(transform.WarehouseBusyError, match=r"another process holds .*regsosek\.duckdb"):
            transform.build("staging", DAY, here)
        holder.kill()


def test_a_failing_node_is_named_without_a_value_and_stops_the_build(zone: LandingZone, here: Settings) -> None:
    zone.send([family(1, r108="SRI RAHASIA")])
    build_marts(here, DAY)
    with duckdb.connect(str(here.warehouse)) as connection:
        connection.execute("create table raw.kept as from raw.documents")
        connection.execute("drop view raw.documents")
        connection.execute("create view raw.documents as select 1 as nothing")
    with pytest.raises(transform.TransformError, match="stg_field__documents"):
        transform.build("staging", DAY, here)
    with duckdb.connect(str(here.warehouse)) as connection:
        unreadable = "select * replace (cast(cast(r108 as integer) as varchar) as submission_id) from raw.kept"
        connection.execute(f"create or replace view raw.documents as {unreadable}")
    transform.build("staging", DAY, here)  # views: whoever reads them fails
    with pytest.raises(transform.TransformError, match=r"Conversion Error: source column r108") as failed:
        transform.build("intermediate", DAY, here)
    assert "RAHASIA" not in str(failed.value)
    logged = [path.read_text() for path in (here.scratch / "dbt_logs").rglob("*") if path.is_file()]
    assert not [text for text in logged if "RAHASIA" in text]
