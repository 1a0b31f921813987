"""
# housekeeping

Takes away the snapshots that nobody needs: kept are what is live, the last as-of days (`REGSOSEK_SNAPSHOTS_KEPT`) and
the last of each week. Files that snapshots share are hard links, so none loses anything. While a night or a response
writes, the task fails and tries again.
"""

from datetime import timedelta

import pendulum
from airflow.sdk import dag, task

RUN = "{{ dag.dag_id }}/{{ run_id }}"


@dag(
    dag_id="housekeeping",
    schedule="0 12 * * 0",
    start_date=pendulum.datetime(2022, 10, 15, tz="Asia/Jakarta"),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["regsosek"],
    default_args={"owner": "data-team", "retries": 5, "retry_delay": timedelta(minutes=5)},
)
def housekeeping() -> None:
    """One step: nothing else has to be kept in order."""

    @task
    def housekeep(run: str) -> int:
        from include import housekeeping_steps

        return housekeeping_steps.housekeep(run)

    housekeep(RUN)


housekeeping()
