"""One enumerator's bundle: what is found wrong with it, and the rows of its two members.

Judges only what the bytes, the name and the arrival day say; whatever needs other data is SQL.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from include.contract import BUNDLE_NAME, FAMILY_MEMBER, MEMBER_COLUMNS
from include.intake.finding import BundleRejected, Finding
from include.intake.manifest import Manifest, read_manifest
from include.intake.member import MemberRows, read_member
from include.intake.unpack import unpack


@dataclass(frozen=True)
class BundleName:
    """What a file name of the contract's form says."""

    kab_code: str
    enumerator_id: str
    field_day: date


@dataclass
class Bundle:
    """One bundle as read: its identity, what was found, and its rows where both members could be parsed."""

    name: str
    sha256: str
    size_bytes: int
    named: BundleName | None
    manifest: Manifest | None = None
    members: dict[str, MemberRows] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        """Both members parsed: their rows can be loaded as evidence, whatever else is wrong."""
        return len(self.members) == len(MEMBER_COLUMNS)


def read_bundle(name: str, content: bytes, arrival_day: date) -> Bundle:
    """Read one bundle and record every structural finding; never raises for bad content."""
    bundle = Bundle(name, hashlib.sha256(content).hexdigest(), len(content), parse_name(name))
    try:
        packed = unpack(content, bundle.findings)
    except BundleRejected as rejected:
        bundle.findings.append(rejected.finding)
    else:
        bundle.manifest = read_manifest(packed, bundle.findings)
        _read_members(bundle, packed)
    _judge_name(bundle, arrival_day)
    return bundle


def parse_name(name: str) -> BundleName | None:
    """Take a file name apart; ``None`` if it has not the contract's form or its day is no day."""
    match = BUNDLE_NAME.fullmatch(name)
    if not match:
        return None
    try:
        day = datetime.strptime(match["field_day"], "%Y%m%d").date()  # noqa: DTZ007 - a field day has no zone
    except ValueError:
        return None
    return BundleName(match["kab_code"], match["enumerator_id"], day)


def _read_members(bundle: Bundle, packed: dict[str, bytes]) -> None:
    for member, columns in MEMBER_COLUMNS.items():
        if member not in packed:
            bundle.findings.append(Finding("MISSING_MEMBER", member=member))
            continue
        if bundle.manifest and hashlib.sha256(packed[member]).hexdigest() != bundle.manifest.sha256[member]:
            bundle.findings.append(Finding("CHECKSUM_MISMATCH", member=member))
        try:
            rows = read_member(member, packed[member], columns)
        except BundleRejected as rejected:
            bundle.findings.append(rejected.finding)
            continue
        bundle.members[member] = rows
        _judge_rows(bundle, member, rows)


def _judge_rows(bundle: Bundle, member: str, rows: MemberRows) -> None:
    if bundle.manifest and len(rows.rows) != bundle.manifest.rows[member]:
        detail = f"{len(rows.rows)} rows, manifest says {bundle.manifest.rows[member]}"
        bundle.findings.append(Finding("ROW_COUNT_MISMATCH", member=member, detail=detail))
    if rows.unknown_columns:
        names = ", ".join(_safe(column) for column in rows.unknown_columns)
        bundle.findings.append(Finding("UNKNOWN_COLUMN", member=member, detail=names))
    if member == FAMILY_MEMBER and not rows.rows:
        bundle.findings.append(Finding("EMPTY", member=member))


def _judge_name(bundle: Bundle, arrival_day: date) -> None:
    if bundle.named is None:
        bundle.findings.append(Finding("NAME_MISMATCH", detail="not <kab>_<enumerator>_<YYYYMMDD>_<nn>.zip"))
        return
    if bundle.manifest and bundle.manifest.enumerator_id != bundle.named.enumerator_id:
        bundle.findings.append(Finding("NAME_MISMATCH", detail="enumerator of the name is not the manifest's"))
    if bundle.named.field_day > arrival_day:
        detail = f"field day {bundle.named.field_day}, arrived {arrival_day}"
        bundle.findings.append(Finding("FUTURE_FIELD_DAY", detail=detail))


def _safe(column: str) -> str:
    """Show a header only if it looks like one: a data row taken for a header must not reach the ledger."""
    return column if re.fullmatch(r"[A-Za-z_][A-Za-z_ ]{0,39}[0-9]{0,3}[a-z_]{0,20}", column) else "(unprintable name)"
