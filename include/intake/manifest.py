"""The manifest of a bundle: what it must say, and what it says."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.contract import CONTRACT, FORM_VERSIONS, MANIFEST_KEYS, MANIFEST_MEMBER, MEMBER_COLUMNS
from include.intake.finding import Finding

MANIFEST_BYTES_MAX = 2**20

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class Manifest:
    """A manifest that holds every key of the contract. ``sha256`` and ``rows`` are by member name."""

    contract: str
    form_version: str
    enumerator_id: str
    supervisor_id: str
    device_id: str
    uploaded_at: str
    sha256: dict[str, str]
    rows: dict[str, int]


def read_manifest(packed: dict[str, bytes], findings: list[Finding]) -> Manifest | None:
    """Read the manifest, adding what is wrong with it to ``findings``; ``None`` if it cannot be relied on."""
    if MANIFEST_MEMBER not in packed:
        findings.append(Finding("NO_MANIFEST"))
        return None
    if len(packed[MANIFEST_MEMBER]) > MANIFEST_BYTES_MAX:
        # Read as JSON it may take thirty times its bytes in memory.
        findings.append(Finding("BAD_MANIFEST", detail=f"longer than {MANIFEST_BYTES_MAX} bytes"))
        return None
    try:
        said = _json(packed[MANIFEST_MEMBER])
    except (ValueError, RecursionError):
        findings.append(Finding("BAD_MANIFEST", detail="not JSON"))
        return None
    if lacking := _lacking(said):
        findings.append(Finding("BAD_MANIFEST", detail="missing or malformed: " + ", ".join(lacking)))
        return None
    manifest = _manifest(said)
    if manifest.contract != CONTRACT:
        findings.append(Finding("UNKNOWN_CONTRACT"))
    if manifest.form_version not in FORM_VERSIONS:
        findings.append(Finding("UNKNOWN_FORM_VERSION"))
    return manifest


def _json(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Read JSON as RFC 8259 has it: Python's reader would also take NaN, and of a key said twice the last."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        said = dict(pairs)
        if len(said) < len(pairs):
            raise ValueError("a key stands twice")
        return said

    return json.loads(content.decode("utf-8-sig"), parse_constant=refuse, object_pairs_hook=once)


def _lacking(said: object) -> list[str]:
    if not isinstance(said, dict):
        return ["the whole object"]
    texts = [key for key in MANIFEST_KEYS if key != "files"]
    lacking = [key for key in texts if not _is_text(said.get(key))]
    if "uploaded_at" not in lacking and not _has_offset(said["uploaded_at"]):
        lacking.append("uploaded_at")
    files = said.get("files")
    for member in MEMBER_COLUMNS:
        entry = files.get(member) if isinstance(files, dict) else None
        lacking += [f"files.{member}.{key}" for key in _lacking_of_member(entry)]
    return lacking


def _lacking_of_member(entry: object) -> list[str]:
    said = entry if isinstance(entry, dict) else {}
    sha256, rows = said.get("sha256"), said.get("rows")
    lacking = [] if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else ["sha256"]
    return lacking if type(rows) is int and rows >= 0 else [*lacking, "rows"]


def _is_text(value: object) -> bool:
    """A text that says something and can be written: JSON can spell half a character (``\\ud800``)."""
    return isinstance(value, str) and value != "" and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _has_offset(text: str) -> bool:
    """Python would take any letter between day and time; ISO 8601 has a T there."""
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _manifest(said: dict) -> Manifest:
    files = said["files"]
    return Manifest(
        **{key: said[key] for key in MANIFEST_KEYS if key != "files"},
        sha256={member: files[member]["sha256"].lower() for member in MEMBER_COLUMNS},
        rows={member: files[member]["rows"] for member in MEMBER_COLUMNS},
    )
