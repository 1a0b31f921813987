"""What each run did, as an append-only Parquet ledger outside the warehouse: one small file an entry, never rewritten.

``state/run_log/<run key>/<NNN>-<step>-<outcome>.parquet``. A run without a closing entry was interrupted.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from include.withheld import said_of

SCHEMA = pa.schema([
    ("run_key", pa.string()),
    ("entry_number", pa.int32()),
    ("step", pa.string()),
    ("outcome", pa.string()),
    ("as_of", pa.string()),
    ("started_at", pa.timestamp("us", tz="UTC")),
    ("seconds", pa.float64()),
    ("figures", pa.string()),
    ("message", pa.string()),
])  # fmt: skip

OPENED, DONE, FAILED, CLOSED, INTERRUPTED = "opened", "done", "failed", "closed", "interrupted"


@dataclass(frozen=True)
class RunLog:
    """The ledger of one run. ``key`` is the run's name made fit for a folder."""

    state: Path
    key: str

    @property
    def folder(self) -> Path:
        """Where this run's entries lie."""
        return self.state / "run_log" / self.key

    def enter(
        self,
        step: str,
        outcome: str,
        *,
        as_of: str | None = None,
        seconds: float = 0.0,
        started_at: datetime | None = None,
        figures: dict | None = None,
        message: str | None = None,
    ) -> None:
        """Append one entry: written beside, then renamed, so that a reader sees it whole or not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        number = self._claim_number()
        row = {
            "run_key": self.key,
            "entry_number": number,
            "step": step,
            "outcome": outcome,
            "as_of": as_of,
            "started_at": started_at or datetime.now(UTC),
            "seconds": round(seconds, 3),
            "figures": json.dumps(figures, sort_keys=True) if figures is not None else None,
            "message": message,
        }
        path = self.folder / f"{number:03d}-{step}-{outcome}.parquet"
        beside = path.with_suffix(".beside")
        pq.write_table(pa.Table.from_pylist([row], SCHEMA), beside)
        beside.rename(path)

    def _claim_number(self) -> int:
        """Take the next number for this process alone: tasks of one run may enter at the same moment."""
        number = len(list(self.folder.glob("*.parquet"))) + 1
        while True:
            try:
                (self.folder / f".{number:03d}").touch(exist_ok=False)
            except FileExistsError:
                number += 1
            else:
                return number

    @contextmanager
    def step(self, name: str, as_of: str) -> Iterator[dict]:
        """Time one step and enter how it ended. The yielded dict takes figures: counts and digests, never values."""
        figures: dict = {}
        started_at, started = datetime.now(UTC), time.monotonic()
        outcome: str = FAILED
        message: str | None = "killed"
        try:
            yield figures
            outcome, message = DONE, None
        except BaseException as error:
            message = f"{type(error).__name__}: {said_of(error)}"
            raise
        finally:
            self.enter(
                name, outcome, as_of=as_of, seconds=time.monotonic() - started, started_at=started_at, figures=figures,
                message=message,
            )  # fmt: skip

    def entries(self) -> list[dict]:
        """Read this run's entries in order."""
        return [row for path in sorted(self.folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def run_log(state: Path, dag_id: str, run_id: str) -> RunLog:
    """Open the ledger of a run; Airflow's ids become one folder name."""
    return RunLog(state, re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{dag_id}__{run_id}"))


def enter_interrupted(state: Path, dag_id: str, but: RunLog) -> list[str]:
    """Enter every earlier run of the DAG that never closed as interrupted; return their keys.

    Only sound where one run of the DAG is active at a time.
    """
    interrupted = []
    for folder in sorted((state / "run_log").glob(f"{dag_id}__*")):
        last = max(folder.glob("*.parquet"), default=None)
        if last and folder.name != but.key and not last.stem.endswith((CLOSED, INTERRUPTED)):
            RunLog(state, folder.name).enter("close_run", INTERRUPTED, message="never closed: killed before its end")
            interrupted.append(folder.name)
    return interrupted
