"""Faults of the two CSV members, and what looks like one and is none."""

import io
import random
from zipfile import ZIP_DEFLATED, ZipFile

from include.contract import FAMILY_COLUMNS, FAMILY_MEMBER, PERSON_COLUMNS, PERSON_MEMBER
from tests.builders import bundle_bytes, csv_bytes
from tests.hostile.case import CANARIES, FAMILIES, FAMILY_CSV, PERSON_CSV, PERSONS, Case, sound

DRAWS = random.Random(7)  # noqa: S311 - no secret
HEADER, FIRST, SECOND = FAMILY_CSV.splitlines()


def families(text: bytes, said: int = 2) -> bytes:
    """The sound bundle whose keluarga.csv is ``text``, with ``said`` rows in the manifest."""
    return bundle_bytes([FAMILIES[0]] * said, PERSONS, members={FAMILY_MEMBER: text})


def persons(text: bytes) -> bytes:
    """The sound bundle whose anggota.csv is ``text``."""
    return sound(members={PERSON_MEMBER: text})


def columns(names: tuple[str, ...], **added: str) -> bytes:
    """Families under other columns; ``added`` is written into every row."""
    return families(csv_bytes([row | added for row in FAMILIES], names))


def changed(**values: str) -> bytes:
    """Families with other values in every row."""
    return families(csv_bytes([row | values for row in FAMILIES], FAMILY_COLUMNS))


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("keluarga.csv", FAMILY_CSV)
    return buffer.getvalue()


def _bad_encoding() -> dict[str, bytes]:
    text = FAMILY_CSV.decode()
    accented = text.replace("JALAN", "JAL\u00c1N")
    return {
        "Latin-1": families(accented.encode("latin-1")),
        "Windows-1252": families(text.replace("JALAN", "\u201cJALAN\u201d").encode("cp1252")),
        "UTF-16": families(text.encode("utf-16")),
        "UTF-16 big-endian with its mark": families(b"\xfe\xff" + text.encode("utf-16-be")),
        "UTF-32": families(text.encode("utf-32")),
        "Latin-1 in the persons": persons(PERSON_CSV.replace(b"SITI", b"SIT\xcd")),
        "Latin-1 in the header": families(FAMILY_CSV.replace(b"notes", b"not\xe9s", 1)),
        "half a character at the end": families(FAMILY_CSV + b"\xe2\x82"),
        "an overlong slash": families(FAMILY_CSV.replace(b"JALAN", b"JAL\xc0\xafN")),
        "half of a pair, as UTF-8": families(FAMILY_CSV.replace(b"JALAN", b"JAL\xed\xa0\x80N")),
        "beyond the last character": families(FAMILY_CSV.replace(b"JALAN", b"JAL\xf4\x90\x80\x80N")),
        "a zip instead of a CSV": families(_zipped()),
        "a picture instead of a CSV": families(b"\x89PNG\r\n\x1a\n" + bytes(50)),
        "Latin-1 and a ragged row": families(FAMILY_CSV + b"a,b\n" + b"caf\xe9\n"),
    }


def _bad_csv() -> dict[str, bytes]:
    return {
        "a quote open to the end": families(FAMILY_CSV + b'"' + CANARIES[0].encode()),
        "a quote opened in the header": families(b'"' + FAMILY_CSV),
        "a quote opened in the persons": persons(PERSON_CSV + b'"KENARI'),
        "letters behind a closing quote": families(FAMILY_CSV.replace(b"JALAN UJI", b'"JALAN" UJI', 1)),
        "a row too short": families(FAMILY_CSV + b"a,b\n"),
        "a row too long": families(FAMILY_CSV + SECOND + b",KENARI\n"),
        "a row of blanks": families(FAMILY_CSV + b"   \n"),
        "a row of one quoted nothing": families(FAMILY_CSV + b'""\n'),
        "an address with a comma and no quotes": families(FAMILY_CSV.replace(b"JALAN UJI", b"JALAN UJI, NO 2", 1)),
        "a sentence before the header": families(b"Daftar keluarga KENARI\n" + FAMILY_CSV),
        "a total below the rows": families(FAMILY_CSV + b"TOTAL,2\n"),
        "a header name twice": columns((*FAMILY_COLUMNS, "r101")),
        "two nameless columns": columns((*FAMILY_COLUMNS, "", "")),
        "a header name twice in the persons": persons(csv_bytes(PERSONS, (*PERSON_COLUMNS, "r401"))),
        "a lone CR inside a cell": families(FAMILY_CSV.replace(b"JALAN UJI", b"JALAN\rUJI", 1)),
        "no header": families(FIRST + b"\n" + SECOND),
        "a ragged row and a missing column": families(csv_bytes(FAMILIES, FAMILY_COLUMNS[:-1]) + b"a,b\n"),
        "cells of semicolons with decimal commas": families(FAMILY_CSV.replace(b",", b";") + b"7,25;112,61\n"),
    }


