"""DAG files are tables of contents: these DAGs and no others, thin, and in the pool where they touch the warehouse."""

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path

import pytest

from include.publication.policy import RESPONSE_MARTS
from include.settings import PROJECT

DAGS = PROJECT / "dags"
ALLOWED_IMPORTS = {"datetime", "pendulum", "airflow.sdk", "include.assets"}
WITHOUT_POOL = {"pick_arrival_day", "open_run", "landing_to_raw.take_in_headquarters", "landing_to_raw.take_in_uploads",
                "marts_to_published.mirror", "close_run"}  # fmt: skip
FILES = sorted(DAGS.glob("*.py"))


@pytest.fixture(scope="module")
def bag():  # noqa: ANN201
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(DAGS)


@pytest.fixture
def night(bag):  # noqa: ANN001, ANN201
    return bag.dags["field_uploads_nightly"]


@pytest.fixture
def response(bag):  # noqa: ANN001, ANN201
    return bag.dags["shock_response"]


def test_the_dags_are_exactly_these_and_all_import(bag) -> None:  # noqa: ANN001
    assert set(bag.dags) == {"field_uploads_nightly", "shock_response", "housekeeping"}
    assert bag.import_errors == {}


def test_a_dag_is_named_as_its_file(bag) -> None:  # noqa: ANN001
    assert {Path(dag.fileloc).stem for dag in bag.dags.values()} == set(bag.dags) == {f.stem for f in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_a_dag_file_is_thin(file: Path) -> None:
    source = file.read_text()
    tree = ast.parse(source)
    top = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert top, "no import seen: this test looks at nothing"
    assert top <= ALLOWED_IMPORTS
    assert len(source.splitlines()) <= 120
    assert not file.name.startswith("dbt_"), "dbt imports modules named dbt_*"
    for word in ("select ", "os.environ", "datetime.now", "for ", ".parquet", "marts.", "staging."):
        assert word not in source.split('"""', 2)[2].replace("task_group", ""), word


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_a_task_is_one_import_and_one_call(file: Path) -> None:
    tasks = [
        node for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and any(_decorator(d) in ("task", "teardown") for d in node.decorator_list)
    ]  # fmt: skip
    assert tasks
    for task in tasks:
        kinds = [type(statement) for statement in task.body]
        assert kinds == [ast.ImportFrom, ast.Return], task.name


def _decorator(node: ast.expr) -> str:
    return _decorator(node.func) if isinstance(node, ast.Call) else getattr(node, "id", "")


def test_every_task_that_touches_the_warehouse_takes_its_one_slot(night) -> None:  # noqa: ANN001
    without = {task.task_id for task in night.tasks if task.pool != "warehouse"}
    assert without == WITHOUT_POOL


def test_a_response_never_waits_for_the_night(response) -> None:  # noqa: ANN001
    assert {task.pool for task in response.tasks} == {"default_pool"}
    source = (PROJECT / "include" / "shock_steps.py").read_text()
    assert "own.warehouse" in source
    of_night = re.findall(r"(?:configured|settings\(\))\.warehouse(?!\.name)", source)
    assert of_night == [], "a response opens no warehouse but its own"


@pytest.mark.parametrize("dag_id", ["field_uploads_nightly", "shock_response", "housekeeping"])
def test_tasks_retry_and_runs_do_not_overlap(bag, dag_id: str) -> None:  # noqa: ANN001
    dag = bag.dags[dag_id]
    assert all(task.retries >= 1 for task in dag.tasks)
    assert dag.max_active_runs == 1
    assert dag.catchup is False


@pytest.mark.parametrize("dag_id", ["field_uploads_nightly", "shock_response"])
def test_the_closing_task_always_runs_and_turns_nothing_green(bag, dag_id: str) -> None:  # noqa: ANN001
    dag = bag.dags[dag_id]
    close = dag.get_task("close_run")
    assert close.is_teardown
    assert not close.on_failure_fail_dagrun
    assert not any(task.is_setup for task in dag.tasks), "a failed setup would skip the teardown"


def test_the_path_of_the_data_is_one_line(night) -> None:  # noqa: ANN001
    path = ["open_run", "landing_to_raw.take_in_uploads", "landing_to_raw.show_raw", "landing_to_raw.gate_raw",
            "raw_to_marts.build_seeds", "raw_to_marts.build_staging", "raw_to_marts.gate_staging",
            "raw_to_marts.build_intermediate", "raw_to_marts.build_marts", "raw_to_marts.gate_marts",
            "raw_to_marts.gate_shock", "marts_to_published.publish", "marts_to_published.mirror",
            "close_run"]  # fmt: skip
    for before, after in pairwise(path):
        assert before in night.get_task(after).upstream_task_ids, after


def test_the_path_of_an_event_is_one_line(response) -> None:  # noqa: ANN001
    path = ["pick_event", "open_run", "take_in_event", "load_live", "build", "gate_shock", "publish", "mirror",
            "close_run"]  # fmt: skip
    for before, after in pairwise(path):
        assert before in response.get_task(after).upstream_task_ids, after


def test_a_response_starts_when_an_event_lands(response) -> None:  # noqa: ANN001
    from airflow.serialization.serialized_objects import DagSerialization

    (asset,) = response.timetable.asset_condition.objects
    assert asset.name == "landing/events"
    (watcher,) = asset.watchers
    assert watcher.trigger.serialize() == ("include.event_trigger.EventFolderTrigger", {"poll_seconds": 5.0})
    assert "include.event_trigger.EventFolderTrigger" in str(DagSerialization.to_dict(response))


def test_every_mart_of_the_events_is_published_anew_and_no_other(response) -> None:  # noqa: ANN001
    from include.publication.policy import RESPONSE_MARTS

    models = {path.stem for path in (PROJECT / "dbt_project" / "models" / "marts" / "adaptive").glob("*.sql")}
    assert models == set(RESPONSE_MARTS)
    outlets = {asset.name for asset in response.get_task("publish").outlets}
    assert outlets == {f"operational/{mart}" for mart in RESPONSE_MARTS}


def test_every_gate_is_a_task_and_no_other(night) -> None:  # noqa: ANN001
    from include.gates import GATES

    named = {task.task_id.split(".")[-1] for task in night.tasks if ".gate_" in task.task_id}
    assert named == {f"gate_{gate}" for gate in GATES}


def test_every_published_mart_is_an_asset(night) -> None:  # noqa: ANN001
    from include.publication.policy import TIERS, read_policy

    policy = PROJECT / "include" / "publication" / "publication_policy.csv"
    published = {f"{tier}/{mart.name}" for tier in TIERS for mart in read_policy(policy, tier)}
    assert published
    assert {asset.name for asset in night.get_task("marts_to_published.publish").outlets} == published


def test_the_arrival_day_is_a_date(night) -> None:  # noqa: ANN001
    night.params.validate()
    night.params["arrival_day"] = "2022-10-17"
    night.params.validate()
    with pytest.raises(Exception, match=r"not a 'date'|does not match|is not valid"):
        night.params["arrival_day"] = "17-10-2022"


def test_the_events_of_what_was_published_lead_to_snapshot_data_docs_and_site(tmp_path: Path) -> None:
    from airflow.sdk.execution_time.context import OutletEventAccessors

    from include.assets import published_marts
    from include.report import FIRST_PAGE
    from include.run_links import say_links

    folders = {tier: tmp_path / tier for tier in ("open", "operational")}
    for page in (folders["open"] / FIRST_PAGE, tmp_path / "docs" / "marts" / "gate.html"):
        page.parent.mkdir(parents=True)
        page.write_text("")
    events, assets = OutletEventAccessors(), published_marts()
    say_links(events, {tier: str(folder) for tier, folder in folders.items()}, tmp_path / "docs")
    said = {asset.name.partition("/")[0]: events[asset].extra for asset in assets}
    assert said["open"]["snapshot"] == folders["open"].as_uri()
    assert said["open"]["site"].endswith("/open/site/index.html")
    assert "site" not in said["operational"]
    assert said["operational"]["data_docs"]["marts"].endswith("/docs/marts/gate.html")
    of_response = OutletEventAccessors()
    say_links(of_response, {"operational": str(folders["operational"])}, tmp_path / "docs", RESPONSE_MARTS)
    assert {asset.name for asset in of_response} == {f"operational/{mart}" for mart in RESPONSE_MARTS}
    say_links(None, {}, tmp_path)  # outside Airflow nobody listens


@pytest.mark.parametrize("dag_id", ["field_uploads_nightly", "shock_response"])
def test_the_publishing_task_is_given_the_events_of_its_assets(bag, dag_id: str) -> None:  # noqa: ANN001
    (task,) = [task for task in bag.dags[dag_id].tasks if task.task_id.rpartition(".")[2] == "publish"]
    assert "outlet_events" in inspect.signature(task.python_callable).parameters
    assert task.outlets
