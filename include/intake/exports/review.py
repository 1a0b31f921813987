"""What Survey Solutions records beside the answers: who completed, approved or rejected an interview, and what its
checks left open.

An interview is a document while the last action that decides about it is a completion or an approval. One that was
rejected, restarted or never completed waits: its next completion sends it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from include.intake.exports.table import Table, shown
from include.intake.finding import BundleRejected, Finding

# Codes of the tabular export and the words of its label files; both occur.
_COMPLETED = frozenset({"3", "completed"})
_APPROVED = frozenset(
    {"5", "6", "approvebysupervisor", "approvebyheadquarter", "approvedbysupervisor", "approvedbyheadquarters"}
)
_SENT_BACK = frozenset(
    {"4", "7", "8", "restarted", "rejectedbysupervisor", "rejectedbyheadquarter", "rejectedbyheadquarters"}
)

COMPLETIONS = "@completions"


@dataclass(frozen=True)
class Reviewed:
    """By interview key: how often it was completed, whether it waits, and the variables its checks left open."""

    completions: Counter[str]
    waiting: frozenset[str]
    errors: dict[str, list[str]]


def read_review(actions: Table, errors: Table) -> Reviewed:
    """Read both files.

    Raises:
        BundleRejected: MISSING_COLUMN where one has not the columns that Survey Solutions gives it.
    """
    keys, moments, kinds = _columns(actions, "interview__key", ("date", "time"), "action")
    last: dict[str, tuple[str, str]] = {}
    completions: Counter[str] = Counter()
    for key, moment, kind in zip(keys, moments, kinds, strict=True):
        completions[key] += kind in _COMPLETED
        if kind in _COMPLETED | _APPROVED | _SENT_BACK and moment >= last.get(key, ("", ""))[0]:
            last[key] = (moment, kind)
    waiting = {key for key in keys if last.get(key, ("", ""))[1] not in _COMPLETED | _APPROVED}
    return Reviewed(completions, frozenset(waiting), _open_errors(errors))


def _columns(table: Table, key: str, when: tuple[str, ...], kind: str) -> tuple[list[str], list[str], list[str]]:
    _require(table, (key, *when, kind))
    moments = [" ".join(parts) for parts in zip(*(table.columns[name] for name in when), strict=True)]
    return table.columns[key], moments, ["".join(text.lower().split()) for text in table.columns[kind]]


def _open_errors(table: Table) -> dict[str, list[str]]:
    variable = "variable" if "variable" in table.columns else "Variable"
    _require(table, ("interview__key", variable))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, name in zip(table.columns["interview__key"], table.columns[variable], strict=True):
        found[key].append(shown(name))
    return dict(found)


def _require(table: Table, names: tuple[str, ...]) -> None:
    lacking = [name for name in names if name not in table.columns]
    if lacking:
        raise BundleRejected(Finding("MISSING_COLUMN", table.name, detail=", ".join(lacking)))
