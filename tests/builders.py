"""Landing zones for tests: valid by default, so that each test breaks one thing. Synthetic people only."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from include.contract import (
    AFFECTED_COLUMNS,
    CONTRACT,
    FAMILY_COLUMNS,
    FAMILY_MEMBER,
    HEADQUARTERS,
    MANIFEST_MEMBER,
    PERSON_COLUMNS,
)
from include.contract import PERSON_MEMBER as PERSONS
from include.publication.key_file import add_random_keys, east_java
from include.publication.keys import PSEUDONYMS

DAY = "2022-10-16"
DESA = "3573010001"  # Kota Malang, Kedungkandang, Arjowinangun
SUB_SLS = f"{DESA}000100"
OTHER_SUB_SLS = f"{DESA}000200"
ENUMERATOR, NEIGHBOUR, SUPERVISOR = "P35730042", "P35730043", "M35730007"


def keys_file(folder: Path) -> Path:
    """A keys file of the whole province in a test's folder, made once."""
    path = folder / "keys.json"
    if not path.exists():
        add_random_keys(path, [*east_java(), PSEUDONYMS])
    return path


def document_id(number: int) -> str:
    """A UUID that names its number."""
    return f"00000000-0000-4000-8000-{number:012d}"


def family(number: int = 1, **changes: Any) -> dict[str, str]:  # noqa: ANN401
    """One valid family document, complete visit, one person."""
    place = dict(zip(("r101", "r102", "r103", "r104", "r105"), _parts(SUB_SLS), strict=True))
    written = {
        "submission_id": document_id(number), "revision": "1", "is_deleted": "0", **place, "r106": "RT 01",
        "r107": "JALAN UJI", "r108": "SITI UJI", "r109": f"{number:03d}", "r110": f"{number:03d}", "r111": "3",
        "r112": "1", "r201": DAY, "r202": ENUMERATOR, "r204": SUPERVISOR, "r205": "1",
        "started_at": f"{DAY}T08:00:00+07:00", "ended_at": f"{DAY}T08:30:00+07:00", "r301a": "1", "r301b": "1",
        "r302": "60", "r303": "2", "r304": "1", "r305": "2", "r306a": "3", "r307a": "1", "r307b1": "2", "r308": "4",
        "r309a": "1", "r309b": "1", "r310": "1", "r505": "3", "r506": "2",
        **{f"r501{x}": "2" for x in "abcdefg"}, **{f"r502{x}": "2" for x in "abcdefghijklmn"},
        "r503a": "2", "r503b": "2", **{f"r504{x}": "0" for x in "abcde"},
    }  # fmt: skip
    return {column: str(changes.get(column, written.get(column, ""))) for column in FAMILY_COLUMNS}


def at(idsubsls: str) -> dict[str, str]:
    """Place columns of a sub-SLS, for :func:`family`."""
    return dict(zip(("r101", "r102", "r103", "r104", "r105"), _parts(idsubsls), strict=True))


def person(number: int = 1, line: int = 1, **changes: Any) -> dict[str, str]:  # noqa: ANN401
    """One valid resident, head of a family."""
    written = {
        "submission_id": document_id(number), "revision": "1", "r401": str(line), "r402": "SITI UJI", "r403": "",
        "r404": "1", "r405": "2", "r406d": "5", "r406m": "6", "r406y": "1980", "r407": "42", "r408": "1", "r409": "1",
        "r411": "4", "r412": "1", "r416a": "1", "r416b": "40", "r417": "1", "r418": "1", "r419": "3", "r420a": "2",
        **{f"r428{x}": "4" for x in "abcdefghij"}, "r430": "1", "r431a": "0", "r431b": "2", "r431c": "2", "r431d": "2",
        "r431f": "0",
    }  # fmt: skip
    return {column: str(changes.get(column, written.get(column, ""))) for column in PERSON_COLUMNS}


