"""One export as bundles: one for each enumerator found in it, so that what follows need not know where it came from."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from include.contract import CONTRACT, FAMILY_MEMBER, PERSON_MEMBER
from include.intake.bundle import Bundle, BundleName
from include.intake.exports.convert import Converted, one_column
from include.intake.exports.documents import families_of, persons_of
from include.intake.exports.mapping import Mapping
from include.intake.exports.report import findings_of, in_review
from include.intake.exports.source import Source, read_source
from include.intake.finding import BundleRejected, Finding
from include.intake.manifest import Manifest
from include.intake.member import MemberRows

_ENUMERATOR = re.compile(r"[A-Za-z0-9]{1,40}")
# Rows whose enumerator cannot be read make a bundle of nobody's, which is rejected as such.
_NOBODY = ""


@dataclass(frozen=True)
class Arrived:
    """What arrived in one mapping's folder on one day, and the mapping it is read through; ``None`` if there is none.

    ``digests`` are of the files' bytes and of the mapping's: the same ones are the same export.
    """

    mapping_id: str
    mapping: Mapping | None
    files: list[tuple[str, bytes]]
    digests: list[str]
    arrival_day: date

    def bundle(self, enumerator: str | None = None) -> Bundle:
        """Make an empty bundle of one enumerator's, or (``None``) of the export as a whole."""
        whole = f"exports/{self.mapping_id or '-'}"
        name = whole if enumerator is None else f"{whole}/{enumerator or '-'}"
        identity = "\n".join([*sorted(self.digests), "*" if enumerator is None else enumerator])
        size = sum(len(content) for _, content in self.files)
        return Bundle(name, hashlib.sha256(identity.encode()).hexdigest(), size, None)


def read_export(arrived: Arrived) -> list[Bundle]:
    """Read one export into bundles, at least one; never raises for bad content, which rejects the export whole."""
    if arrived.mapping is None:
        return [rejected(arrived, Finding("UNKNOWN_CONTRACT", detail="no mapping has this folder's name"))]
    try:
        source = read_source(arrived.mapping, arrived.files)
        if source.families.height == len(source.skipped):
            return [rejected(arrived, Finding("EMPTY", source.families.name), *in_review(source))]
        return _by_enumerator(arrived, arrived.mapping, source)
    except BundleRejected as error:
        return [rejected(arrived, error.finding)]


def rejected(arrived: Arrived, *findings: Finding) -> Bundle:
    """Make the one bundle that stands in the ledger for an export of which nothing is loaded."""
    bundle = arrived.bundle()
    bundle.findings.extend(findings)
    return bundle


def _by_enumerator(arrived: Arrived, mapping: Mapping, source: Source) -> list[Bundle]:
    families = families_of(mapping, source)
    persons = persons_of(mapping, source, families)
    uploaded, devices = _uploaded(mapping, source), _devices(mapping, source)
    bundles = []
    for enumerator, (rows, lines) in _shares(source, families).items():
        bundle = arrived.bundle(enumerator)
        bundle.named = BundleName(_kab_code(families, rows), enumerator, arrived.arrival_day)
        bundle.members = {FAMILY_MEMBER: _rows(families, rows), PERSON_MEMBER: _rows(persons, lines)}
        supervisor = _first(families.columns["r204"][row] for row in rows)
        device = _first(devices[row] for row in rows)
        bundle.manifest = _manifest(mapping, bundle, supervisor, device, _latest(uploaded[row] for row in rows))
        bundle.findings = findings_of(source, families, persons, rows, lines)
        bundles.append(bundle)
    bundles[0].findings.extend(in_review(source))
    return bundles


def _shares(source: Source, families: Converted) -> dict[str, tuple[list[int], list[int]]]:
    """Say which rows of families and of persons are whose, nobody's last; a person goes where its family goes."""
    found: defaultdict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    enumerators = [e if _ENUMERATOR.fullmatch(e) else _NOBODY for e in families.columns["r202"]]
    for row, enumerator in enumerate(enumerators):
        if row not in source.skipped:
            found[enumerator][0].append(row)
    for line, owner in enumerate(source.owners):
        if owner not in source.skipped:
            found[_NOBODY if owner is None else enumerators[owner]][1].append(line)
    return {e: found[e] for e in sorted(found, key=lambda e: (e == _NOBODY, e))}


def _rows(converted: Converted, wanted: list[int]) -> MemberRows:
    columns = [*converted.columns.values(), converted.unknown]
    return MemberRows([[column[row] for column in columns] for row in wanted], converted.unknown_names)


def _manifest(mapping: Mapping, bundle: Bundle, supervisor: str, device: str, uploaded_at: str) -> Manifest:
    return Manifest(
        contract=CONTRACT,
        form_version=mapping.form_version,
        enumerator_id=bundle.named.enumerator_id if bundle.named else _NOBODY,
        supervisor_id=supervisor,
        device_id=device,
        uploaded_at=uploaded_at,
        sha256=dict.fromkeys(bundle.members, bundle.sha256),
        rows={member: len(found.rows) for member, found in bundle.members.items()},
    )


def _devices(mapping: Mapping, source: Source) -> list[str]:
    return source.families.columns.get(mapping.meta.device_id or "", [""] * source.families.height)


def _uploaded(mapping: Mapping, source: Source) -> list[str]:
    column = mapping.meta.uploaded_at
    return one_column(source.families, column, mapping) if column else [""] * source.families.height


def _latest(texts: Iterable[str]) -> str:
    """Choose the latest of the moments that have an offset, as instants; ``""`` if none has."""
    found: dict[datetime, str] = {}
    for text in texts:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if moment.tzinfo:
            found[moment] = text
    return found[max(found)] if found else ""


def _kab_code(families: Converted, rows: list[int]) -> str:
    """Name the regency that most of the rows name; ``""`` if none can be read."""
    codes = (families.columns["r101"][row] + families.columns["r102"][row] for row in rows)
    counted = Counter(code for code in codes if re.fullmatch(r"[0-9]{4}", code))
    return min(counted, key=lambda code: (-counted[code], code), default="")


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
