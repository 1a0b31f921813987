"""Two faults in one bundle, for every two reasons that can stand together: the contract's order decides."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import combinations

from include.contract import FAMILY_COLUMNS, FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from tests.builders import csv_bytes
from tests.hostile.case import FAMILIES, NAME, UNREADABLE, Case
from tests.hostile.crafted_zip import Member, members, packed
from tests.hostile.manifests import SAID


@dataclass
class Draft:
    """A bundle in the making, in which faults can be planted one upon the other."""

    columns: list[str] = field(default_factory=lambda: list(FAMILY_COLUMNS))
    rows: list[dict] = field(default_factory=lambda: list(FAMILIES))
    encoding: str = "utf-8"
    counted: int | None = None
    manifest: dict = field(default_factory=lambda: json.loads(json.dumps(SAID)))
    lying: bool = False
    left_out: set[str] = field(default_factory=set)
    entries: dict[str, dict] = field(default_factory=dict)
    added: list[Member] = field(default_factory=list)
    name: str = NAME

    def content(self) -> bytes:
        """The zip, with checksums and counts as true as the faults leave them."""
        text = csv_bytes(self.rows, tuple(self.columns)).decode().encode(self.encoding)
        entry = self.manifest["files"][FAMILY_MEMBER]
        entry["rows"] = len(self.rows) if self.counted is None else self.counted
        entry["sha256"] = hashlib.sha256(b"another" if self.lying else text).hexdigest()
        whole = members()
        whole[FAMILY_MEMBER] = replace(whole[FAMILY_MEMBER], plain=text)
        whole[MANIFEST_MEMBER] = replace(whole[MANIFEST_MEMBER], plain=json.dumps(self.manifest).encode())
        kept = [replace(m, **self.entries.get(n, {})) for n, m in whole.items() if n not in self.left_out]
        return packed([*kept, *self.added])


def _empty(draft: Draft) -> None:
    draft.rows = []


def _latin_1(draft: Draft) -> None:
    draft.columns.append("caf\u00e9")
    draft.encoding = "latin-1"


FAULTS: dict[str, Callable[[Draft], object]] = {
    "NOT_A_ZIP": lambda d: d.entries.setdefault(FAMILY_MEMBER, {}).update(crc=1),
    "ENCRYPTED": lambda d: d.entries.setdefault(FAMILY_MEMBER, {}).update(flags=1),
    "TOO_LARGE": lambda d: d.entries.setdefault(FAMILY_MEMBER, {}).update(size=2**31),
    "UNSAFE_MEMBER": lambda d: d.added.append(Member(b"foto.jpg", b"x")),
    "NO_MANIFEST": lambda d: d.left_out.add(MANIFEST_MEMBER),
    "BAD_MANIFEST": lambda d: d.manifest.pop("device_id"),
    "UNKNOWN_CONTRACT": lambda d: d.manifest.update(contract="lain"),
    "UNKNOWN_FORM_VERSION": lambda d: d.manifest.update(form_version="lain"),
    "MISSING_MEMBER": lambda d: d.left_out.add(PERSON_MEMBER),
    "CHECKSUM_MISMATCH": lambda d: setattr(d, "lying", True),
    "BAD_ENCODING": _latin_1,
    "BAD_CSV": lambda d: d.columns.append("r101"),
    "MISSING_COLUMN": lambda d: d.columns.remove("notes"),
    "ROW_COUNT_MISMATCH": lambda d: setattr(d, "counted", 7),
    "NAME_MISMATCH": lambda d: setattr(d, "name", d.name.replace("3573_P35730042", "3573_P35730043")),
    "FUTURE_FIELD_DAY": lambda d: setattr(d, "name", d.name.replace("20221016", "20221017")),
    "EMPTY": _empty,
}
# The second cannot be seen, or cannot be, where the first is.
_NOT_TOGETHER = {
    ("NOT_A_ZIP", "ENCRYPTED"),  # in one member; a case of the corpus has them in two
    ("NOT_A_ZIP", "TOO_LARGE"),  # the directory alone says it is too large: no member is unpacked, damaged or not
    ("NO_MANIFEST", "BAD_MANIFEST"),
}


def _case(*faults: str) -> Case:
    draft = Draft()
    for fault in faults:
        FAULTS[fault](draft)
    rows = (0, 0) if set(faults) & UNREADABLE else (len(draft.rows), 2)
    return Case(draft.content(), faults[0], name=draft.name, rows=rows)


PAIRS = {f"alone: {fault}": _case(fault) for fault in FAULTS} | {
    f"{first} before {second}": _case(first, second)
    for first, second in combinations(FAULTS, 2)
    if (first, second) not in _NOT_TOGETHER
}
