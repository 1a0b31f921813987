"""Faults of the zip itself: what it is, how it is packed, what its members are called."""

import gzip
import io
import stat
import struct
import zipfile
from dataclasses import replace

from include.contract import FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from tests.hostile.case import CANARIES, FAMILY_CSV, Case, sound
from tests.hostile.crafted_zip import STORED, Member, bundle, members, packed
from tests.hostile.passwords import aes, classic

SOUND = sound()
BLANK_LINES = b"\n" * 2**22
NOISE = bytes((i * i + i // 7) % 251 for i in range(70_000))


def _not_a_zip() -> dict[str, bytes]:
    hidden = Member(b"x", b"y")
    outer = Member(b"foto.jpg", b"PK\x03\x04" + hidden.header(local=True) + hidden.name + hidden.data, STORED)
    inner = replace(hidden, offset=30 + len(outer.name))
    other_method = {
        f"compression method {method}": bundle(family={"method": method, "packed": b"BZh9" + NOISE[:200]})
        for method in (1, 6, 9, 12, 14, 93, 95, 98, 99)
    }
    return other_method | {
        "an empty file": b"",
        "noise": NOISE,
        "a text": f"Maaf, berkas tidak ditemukan {CANARIES[0]}".encode(),
        "a web page": b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
        "a gzip": gzip.compress(FAMILY_CSV, mtime=0),
        "a CSV": FAMILY_CSV,
        "zeros": bytes(5000),
        "the signature of a zip alone": b"PK\x03\x04",
        "a directory's end that points nowhere": b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, 99, 9999, 0),
        **{f"cut at {share} %": SOUND[: len(SOUND) * share // 100] for share in (1, 10, 25, 50, 75, 90, 99)},
        "the last byte lost": SOUND[:-1],
        "its beginning lost": SOUND[100:],
        "64 KiB and more behind its end": SOUND + NOISE,
        "a wrong CRC of the families": bundle(family={"crc": 1}),
        "a wrong CRC of the manifest": bundle(manifest={"crc": 1}),
        "a wrong CRC of a member nobody named": bundle(Member(b"foto.jpg", b"x", crc=1)),
        "deflated data cut off": bundle(person={"packed": members()[PERSON_MEMBER].data[:-9]}),
        "deflated data that is noise": bundle(family={"packed": NOISE[:999]}),
        "a size smaller than the truth": bundle(family={"size": 10}),
        "a size larger than the truth": bundle(family={"size": len(FAMILY_CSV) + 1}),
        "a packed size beyond the end": bundle(person={"packed_size": 10**6}),
        "members over one another": bundle(replace(members()[MANIFEST_MEMBER], offset=0)),
        "a member inside another's data": packed([outer, *members().values(), inner]),
        "a member over the directory": bundle(Member(b"x", b"abc", STORED, packed_size=40, size=40)),
        "a local header under another name": bundle(family={"local_name": b"anggota2.csv"}),
        "no local header": bundle(family={"local_signature": b"PK\x03\x05"}),
        "a local header beyond the end": bundle(family={"offset": 10**8}),
        "a version from the future": bundle(family={"version": 99}),
        "a name that is no UTF-8": bundle(Member(b"kel\xff.csv", b"", flags=0x800)),
        "a broken zip64 field": bundle(family={"size": 0xFFFFFFFF, "extra": b"\x01\x00\x10\x00ab"}),
        "more disks than one": packed([*members().values()], zip64=True).replace(
            struct.pack("<I", 1) + b"PK\x05\x06", struct.pack("<I", 7) + b"PK\x05\x06"
        ),
    }  # fmt: skip


def _encrypted() -> dict[str, bytes]:
    return {
        "AES-256": aes(256),
        "AES-128": aes(128),
        "the classic cipher": classic(MANIFEST_MEMBER, FAMILY_MEMBER, PERSON_MEMBER),
        "the classic cipher on one member": classic(PERSON_MEMBER),
        "a password on the manifest alone": classic(MANIFEST_MEMBER),
        "a password on a member nobody named": bundle(Member(b"foto.jpg", b"x", flags=1)),
        "a password said in the local header only": bundle(family={"local_flags": 1}),
        "strong encryption": bundle(family={"flags": 0x41}),
        "strong encryption without the first bit": bundle(family={"flags": 0x40}),
        "a password and too large": bundle(person={"flags": 1, "size": 2**31}),
    }


def _too_large() -> dict[str, bytes]:
    bomb = {"plain": FAMILY_CSV + BLANK_LINES}
    kernel = [Member(f"{i:X}".encode(), BLANK_LINES, offset=0) for i in range(40)]
    truth = struct.pack("<2H2Q", 1, 16, 2**63 - 1, 700)
    return {
        "a ratio above 100": bundle(family=bomb),
        "a ratio above 100 in a member nobody named": bundle(Member(b"kosong", BLANK_LINES)),
        "a bomb whose directory claims a few bytes": bundle(family={**bomb, "size": 99}),
        "a bomb that claims to be packed larger": bundle(family={**bomb, "packed_size": 2**25}),
        "4 GiB by the directory": bundle(family={"size": 0xFFFFFFFE}),
        "64 MiB and one byte by the directory": bundle(family={"size": 64 * 2**20 + 1}),
        "8 EiB by a zip64 field": bundle(
            family={"size": 0xFFFFFFFF, "packed_size": 0xFFFFFFFF, "extra": truth, "version": 45}
        ),
        "forty members in one": packed([*members().values(), *kernel]),
        "more members than are looked at": b"PK\x01\x02" * 100_001 + SOUND,
    }


def _unsafe() -> dict[str, bytes]:
    names = (
        "/etc/passwd", "/keluarga.csv", "../keluarga.csv", "data/../../keluarga.csv", "..\\keluarga.csv",
        "\\\\server\\keluarga.csv", "C:\\keluarga.csv", "C:keluarga.csv", "data/", "data/keluarga.csv",
        "./keluarga.csv", "keluarga.csv/", "KELUARGA.CSV", "Keluarga.csv", "keluarga.csv ", "keluarga.csv.",
        "keluarga.csv\0", "keluarga.csv\0.exe", "kelu\u0430rga.csv", "\uff4beluarga.csv", "keluarga\u202e.csv",
        "keluarga.csv\n", "manifest.json.bak", "__MACOSX/._keluarga.csv", ".DS_Store", "Thumbs.db", "foto.jpg",
        "bundel.zip", "", CANARIES[0], "x" * 60_000,
    )  # fmt: skip
    modes = {"a link": stat.S_IFLNK, "a pipe": stat.S_IFIFO, "a device": stat.S_IFBLK, "a folder": stat.S_IFDIR}
    twice = members()[FAMILY_MEMBER]
    return {
        **{f"a member called {name[:40]!r}": bundle(Member(name.encode(), b"x", flags=0x800)) for name in names},
        **{f"{kind} called keluarga.csv": bundle(family={"mode": mode | 0o644}) for kind, mode in modes.items()},
        "a link to somewhere else": bundle(Member(b"pintas", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)),
        "the families twice": bundle(twice),
        "the families twice and different": bundle(replace(twice, plain=FAMILY_CSV[:-1])),
        "the manifest twice": bundle(members()[MANIFEST_MEMBER]),
        "2,000 members": bundle(*(Member(f"{i}".encode(), b"") for i in range(2000))),
        "a zip in the zip": bundle(Member(b"dalam.zip", SOUND, STORED)),
    }


def _harmless() -> dict[str, bytes]:
    streamed = io.BytesIO()
    with zipfile.ZipFile(streamed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members().items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
                out.write(member.plain)
    whole = [*members().values()]
    described = [replace(member, flags=8, descriptor=b"PK\x07\x08" + bytes(12)) for member in whole]
    return {
        "stored, not deflated": packed([replace(member, method=STORED) for member in whole]),
        "sizes behind the data": packed(described),
        "zip64 in every local header": streamed.getvalue(),
        "a zip64 directory": packed(whole, zip64=True),
        "a comment": packed(whole, comment=b"dari tablet " + CANARIES[0].encode()),
        "another order of members": packed(whole[::-1]),
        "something before it": NOISE[:500] + SOUND,
        "a little behind it": SOUND + bytes(300),
    }


ZIPS = (
    {f"no zip: {name}": Case(content, "NOT_A_ZIP") for name, content in _not_a_zip().items()}
    | {f"password: {name}": Case(content, "ENCRYPTED") for name, content in _encrypted().items()}
    | {f"large: {name}": Case(content, "TOO_LARGE") for name, content in _too_large().items()}
    | {f"unsafe: {name}": Case(content, "UNSAFE_MEMBER") for name, content in _unsafe().items()}
    | {f"harmless zip: {name}": Case(content) for name, content in _harmless().items()}
    | {
        "empty zip": Case(packed([]), "NO_MANIFEST", rows=(0, 0)),
        "unsafe: the families under a capital name only": Case(
            bundle(family={"name": b"KELUARGA.CSV"}), "UNSAFE_MEMBER", rows=(0, 0)
        ),
        "no zip: a damaged manifest beside a password": Case(
            bundle(manifest={"crc": 1}, family={"flags": 1}), "NOT_A_ZIP"
        ),
    }
)
