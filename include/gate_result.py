"""One rule's verdict, plain numbers and words, never a value of a person; and the ledger that keeps verdicts.

``state/gate_result/<run key>/<gate>.parquet``: one file a gate and run. Judging again, a run replaces its own.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema([
    ("run_key", pa.string()),
    ("as_of", pa.string()),
    ("gate", pa.string()),
    ("suite", pa.string()),
    ("rule", pa.string()),
    ("severity", pa.string()),
    ("figure_name", pa.string()),
    ("figure", pa.float64()),
    ("limit_text", pa.string()),
    ("passed", pa.bool_()),
    ("skipped", pa.bool_()),
    ("alert", pa.bool_()),
    ("owner", pa.string()),
])  # fmt: skip


class GateClosedError(Exception):
    """A critical rule tripped: the data may not be published. Retrying changes nothing."""


class GateFaultError(RuntimeError):
    """The gate itself failed: an error of ours, never bad data. The next attempt may succeed."""


@dataclass(frozen=True)
class RuleResult:
    """One rule's verdict: the figure seen and the limit it was held against.

    ``figure`` is None where the rule was ``skipped``: too few cases for it to say anything. A skipped rule passes.
    ``alert`` marks a rule whose tripping somebody must hear of tonight; ``owner`` is who answers for the limit.
    """

    gate: str
    suite: str
    rule: str
    severity: str
    figure_name: str
    figure: float | None
    limit_text: str
    passed: bool
    skipped: bool = False
    alert: bool = False
    owner: str = ""

    @property
    def verdict(self) -> str:
        """``passed``, ``tripped`` or ``skipped``."""
        return "skipped" if self.skipped else "passed" if self.passed else "tripped"

    @property
    def closes(self) -> bool:
        """Say whether this verdict closes its gate."""
        return self.verdict == "tripped" and self.severity == "critical"

    def sentence(self) -> str:
        """Say the verdict in one line."""
        figure = "too few cases" if self.figure is None else f"{self.figure:g}"
        return (
            f"suite {self.suite}, rule {self.rule} ({self.severity}) {self.verdict}: {self.figure_name} = {figure}, "
            f"limit {self.limit_text}, owner {self.owner}"
        )


def require_open(results: list[RuleResult], live: str) -> None:
    """Let pass what may be published.

    Raises:
        GateClosedError: names suite, rule, figures and owner of every tripped critical rule, and what stays live.
    """
    tripped = [r.sentence() for r in results if r.closes]
    if tripped:
        raise GateClosedError(f"gate {results[0].gate} closed: {'; '.join(tripped)}. {live} stays live.")


def keep_results(results: list[RuleResult], path: Path, run_key: str, as_of: str) -> None:
    """Append the verdicts to the gate history: written beside, then renamed, so that a reader sees them whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"run_key": run_key, "as_of": as_of, **asdict(result)} for result in results]
    beside = path.with_suffix(".beside")
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), beside)
    beside.rename(path)


def kept_results(folder: Path) -> list[dict]:
    """Read the verdicts of one run, gate by gate, without the run's own name."""
    rows = [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    return [{name: value for name, value in row.items() if name not in ("run_key", "as_of")} for row in rows]
