"""The services of docker-compose.yaml without Docker: its commands, settings and health checks, run on this machine.

Only places differ: a container's folders become folders below one of the test's, its addresses free ports of 127.0.0.1.
"""

import os
import re
import secrets
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from include.settings import PROJECT
from tests.builders import keys_file
from tests.stack.postgres import postgres
from tests.stack.processes import free_port, running, wait_until

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yaml").read_text(encoding="utf-8"))["services"]
EXAMPLE = dict(re.findall(r"^(\w+)=(.+)$", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
LASTING = ("api-server", "scheduler", "dag-processor", "triggerer")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::[?-]([^}]*))?\}")


def _secrets() -> dict[str, str]:
    """What `.env` must hold beyond its example."""
    names = ("AIRFLOW_JWT_SECRET", "AIRFLOW_SECRET_KEY", "AIRFLOW_ADMIN_PASSWORD", "POSTGRES_PASSWORD")
    fernet_key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
    keys = {"AIRFLOW_FERNET_KEY": fernet_key, "REGSOSEK_PSEUDONYM_KEY": b64encode(secrets.token_bytes(32)).decode()}
    return {**keys, **{name: secrets.token_hex(32) for name in names}}


@dataclass(frozen=True)
class Stack:
    """One instance of the stack: its folders, its ports and its secrets."""

    folder: Path
    landing: Path
    dags: Path = PROJECT / "dags"
    postgres_port: int = field(default_factory=free_port)
    api_port: int = field(default_factory=free_port)
    secrets: dict[str, str] = field(default_factory=_secrets, repr=False)

    @property
    def data(self) -> Path:
        """Where a container has /data."""
        return self.folder / "data"

    def here(self, text: str) -> str:
        """A text of the compose file with its variables filled in and its places turned into this machine's."""
        given = EXAMPLE | self.secrets
        text = VARIABLE.sub(lambda found: given.get(found[1]) or found[2], text).replace("$$", "$")
        places = {
            EXAMPLE["REGSOSEK_KEYS_FILE"]: keys_file(self.folder),
            "/data/landing": self.landing,
            "/data": self.data,
            "/opt/airflow": self.folder / "airflow",
            "/opt/regsosek/dags": self.dags,
            "/opt/regsosek": PROJECT,
            "@postgres:5432": f"@127.0.0.1:{self.postgres_port}",
            "//api-server:8080": f"//127.0.0.1:{self.api_port}",
            "//127.0.0.1:8080": f"//127.0.0.1:{self.api_port}",
        }
        return re.sub("|".join(map(re.escape, places)), lambda found: str(places[found[0]]), text)

    def environment(self, service: str) -> dict[str, str]:
        """A service's environment: what compose gives it, and of the caller's only the way to programs."""
        said = COMPOSE[service]["environment"]
        # What has no value there would be passed through, were it set: here none is.
        given = {name: self.here(str(value)) for name, value in said.items() if value is not None}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        local = {"AIRFLOW__API__HOST": "127.0.0.1", "AIRFLOW__API__PORT": str(self.api_port)}
        return {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8", **local, **given}

    def run(self, service: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run one of compose's commands to its end in the service's environment."""
        words, environment = [self.here(word) for word in command], self.environment(service)
        return subprocess.run(words, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=120)

    def is_healthy(self, service: str) -> bool:
        """Whether the service passes its own health check of the compose file."""
        return self.run(service, COMPOSE[service]["healthcheck"]["test"][1:]).returncode == 0


def _initialise(stack: Stack) -> None:
    for name in ("raw", "warehouse", "published", "state", "scratch"):
        (stack.data / name).mkdir(parents=True)
    outcome = stack.run("airflow-init", COMPOSE["airflow-init"]["command"])
    if outcome.returncode:
        raise RuntimeError(f"airflow-init failed\n{outcome.stdout[-2000:]}\n{outcome.stderr[-4000:]}")


@contextmanager
def started(stack: Stack) -> Iterator[Stack]:
    """Start everything in compose's order, hand it over healthy, and stop it in the opposite order."""
    with ExitStack() as services:
        database = postgres(stack.folder / "postgres", stack.postgres_port, stack.secrets["POSTGRES_PASSWORD"])
        services.enter_context(database)
        _initialise(stack)
        for name in LASTING:
            command = [stack.here(word) for word in COMPOSE[name]["command"]]
            services.enter_context(running(command, stack.environment(name), stack.folder / f"{name}.log"))
            if name == "api-server":  # the scheduler's workers report to it
                wait_until(partial(stack.is_healthy, name), 90, f"a healthy {name}")
        for name in LASTING:
            wait_until(partial(stack.is_healthy, name), 60, f"a healthy {name}")
        yield stack