def _missing_column() -> dict[str, bytes]:
    return {
        "no notes": columns(FAMILY_COLUMNS[:-1]),
        "no id": columns(FAMILY_COLUMNS[1:]),
        "no NIK of the persons": persons(csv_bytes(PERSONS, tuple(c for c in PERSON_COLUMNS if c != "r403"))),
        "an empty file": families(b""),
        "an empty file of persons": persons(b""),
        "blank lines alone": families(b"\n\r\n\n"),
        "a BOM alone": families(b"\xef\xbb\xbf"),
        "semicolons": families(FAMILY_CSV.replace(b",", b";")),
        "tabs": families(FAMILY_CSV.replace(b",", b"\t")),
        "names in capitals": families(FAMILY_CSV.replace(HEADER, HEADER.upper())),
        "names with blanks": families(FAMILY_CSV.replace(b",r101,", b", r101,", 1)),
        "two BOMs": families(b"\xef\xbb\xbf" * 2 + FAMILY_CSV),
        "UTF-16 without its mark": families("submission_id,revision".encode("utf-16-le")),
        "NULs for a file": families(bytes(4000)),
        "the other member's rows": families(PERSON_CSV),
    }


def _accepted() -> dict[str, bytes]:
    quoted = FAMILY_CSV.replace(b"JALAN UJI", b'"JALAN ""UJI"", \r\nRT 1"')
    every = b"\n".join(b",".join(b'"%b"' % cell for cell in line.split(b",")) for line in FAMILY_CSV.splitlines())
    return {
        "a BOM": families(b"\xef\xbb\xbf" + FAMILY_CSV),
        "CRLF": families(FAMILY_CSV.replace(b"\n", b"\r\n")),
        "CR alone": families(FAMILY_CSV.replace(b"\n", b"\r")),
        "CRLF and LF mixed": families(FAMILY_CSV.replace(b"\n", b"\r\n", 1)),
        "no newline at the end": families(FAMILY_CSV[:-1]),
        "blank lines anywhere": families(b"\n\n" + FAMILY_CSV.replace(b"\n", b"\n\r\n\n") + b"\n"),
        "quoted newlines, quotes and commas": families(quoted),
        "every cell quoted": families(every),
        "a quote inside an unquoted cell": families(FAMILY_CSV.replace(b"JALAN UJI", b'JALAN 5" UJI')),
        "a NUL in a cell": families(FAMILY_CSV.replace(b"JALAN", b"JAL\0AN")),
        "other alphabets and pictures": changed(r108="\u0421\u0438\u0442\u0438 \u1b0b \U0001f3e0"),
        "columns the other way round": columns(FAMILY_COLUMNS[::-1]),
        "persons' columns the other way round": persons(csv_bytes(PERSONS, PERSON_COLUMNS[::-1])),
        "codes a spreadsheet mangled": changed(r105="1,20603E+15", r101="035", r109="7.0"),
        "ids with no-break spaces": changed(submission_id="\u00a000000000-0000-4000-8000-000000000001\u00a0"),
        "a formula": changed(r107='=HYPERLINK("http://x")'),
        "a cell of a megabyte": changed(notes="".join(DRAWS.choices("abcdefgh ", k=2**20))),
        "ids that are none": changed(submission_id="bukan-uuid", revision="1.0"),
    }


