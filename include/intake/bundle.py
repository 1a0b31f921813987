"""One enumerator's bundle: what is found wrong with it, and the rows of its two members.

Judges only what the bytes, the name and the arrival day say; whatever needs other data is SQL.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from include.contract import BUNDLE_NAME, FAMILY_COLUMNS, FAMILY_MEMBER, MEMBER_COLUMNS
from include.intake.finding import BundleRejected, Finding
from include.intake.manifest import Manifest, read_manifest
from include.intake.member import MemberRows, read_member
from include.intake.unpack import DIRECTORY_END, DIRECTORY_END_WITHIN_BYTES, PACKED_BYTES_MAX, unpack

_R201 = FAMILY_COLUMNS.index("r201")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z_]{0,39}[0-9]{0,3}[a-z_]{0,20}")
_COLUMNS_SHOWN = 20
_ROWS_SHOWN_MAX = 10**9


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
    unpacked_bytes: int = 0
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
        bundle.unpacked_bytes = sum(map(len, packed.values()))
        bundle.manifest = read_manifest(packed, bundle.findings)
        _read_members(bundle, packed)
        _warn_of_future_visits(bundle, arrival_day)
    _judge_name(bundle, arrival_day)
    return bundle


def refuse_unopened(name: str, pieces: Iterable[bytes], arrival_day: date) -> Bundle:
    """Judge a file above ``PACKED_BYTES_MAX`` by its name and its end alone, never holding more than a piece of it."""
    digest, size, end = hashlib.sha256(), 0, b""
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        end = (end + piece)[-DIRECTORY_END_WITHIN_BYTES:]
    bundle = Bundle(name, digest.hexdigest(), size, parse_name(name))
    if DIRECTORY_END not in end:
        bundle.findings.append(Finding("NOT_A_ZIP", detail="no end of a zip's directory"))
    bundle.findings.append(Finding("TOO_LARGE", detail=f"{size} bytes packed, more than {PACKED_BYTES_MAX}"))
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
    said = bundle.manifest.rows[member] if bundle.manifest else len(rows.rows)
    if len(rows.rows) != said:
        detail = f"{len(rows.rows)} rows, manifest says {said if said < _ROWS_SHOWN_MAX else 'more than there can be'}"
        bundle.findings.append(Finding("ROW_COUNT_MISMATCH", member=member, detail=detail))
    if rows.unknown_columns:
        names = [_safe(column) for column in rows.unknown_columns[:_COLUMNS_SHOWN]]
        more = len(rows.unknown_columns) - len(names)
        detail = ", ".join([*names, f"and {more} more"] if more else names)
        bundle.findings.append(Finding("UNKNOWN_COLUMN", member=member, detail=detail))
    if member == FAMILY_MEMBER and not rows.rows:
        bundle.findings.append(Finding("EMPTY", member=member))


def _warn_of_future_visits(bundle: Bundle, arrival_day: date) -> None:
    """Say where a visit claims a day after it arrived: a tablet whose clock is wrong. Rejects nothing."""
    family = bundle.members.get(FAMILY_MEMBER)
    rows = enumerate(family.rows if family else [], start=1)
    # Days in ISO form compare as text, and what is no day of the calendar is no visit in the future.
    later = [n for n, row in rows if row[_R201] > arrival_day.isoformat() and _is_day(row[_R201])]
    if later:
        detail = f"r201 after the arrival day in {len(later)} rows, first in this one"
        bundle.findings.append(Finding("FUTURE_VISIT_DAY", FAMILY_MEMBER, later[0], detail))


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


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
    return column if _COLUMN.fullmatch(column) else "(unprintable name)"
