"""Run nights of ``field_uploads_nightly`` one after another in one Airflow process, and print what each did."""

import argparse
import logging
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from include.run_log import run_log
from include.settings import PROJECT, SettingsError, settings
from local_stack.random_keys import make_keys
from local_stack.summary import print_night

DAG_ID = "field_uploads_nightly"


def main() -> int:
    """Run the nights asked for; stop at the first that fails. Returns the process' exit code."""
    parser = argparse.ArgumentParser(prog="python -m local_stack.nights", description=__doc__)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: --from")
    parser.add_argument("--make-keys", action="store_true", help="write random keys where there is no keys file")
    asked = parser.parse_args()
    try:
        if asked.make_keys:
            make_keys()
        settings()
    except SettingsError as error:
        parser.exit(2, f"{error}\n")
    prepare_airflow()
    days = ((asked.last or asked.first) - asked.first).days + 1
    return 0 if all(run_night(asked.first + timedelta(days=n)) for n in range(days)) else 1


def prepare_airflow() -> None:
    """Make Airflow's metadata database, and the pool the DAGs name, if there is none yet."""
    from airflow.configuration import conf

    # Airflow's test loop announces every second of waiting, and its own use of a deprecated library.
    for chatter in ("airflow.sdk.definitions.dag", "py.warnings"):
        logging.getLogger(chatter).setLevel(logging.ERROR)
    database = Path(conf.get("database", "sql_alchemy_conn").removeprefix("sqlite:///"))
    if not database.exists():
        for command in (["db", "migrate"], ["pools", "set", "warehouse", "1", "DuckDB admits one writing process"]):
            subprocess.run([sys.executable, "-m", "airflow", *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words


def run_night(arrival_day: date) -> bool:
    """Run one night to its end and print it; say whether it succeeded."""
    started = time.monotonic()
    dag = dag_of(DAG_ID)
    dag_run = dag.test(run_conf={"arrival_day": arrival_day.isoformat()})
    log = run_log(settings().state, DAG_ID, dag_run.run_id)
    print_night(arrival_day, log, seconds=time.monotonic() - started)
    return str(dag_run.state) == "success"


def dag_of(dag_id: str):  # noqa: ANN201 - Airflow's DAG
    """Read a DAG from its file.

    Raises:
        SystemExit: a DAG file does not import.
    """
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(PROJECT / "dags")
    if bag.import_errors:
        raise SystemExit(f"DAG files do not import: {bag.import_errors}")
    return bag.dags[dag_id]


if __name__ == "__main__":
    sys.exit(main())