def correction(number: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """One row of the mart ``correction_list``: a rule that a family document breaks."""
    day = date.fromisoformat(DAY)
    return {
        "item_id": f"item {number}", "item_kind": "rule", "severity": "error", "rule_id": "F07",
        "supervisor_id": SUPERVISOR, "enumerator_id": ENUMERATOR, "kab_code": "3573",
        "kecamatan_name": "Kedungkandang", "desa_name": "Arjowinangun", "sls_name": "RT 01", "idsubsls": SUB_SLS,
        "building_number": 1, "family_number": number, "head_name": "SITI UJI", "person_line": 1,
        "person_name": "SITI UJI", "problem_id": "Luas lantai tidak wajar.", "treatment_id": "Ukur ulang.",
        "problem_en": "Implausible floor area.", "treatment_en": "Measure again.", "written_values": f"nilai {number}",
        "bundle_name": "3573_P35730042_20221016_01.zip", "row_number": number, "submission_id": document_id(number),
        "revision": "1", "field_day": day, "arrival_day": day, "first_seen_day": day, "age_days": 3,
        "as_of": date(2022, 10, 19),
    } | changes  # fmt: skip


def csv_bytes(rows: list[dict[str, str]], columns: tuple[str, ...]) -> bytes:
    """Rows as the contract's CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def bundle_bytes(
    families: list[dict], persons: list[dict] | None = None, *, members: dict[str, bytes | None] | None = None,
    encrypted: bool = False, **manifest: Any,  # noqa: ANN401
) -> bytes:  # fmt: skip
    """A zip of the contract. ``members`` replaces, adds or (None) leaves out members after the manifest is made."""
    persons = [person_of(f) for f in families] if persons is None else persons
    packed: dict[str, bytes | None] = {
        FAMILY_MEMBER: csv_bytes(families, FAMILY_COLUMNS), PERSONS: csv_bytes(persons, PERSON_COLUMNS)
    }  # fmt: skip
    counts = {FAMILY_MEMBER: len(families), PERSONS: len(persons)}
    packed = {name: (members or {}).get(name, content) for name, content in packed.items()}
    said = {
        "contract": CONTRACT, "form_version": "K-2022-final", "enumerator_id": ENUMERATOR, "supervisor_id": SUPERVISOR,
        "device_id": "TAB-00A1", "uploaded_at": f"{DAY}T18:42:11+07:00",
        "files": {
            name: {"sha256": hashlib.sha256(content or b"").hexdigest(), "rows": counts[name]}
            for name, content in packed.items()
        },
    }  # fmt: skip
    said = {key: value for key, value in {**said, **manifest}.items() if value is not None}
    packed = {MANIFEST_MEMBER: json.dumps(said).encode(), **packed, **(members or {})}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in packed.items():
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name, (2022, 10, 16, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return _flag_encrypted(buffer.getvalue()) if encrypted else buffer.getvalue()


def person_of(document: dict[str, str]) -> dict[str, str]:
    """The one person of a family document, under its id and revision."""
    return person(1) | {"submission_id": document["submission_id"], "revision": document["revision"]}


@dataclass
class LandingZone:
    """A landing zone under a test's own folder."""

    root: Path
    frame_day: str = "2022-10-01"
    sub_sls: dict[str, int] = field(default_factory=lambda: {SUB_SLS: 60, OTHER_SUB_SLS: 40})

    def with_frame(self, day: str | None = None, **tables: list[dict]) -> "LandingZone":
        """Write a frame snapshot: two sub-SLS, two enumerators, each with one of them; tables given replace its own."""
        pairs = list(zip(self.sub_sls, (ENUMERATOR, NEIGHBOUR), strict=False))
        standard = {
            "sub_sls": [
                {"idsubsls": i, "sls_name": f"RT {i[-4:-2]}", "bps_desa_code": i[:10],
                 "kemendagri_desa_code": "3573031001", "urban_rural": "1", "expected_families": str(n)}
                for i, n in self.sub_sls.items()
            ],
            "staff": [
                {"staff_id": e, "role": "PPL", "name": "UJI", "kab_code": "3573", "supervisor_id": SUPERVISOR}
                for e in (ENUMERATOR, NEIGHBOUR)
            ] + [{"staff_id": SUPERVISOR, "role": "PML", "name": "UJI", "kab_code": "3573", "supervisor_id": ""}],
            "assignments": [
                {"idsubsls": i, "enumerator_id": e, "valid_from": "2022-10-15", "valid_to": ""} for i, e in pairs
            ],
        }  # fmt: skip
        for name, rows in {**standard, **tables}.items():
            self.write(f"frame/{day or self.frame_day}/{name}.csv", csv_bytes(rows, HEADQUARTERS["frame"][name]))
        return self

    def send(
        self, families: list[dict], persons: list[dict] | None = None, *, day: str = DAY, arrival: str | None = None,
        enumerator: str = ENUMERATOR, sequence: int = 1, **manifest: Any,  # noqa: ANN401
    ) -> str:  # fmt: skip
        """Send one bundle; return its name."""
        name = f"3573_{enumerator}_{day.replace('-', '')}_{sequence:02d}.zip"
        content = bundle_bytes(families, persons, enumerator_id=enumerator, **manifest)
        self.write(f"uploads/{arrival or day}/{name}", content)
        return name

    def shock(self, event_id: str = "flood", affected: list[dict] | None = None, **changes: Any) -> None:  # noqa: ANN401
        """Write an event's folder: one that names a desa. A key given as None is left out; so is a list of None."""
        said = {
            "event_id": event_id, "type": "flood", "name": "Banjir Uji", "started_on": DAY, "areas": [DESA]
        } | changes  # fmt: skip
        said = {key: value for key, value in said.items() if value is not None}
        self.write(f"events/{event_id}/event.json", json.dumps(said).encode())
        if affected is not None:
            self.write(f"events/{event_id}/affected.csv", csv_bytes(affected, AFFECTED_COLUMNS))

    def write(self, path: str, content: bytes) -> Path:
        """Put a file into the landing zone."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file


def _parts(idsubsls: str) -> tuple[str, ...]:
    return idsubsls[:2], idsubsls[2:4], idsubsls[4:7], idsubsls[7:10], idsubsls[10:]


def _flag_encrypted(archive: bytes) -> bytes:
    """Set the 'needs a password' bit in every local header and directory entry."""
    flagged = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = flagged.find(signature)
        while start >= 0:
            flagged[start + offset] |= 1
            start = flagged.find(signature, start + 4)
    return bytes(flagged)
