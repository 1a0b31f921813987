"""What a snapshot was made from, as one digest: inputs, settings, code, engines. No clock: the same gives the same."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from include.settings import PROJECT, Settings

_ENGINES = (
    "duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "pyarrow", "xlsxwriter", "reportlab", "jinja2"
)  # fmt: skip
_CODE = (
    "dbt_project",
    "expectations",
    "include/intake",
    "include/publication",
    "include/report",
    "include/contract.py",
    "include/gate_expectations.py",
    "include/gate_figures.py",
    "include/gate_result.py",
    "include/gates.py",
    "include/shock_load.py",
)
_SOURCES = {".sql", ".yml", ".yaml", ".csv", ".py", ".md", ".j2", ".js", ".css", ".json", ".topojson"}


def lineage(inputs: dict[str, str], as_of: str, settings: Settings) -> dict[str, str]:
    """Digest everything that shapes a snapshot's bytes; ``inputs`` maps ``<kind>/<day>`` to a content digest."""
    return _digested({"as_of": as_of, "inputs": _digest_of(inputs), **_made_with(settings)})


def for_operational(made_from: dict[str, str], events: dict[str, str], fingerprint: str) -> dict[str, str]:
    """The lineage of a snapshot that is encrypted and names who was hit: other keys or events make another snapshot."""
    return _digested(_parts(made_from) | {"keys": fingerprint, "events": _digest_of(events)})


def for_released(made_from: dict[str, str], after: str, smallest_cell: int) -> dict[str, str]:
    """The lineage of a snapshot that shows counts by attribute: what was shown before decides what it shows."""
    return _digested(_parts(made_from) | {"released_after": after or "nothing", "smallest_cell": str(smallest_cell)})


def for_restricted(made_from: dict[str, str], fingerprint: str) -> dict[str, str]:
    """The lineage of a snapshot of pseudonyms: another key makes another snapshot."""
    return _digested(_parts(made_from) | {"pseudonyms": fingerprint})


def for_response(base: dict[str, str], events: dict[str, str], settings: Settings) -> dict[str, str]:
    """The lineage of a snapshot that takes over a night's marts and makes those of the events anew.

    ``night`` is the digest of the night's own snapshot, however many responses came after it.
    """
    anew = {
        "events": _digest_of(events),
        "night": base.get("night", base["digest"]),
        "response": _digest_of(_made_with(settings)),
    }
    return _digested(_parts(base) | anew)


def knows_events(made_from: dict[str, str], events: dict[str, str], settings: Settings) -> bool:
    """Say whether a snapshot's marts of the events were made from exactly these, by the code and settings of today."""
    made_with = _made_with(settings)
    response = made_from.get("response") or _digest_of({name: made_from[name] for name in made_with})
    return made_from.get("events") == _digest_of(events) and response == _digest_of(made_with)


def lists_made_with(made_from: dict[str, str]) -> str:
    """What makes a list beside its rows: the code and the libraries; another version makes every list anew."""
    return f"{made_from['code']} {made_from['engines']}"


def snapshot_name(made_from: dict[str, str]) -> str:
    """Name a snapshot ``<as_of>_<build>``; the build is 12 hex digits of the lineage digest."""
    return f"{made_from['as_of']}_{made_from['digest'][:12]}"


def _made_with(settings: Settings) -> dict[str, str]:
    return {
        "code": _code_digest(),
        "engines": " ".join(f"{name}={version(name)}" for name in _ENGINES),
        "settings": f"{settings.field_start} {settings.field_end} {settings.timezone} {settings.load_per_enumerator}",
        "thresholds": _digest(settings.thresholds.read_text()),
        "publication_policy": _digest(settings.publication_policy.read_text()),
    }


def _parts(made_from: dict[str, str]) -> dict[str, str]:
    return {name: part for name, part in made_from.items() if name != "digest"}


def _digest_of(named: dict[str, str]) -> str:
    return _digest(json.dumps(named, sort_keys=True))


def _digested(parts: dict[str, str]) -> dict[str, str]:
    return {**parts, "digest": _digest_of(parts)}


def _code_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(p for place in _CODE for p in _sources(PROJECT / place)):
        digest.update(f"{path.relative_to(PROJECT)} {_digest(path.read_text())}\n".encode())
    return digest.hexdigest()


def _sources(place: Path) -> list[Path]:
    return [place] if place.is_file() else [p for p in place.rglob("*") if p.suffix in _SOURCES and p.is_file()]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
