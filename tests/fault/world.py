"""A folder with a landing zone and all that nights made of it: to be run in, copied, killed and compared."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from include.publication.package import SUMS, is_whole
from include.publication.pointer import live
from include.run_log import RunLog
from include.settings import PROJECT, settings
from tests.builders import keys_file
from tests.pipeline import run_night, run_response

RUNS: dict[str, Callable[[str, str], str]] = {"field_uploads_nightly": run_night, "shock_response": run_response}
PLACES = ("landing", "raw", "published", "state", "scratch")
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class World:
    """Everything of one pipeline below one folder, and which of its DAGs is run in it."""

    root: Path
    dag_id: str = "field_uploads_nightly"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    def live_snapshots(self) -> dict[str, str]:
        """Path below published of the snapshot that the pointer names, by tier."""
        current = live(self.published)
        assert current
        return {tier: said["path"] for tier, said in current["tiers"].items()}

    def settings(self) -> dict[str, str]:
        places = {f"REGSOSEK_{name.upper()}": str(self.root / name) for name in PLACES}
        files = {"WAREHOUSE": self.root / "regsosek.duckdb", "KEYS_FILE": keys_file(self.root)}
        return {**places, **{f"REGSOSEK_{name}": str(path) for name, path in files.items()}}

    def copy(self, root: Path) -> "World":
        shutil.copytree(self.root, root)
        return replace(self, root=root)

    def run(self, subject: str, run_id: str) -> None:
        """Run a night or a response in this process, which keeps what it imported and parsed for the next."""
        with pytest.MonkeyPatch.context() as patched:
            for name, value in self.settings().items():
                patched.setenv(name, value)
            settings.cache_clear()
            RUNS[self.dag_id](subject, run_id)
        settings.cache_clear()

    @contextmanager
    def running(self, subject: str, run_id: str) -> Iterator[subprocess.Popen]:
        """Run one in a process group of its own; the block begins when its run log is open, and may kill it."""
        temporary = self.root / "tmp"
        temporary.mkdir(exist_ok=True)
        outside = {name: value for name, value in os.environ.items() if not name.startswith("REGSOSEK_")}
        environment = outside | self.settings() | {"PYTHONPATH": str(PROJECT), "TMPDIR": str(temporary)}
        command = [sys.executable, "-m", "tests.fault.one_run", self.dag_id, subject, run_id]
        with (self.root / f"{run_id}.txt").open("wb") as said:
            night = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
        try:
            wait_for(lambda: self.has_entered(run_id, "open_run"), night)
            yield night
        finally:
            kill(night)

    def log(self, run_id: str) -> RunLog:
        return RunLog(self.root / "state", f"{self.dag_id}__{run_id}")

    def has_entered(self, run_id: str, step: str) -> bool:
        return any(self.log(run_id).folder.glob(f"*-{step}-*.parquet"))

    def leftovers(self) -> list[str]:
        found = (p.relative_to(self.root).as_posix() for p in self.root.rglob(".*") if ".beside" in p.name)
        return sorted(found)


def wait_for(happened: Callable[[], bool], night: subprocess.Popen, every_seconds: float = 0.01) -> bool:
    """Look until something has happened, or the night is over; say whether it has."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if night.poll() is not None:
            return happened()
        assert time.monotonic() < give_up, "waited too long"
        time.sleep(every_seconds)
    return True


def kill(night: subprocess.Popen) -> bool:
    """Kill a night's whole process group; say whether it was still alive."""
    if night.poll() is None:
        os.killpg(night.pid, signal.SIGKILL)
    return night.wait() == -signal.SIGKILL


def content(published: Path) -> dict[str, str]:
    """Every published file by path, with its digest; of an encrypted one what its keyed digest says.

    Encryption is randomised: a file written again differs in bytes, and with it the list of checksums.
    """
    found = digests(published)
    for package in published.glob("operational/snapshots/*/datapackage.json"):
        folder = package.parent.relative_to(published).as_posix()
        keyed = json.loads(package.read_text())["keyed_digests"]
        found |= {f"{folder}/{path}": digest for path, digest in keyed.items() if f"{folder}/{path}" in found}
        found[f"{folder}/{SUMS}"] = f"whole: {is_whole(package.parent)}"
    return found


def raw_content(raw: Path) -> dict[str, str]:
    """Every raw file by path, with its digest; of a partition's note what it says of content.

    The note's listing speaks of the landing files' times too, and a copied landing zone has others.
    """
    found = digests(raw)
    for note in raw.glob("*/*/partition.json"):
        said = json.loads(note.read_text())
        found[note.relative_to(raw).as_posix()] = f"{said['inputs_digest']} {said['rows']}"
    return found


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder by path, with its digest."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
