"""
# shock_response

Who is hit: an event (disaster, outbreak) in `landing/events/<event_id>` is taken in, measured against the live
snapshot, judged and published within a minute, by day or during a night; what did not change is linked.

It starts when an event's folder is new or has changed, or by hand with `{"event_id": "flood-01"}`. It never opens the
warehouse file, so it waits for no night. What to do when a task is red: docs/shock_response.md.
"""

from datetime import timedelta

import pendulum
from airflow.sdk import Param, dag, task, teardown

from include.assets import landed_events, response_marts

RUN = "{{ dag.dag_id }}/{{ run_id }}"


@dag(
    dag_id="shock_response",
    schedule=[landed_events()],
    start_date=pendulum.datetime(2022, 10, 15, tz="Asia/Jakarta"),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["regsosek", "shock"],
    params={"event_id": Param(None, type=["null", "string"], description="Folder below landing/events")},
    default_args={"owner": "data-team", "retries": 2, "retry_delay": timedelta(seconds=10)},
)
def shock_response() -> None:
    """Lay out the path of an event: landed, raw, measured against what is live, judged, published."""

    @task
    def pick_event(params: dict, triggering_asset_events: dict | None = None) -> str:
        from include import shock_steps

        return shock_steps.pick_event(params["event_id"], triggering_asset_events)

    @task
    def open_run(run: str, event_id: str) -> str:
        from include import shock_steps

        return shock_steps.open_run(run, event_id)

    @task
    def take_in_event(run: str, as_of: str, event_id: str) -> int:
        from include import shock_steps

        return shock_steps.take_in_event(run, as_of, event_id)

    @task
    def load_live(run: str, as_of: str) -> int:
        from include import shock_steps

        return shock_steps.load_live(run, as_of)

    @task
    def build(run: str, as_of: str) -> int:
        from include import shock_steps

        return shock_steps.build(run, as_of)

    @task
    def check_gate(run: str, as_of: str) -> int:
        from include import shock_steps

        return shock_steps.check_gate(run, as_of)

    @task(outlets=response_marts())
    def publish(run: str, as_of: str, outlet_events: dict | None = None) -> str:
        from include import shock_steps

        return shock_steps.publish(run, as_of, outlet_events)

    @task
    def mirror(run: str, as_of: str) -> str:
        from include import shock_steps

        return shock_steps.mirror(run, as_of)

    @teardown
    def close_run(run: str) -> str:
        from include import shock_steps

        return shock_steps.close_run(run)

    event_id = pick_event()
    as_of = open_run(RUN, event_id)
    judged = check_gate.override(task_id="gate_shock")(RUN, as_of)
    take_in_event(RUN, as_of, event_id) >> load_live(RUN, as_of) >> build(RUN, as_of) >> judged
    judged >> publish(RUN, as_of) >> mirror(RUN, as_of) >> close_run(RUN)


shock_response()