def _repeating_names() -> bytes:
    """A million small cells under long names: each row would carry all names again."""
    names = [*FAMILY_COLUMNS, *(f"{n:064d}" for n in range(1200))]
    rows = (",".join([""] * len(FAMILY_COLUMNS) + DRAWS.choices("0123456789", k=1200)) for _ in range(1000))
    return "\n".join([",".join(names), *rows]).encode()


def _warned() -> dict[str, tuple[bytes, str]]:
    extra = {"catatan_lain": "KENARI", "lama": "KENARI"}
    longest = "kolom" * 2000
    return {
        "an unknown column": (columns((*FAMILY_COLUMNS, "catatan_lain"), **extra), "UNKNOWN_COLUMN"),
        "unknown columns first": (columns(("lama", *FAMILY_COLUMNS), **extra), "UNKNOWN_COLUMN"),
        "a nameless column": (columns((*FAMILY_COLUMNS, "")), "UNKNOWN_COLUMN"),
        "a column that is somebody's name": (
            columns((*FAMILY_COLUMNS, f"SITI {CANARIES[0]}", CANARIES[1]), **extra), "UNKNOWN_COLUMN"
        ),
        "a thousand unknown columns": (
            columns((*FAMILY_COLUMNS, *(f"x{n}" for n in range(1000))), x7="KENARI"), "UNKNOWN_COLUMN"
        ),
        "an endless column name": (columns((*FAMILY_COLUMNS, longest), **{longest: "KENARI"}), "UNKNOWN_COLUMN"),
        "unknown columns of persons": (
            persons(csv_bytes([p | extra for p in PERSONS], (*PERSON_COLUMNS, "lama"))), "UNKNOWN_COLUMN"
        ),
        "a visit after the arrival": (changed(r201="2022-10-17"), "FUTURE_VISIT_DAY"),
        "a visit in another century": (changed(r201="2122-10-16"), "FUTURE_VISIT_DAY"),
    }  # fmt: skip


def _no_future() -> dict[str, bytes]:
    days = (
        "",
        "9999-99-99",
        "kemarin",
        "17/10/2022",
        "2022-10-16",
        "\u0662\u0660\u0662\u0663-\u0660\u0661-\u0660\u0661",
    )
    return {f"a visit on {day!r}": changed(r201=day) for day in days}


MEMBERS = (
    {f"encoding: {name}": Case(content, "BAD_ENCODING") for name, content in _bad_encoding().items()}
    | {f"csv: {name}": Case(content, "BAD_CSV") for name, content in _bad_csv().items()}
    | {f"column: {name}": Case(content, "MISSING_COLUMN") for name, content in _missing_column().items()}
    | {f"harmless member: {name}": Case(content) for name, content in (_accepted() | _no_future()).items()}
    | {f"warned: {name}": Case(content, warnings=frozenset({said})) for name, (content, said) in _warned().items()}
    | {
        "no persons": Case(bundle_bytes(FAMILIES, []), rows=(2, 0)),
        "no families' file": Case(sound(members={FAMILY_MEMBER: None}), "MISSING_MEMBER"),
        "no persons' file": Case(sound(members={PERSON_MEMBER: None}), "MISSING_MEMBER"),
        "a row the manifest does not count": Case(
            families(FAMILY_CSV + SECOND + b"\n"), "ROW_COUNT_MISMATCH", rows=(3, 2)
        ),
        "a row fewer than the manifest counts": Case(
            families(HEADER + b"\n" + FIRST), "ROW_COUNT_MISMATCH", rows=(1, 2)
        ),
        "a person fewer than counted": Case(persons(PERSON_CSV.rsplit(b"\n", 2)[0]), "ROW_COUNT_MISMATCH", rows=(2, 1)),
        "a family's file of its header alone": Case(families(HEADER, said=0), "EMPTY", rows=(0, 2)),
        "columns whose names repeated would not fit": Case(families(_repeating_names(), said=1000), "TOO_LARGE"),
    }
)
