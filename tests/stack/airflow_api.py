"""What the test asks of the running Airflow, over its public API and as the user that the init service made."""

import time
from contextlib import suppress
from functools import partial
from typing import Any

import httpx

from tests.stack.processes import wait_until
from tests.stack.services import Stack


class AirflowApi:
    """A logged-in client of the api-server."""

    def __init__(self, stack: Stack) -> None:
        """Log in."""
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{stack.api_port}", timeout=20)
        login = {"username": "admin", "password": stack.secrets["AIRFLOW_ADMIN_PASSWORD"]}
        token = self._client.post("/auth/token", json=login).raise_for_status().json()["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:  # noqa: ANN401  # JSON
        """Read one resource."""
        return self._client.get(f"/api/v2{path}").raise_for_status().json()

    def knows(self, dag: str) -> bool:
        """Whether the dag-processor has brought the DAG in."""
        return self._client.get(f"/api/v2/dags/{dag}").status_code == httpx.codes.OK

    def unpause(self, dag: str) -> None:
        """Let the DAG be started by whatever starts it."""
        self._client.patch(f"/api/v2/dags/{dag}", json={"is_paused": False}).raise_for_status()

    def runs(self, dag: str) -> dict[str, tuple[str, str]]:
        """Every run of the DAG so far: what started it, and its state."""
        found = self.get(f"/dags/{dag}/dagRuns")["dag_runs"]
        return {run["dag_run_id"]: (run["run_type"], run["state"]) for run in found}

    def has_been_quiet(self, dag: str, seconds: float) -> bool:
        """Watch the DAG that long; say whether it had no run under way in all that time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(state not in ("success", "failed") for _, state in self.runs(dag).values()):
                return False
            time.sleep(0.5)
        return True

    def outcome(self, dag: str, run: str, seconds: float) -> str:
        """Wait for the run to end, or for a task that will be tried again only in minutes; return the run's state."""
        state = partial(self.get, f"/dags/{dag}/dagRuns/{run}")

        def has_ended() -> bool:
            return state()["state"] in {"success", "failed"} or "up_for_retry" in self.task_states(dag, run).values()

        with suppress(TimeoutError):
            wait_until(has_ended, seconds, "the run to end")
        return str(state()["state"])

    def task_states(self, dag: str, run: str) -> dict[str, str]:
        """State of every task of the run."""
        tasks = self.get(f"/dags/{dag}/dagRuns/{run}/taskInstances")["task_instances"]
        return {task["task_id"]: task["state"] for task in tasks}
