"""Zips written by hand, so that any field can lie: the standard library's writer only writes the truth."""

import struct
import zlib
from dataclasses import dataclass, field, replace

from include.contract import FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from tests.hostile.case import sound

DEFLATED, STORED = 8, 0
REGULAR_FILE = 0o100644


@dataclass(frozen=True)
class Member:
    """One member as it is written; what is None is told truly. ``mode`` is the Unix file mode."""

    name: bytes
    plain: bytes = field(repr=False)
    method: int = DEFLATED
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    packed: bytes | None = field(default=None, repr=False)
    flags: int = 0
    local_flags: int | None = None
    local_name: bytes | None = None
    local_signature: bytes = b"PK\x03\x04"
    offset: int | None = None
    mode: int = REGULAR_FILE
    version: int = 20
    extra: bytes = b""
    descriptor: bytes = b""

    @property
    def data(self) -> bytes:
        """The packed bytes."""
        if self.packed is not None:
            return self.packed
        if self.method != DEFLATED:
            return self.plain
        deflating = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflating.compress(self.plain) + deflating.flush()

    def header(self, *, local: bool) -> bytes:
        """The fields that local header and directory entry share, from the version on."""
        flags = self.local_flags if local and self.local_flags is not None else self.flags
        crc = zlib.crc32(self.plain) if self.crc is None else self.crc
        size = len(self.plain) if self.size is None else self.size
        packed_size = len(self.data) if self.packed_size is None else self.packed_size
        name = self.local_name if local and self.local_name is not None else self.name
        extra = b"" if local else self.extra
        told = (0, 0, 0) if local and flags & 0x8 else (crc, packed_size, size)
        stamp = (self.version, flags, self.method, 0, 0x5550)
        return struct.pack("<5H3I2H", *stamp, *told, len(name), len(extra))


def members() -> dict[str, Member]:
    """The three members of the sound bundle, by name."""
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(sound())) as archive:
        return {name: Member(name.encode(), archive.read(name)) for name in archive.namelist()}


def bundle(*added: Member, **changed: dict) -> bytes:
    """The sound bundle with ``manifest``, ``family`` or ``person`` changed, and members added behind them."""
    places = {"manifest": MANIFEST_MEMBER, "family": FAMILY_MEMBER, "person": PERSON_MEMBER}
    whole = members()
    return packed([*(replace(whole[name], **changed.get(key, {})) for key, name in places.items()), *added])


def packed(whole: list[Member], comment: bytes = b"", zip64: bool = False) -> bytes:
    """Write members and their directory."""
    out, directory = b"", b""
    for member in whole:
        offset = len(out) if member.offset is None else member.offset
        name = member.name if member.local_name is None else member.local_name
        out += member.local_signature + member.header(local=True) + name + member.data + member.descriptor
        tail = struct.pack("<3H2I", 0, 0, 0, (member.mode << 16) & 0xFFFFFFFF, offset)
        made_by_unix = struct.pack("<H", 3 << 8 | 20)
        directory += b"PK\x01\x02" + made_by_unix + member.header(local=False) + tail + member.name + member.extra
    count, size, start = len(whole), len(directory), len(out)
    end = b""
    if zip64:
        end = b"PK\x06\x06" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, count, count, size, start)
        end += b"PK\x06\x07" + struct.pack("<IQI", 0, start + size, 1)
        count, size, start = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    shown = min(count, 0xFFFF)
    end += b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, shown, shown, size, start, len(comment)) + comment
    return out + directory + end
