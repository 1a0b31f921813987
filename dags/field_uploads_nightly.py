"""
# field_uploads_nightly

One night of the field work: every arrival day up to `arrival_day` that is new or has changed is taken in, the marts are
built once, the gates judge them, and what passes is published. A closed gate leaves the last publication as it is.

Run it by hand with `{"arrival_day": "2022-10-17"}`; the schedule takes the day before, in Asia/Jakarta.
What to do when a task is red: docs/runbook.md.
"""

from datetime import timedelta

import pendulum
from airflow.sdk import Param, dag, task, task_group, teardown

from include.assets import published_marts

WAREHOUSE = "warehouse"  # a pool of one slot: DuckDB admits no second process while one writes
RUN = "{{ dag.dag_id }}/{{ run_id }}"


@dag(
    dag_id="field_uploads_nightly",
    schedule="30 1 * * *",
    start_date=pendulum.datetime(2022, 10, 15, tz="Asia/Jakarta"),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["regsosek", "nightly"],
    params={"arrival_day": Param(None, type=["null", "string"], format="date", description="Night to run, YYYY-MM-DD")},
    default_args={"owner": "data-team", "retries": 2, "retry_delay": timedelta(minutes=5)},
)
def field_uploads_nightly() -> None:
    """Lay out the path of the data: arrive, raw, marts, published."""

    @task
    def pick_arrival_day(params: dict, logical_date: pendulum.DateTime | None = None) -> str:
        from include import steps

        return steps.pick_arrival_day(params["arrival_day"], logical_date)

    @task
    def open_run(run: str, arrival_day: str) -> str:
        from include import steps

        return steps.open_run(run, arrival_day)

    @task
    def take_in_headquarters(run: str, as_of: str) -> int:
        from include import steps

        return steps.take_in_headquarters(run, as_of)

    @task
    def take_in_uploads(run: str, as_of: str) -> int:
        from include import steps

        return steps.take_in_uploads(run, as_of)

    @task(pool=WAREHOUSE)
    def show_raw(run: str, as_of: str) -> int:
        from include import steps

        return steps.show_raw(run, as_of)

    @task(pool=WAREHOUSE)
    def build(run: str, as_of: str, layer: str) -> int:
        from include import steps

        return steps.build(run, as_of, layer)

    @task(pool=WAREHOUSE)
    def check_gate(run: str, as_of: str, gate: str) -> int:
        from include import steps

        return steps.check_gate(run, as_of, gate)

    @task(pool=WAREHOUSE, outlets=published_marts())
    def publish(run: str, as_of: str, outlet_events: dict | None = None) -> str:
        from include import steps

        return steps.publish(run, as_of, outlet_events)

    @task
    def mirror(run: str, as_of: str) -> str:
        from include import steps

        return steps.mirror(run, as_of)

    @teardown
    def close_run(run: str) -> str:
        from include import steps

        return steps.close_run(run)

    @task_group
    def landing_to_raw(as_of: str) -> None:
        taken_in = [take_in_headquarters(RUN, as_of), take_in_uploads(RUN, as_of)]
        taken_in >> show_raw(RUN, as_of) >> check_gate.override(task_id="gate_raw")(RUN, as_of, "raw")

    @task_group
    def raw_to_marts(as_of: str) -> None:
        seeds = build.override(task_id="build_seeds")(RUN, as_of, "seeds")
        staging = build.override(task_id="build_staging")(RUN, as_of, "staging")
        judged = check_gate.override(task_id="gate_staging")(RUN, as_of, "staging")
        intermediate = build.override(task_id="build_intermediate")(RUN, as_of, "intermediate")
        marts = build.override(task_id="build_marts")(RUN, as_of, "marts")
        seeds >> staging >> judged >> intermediate >> marts
        judged_marts = check_gate.override(task_id="gate_marts")(RUN, as_of, "marts")
        marts >> judged_marts >> check_gate.override(task_id="gate_shock")(RUN, as_of, "shock")

    @task_group
    def marts_to_published(as_of: str) -> None:
        publish(RUN, as_of) >> mirror(RUN, as_of)

    as_of = open_run(RUN, pick_arrival_day())
    landing_to_raw(as_of) >> raw_to_marts(as_of) >> marts_to_published(as_of) >> close_run(RUN)


field_uploads_nightly()
