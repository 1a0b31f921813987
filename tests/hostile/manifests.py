"""Faults of the manifest, and what looks like one and is none."""

import hashlib
import json
import random

from include.contract import FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from tests.hostile.case import CANARIES, FAMILY_CSV, PERSON_CSV, Case, sound
from tests.hostile.crafted_zip import members

SAID = json.loads(members()[MANIFEST_MEMBER].plain)
TEXTS = ("contract", "form_version", "enumerator_id", "supervisor_id", "device_id", "uploaded_at")


def written(content: bytes) -> bytes:
    """The sound bundle under another manifest."""
    return sound(members={MANIFEST_MEMBER: content})


def saying(**changes: object) -> bytes:
    """The sound bundle whose manifest says something else."""
    return written(json.dumps(SAID | changes).encode())


def of_families(**changes: object) -> bytes:
    """The sound bundle whose manifest says something else of keluarga.csv; None leaves the key out."""
    entry = {k: v for k, v in (SAID["files"][FAMILY_MEMBER] | changes).items() if v is not None}
    return saying(files=SAID["files"] | {FAMILY_MEMBER: entry})


def _without(key: str) -> bytes:
    return written(json.dumps({k: v for k, v in SAID.items() if k != key}).encode())


def _letters(count: int) -> str:
    return "".join(random.Random(7).choices("abcdefgh", k=count))  # noqa: S311 - no secret


def _not_json() -> dict[str, bytes]:
    whole = json.dumps(SAID)
    twice = whole[:-1] + ', "device_id": "TAB-00A2"}'
    return {
        "nothing": b"",
        "cut off": whole[:60].encode(),
        "a comma too many": (whole[:-1] + ",}").encode(),
        "single quotes": whole.replace('"', "'").encode(),
        "a comment": ("// " + CANARIES[0] + "\n" + whole).encode(),
        "two objects": (whole + whole).encode(),
        "NaN": (whole[:-1] + ', "suhu": NaN}').encode(),
        "Infinity": (whole[:-1] + ', "suhu": -Infinity}').encode(),
        "a key twice": twice.encode(),
        "a member twice": whole.replace('"files": {', '"files": {"keluarga.csv": {}, ').encode(),
        "Latin-1": whole.replace("TAB", "TABL\u00c9").encode("latin-1"),
        "UTF-16": whole.encode("utf-16"),
        "a NUL": (whole[:20] + "\0" + whole[20:]).encode(),
        "5,000 open brackets": b"[" * 5_000,
        "5,000 open objects": b'{"a":' * 5_000,
        "5,000 digits": (whole[:-1] + f', "suhu": {"9" * 5000}}}').encode(),
        "longer than a manifest can be": (whole[:-1] + f', "catatan": "{_letters(2**20)}"}}').encode(),
    }


def _lacking() -> dict[str, bytes]:
    wrong_types = {
        f"{key} is {value!r}": saying(**{key: value})
        for key in TEXTS
        for value in (None, 7, "", ["x"], {"x": "y"}, True)
    }
    times = (
        "2022-10-16T18:42:11", "2022-10-16", "2022-10-16 18:42:11+07:00", "2022-10-16x18:42:11+07:00", "16/10/2022",
        "2022-10-16T25:00:00+07:00", "2022-13-16T18:42:11+07:00", "2022-10-16T18:42:11+99:00", "T18:42:11+07:00",
        "1665920531", "kemarin",
    )  # fmt: skip
    sums = ("", "0" * 63, "0" * 65, "g" * 64, 0, None, ["0" * 64], "0" * 64 + "\n")
    counts = ("2", 2.0, 2.5, -1, True, None, [2])
    return {
        **{f"no {key}": _without(key) for key in (*TEXTS, "files")},
        **wrong_types,
        **{f"the whole is {text.decode()}": written(text) for text in (b"[]", b"null", b"7", b'"x"', b"true", b"{}")},
        **{f"uploaded at {time!r}": saying(uploaded_at=time) for time in times},
        **{f"a checksum {value!r:.20}": of_families(sha256=value) for value in sums},
        **{f"a count {value!r}": of_families(rows=value) for value in counts},
        **{f"files is {value!r}": saying(files=value) for value in (None, [], "x", {}, 7, {FAMILY_MEMBER: None})},
        "half a character in the device": saying(device_id="TAB-\ud800"),
        "half a character in the enumerator": saying(enumerator_id="\udfff"),
    }


def _accepted() -> dict[str, bytes]:
    upper = {
        FAMILY_MEMBER: {"sha256": hashlib.sha256(FAMILY_CSV).hexdigest().upper(), "rows": 2},
        PERSON_MEMBER: {"sha256": hashlib.sha256(PERSON_CSV).hexdigest().upper(), "rows": 2},
    }
    times = ("2022-10-16T11:42:11Z", "2022-10-16T18:42+07:00", "2022-10-16T18:42:11.123456+0700", "20221016T184211+07")
    return {
        "checksums in capitals": saying(files=upper),
        "a BOM": written(b"\xef\xbb\xbf" + json.dumps(SAID).encode()),
        "keys nobody asked for": saying(aplikasi="9.1", files=SAID["files"] | {"foto.jpg": {"sha256": "x"}}),
        "indented": written(json.dumps(SAID, indent=4).encode()),
        "a device in other letters": saying(device_id="TAB-\u00e9\U0001f4f1"),
        "the draft form": saying(form_version="K-2022-draft"),
        **{f"uploaded at {time}": saying(uploaded_at=time) for time in times},
    }


MANIFESTS = (
    {f"manifest: {name}": Case(written(content), "BAD_MANIFEST") for name, content in _not_json().items()}
    | {f"manifest: {name}": Case(content, "BAD_MANIFEST") for name, content in _lacking().items()}
    | {f"harmless manifest: {name}": Case(content) for name, content in _accepted().items()}
    | {
        "no manifest": Case(sound(members={MANIFEST_MEMBER: None}), "NO_MANIFEST"),
        "another contract": Case(saying(contract="regsosek-upload/2"), "UNKNOWN_CONTRACT"),
        "the contract in capitals": Case(saying(contract="REGSOSEK-UPLOAD/1"), "UNKNOWN_CONTRACT"),
        "another form": Case(saying(form_version="K-2023-final"), "UNKNOWN_FORM_VERSION"),
        "the form with a blank": Case(saying(form_version="K-2022-final "), "UNKNOWN_FORM_VERSION"),
        "a wrong checksum of the families": Case(of_families(sha256="0" * 64), "CHECKSUM_MISMATCH"),
        "the checksum of another member": Case(
            of_families(sha256=SAID["files"][PERSON_MEMBER]["sha256"]), "CHECKSUM_MISMATCH"
        ),
        "one row too many said": Case(of_families(rows=3), "ROW_COUNT_MISMATCH"),
        "no row said": Case(of_families(rows=0), "ROW_COUNT_MISMATCH"),
        "a NIK where the count should be": Case(of_families(rows=int(CANARIES[1])), "ROW_COUNT_MISMATCH"),
        "a count of a thousand digits": Case(of_families(rows=10**1000), "ROW_COUNT_MISMATCH"),
        "another enumerator": Case(saying(enumerator_id="P35730043"), "NAME_MISMATCH"),
        "the enumerator in small letters": Case(saying(enumerator_id="p35730042"), "NAME_MISMATCH"),
        "the enumerator with a blank": Case(saying(enumerator_id="P35730042 "), "NAME_MISMATCH"),
    }
)
