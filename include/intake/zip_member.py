"""One member's bytes out of a zip: no more than asked for, and held against its directory entry."""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from zipfile import ZipInfo

_LOCAL_HEADER = struct.Struct("<4s2x2H16x2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_UTF8_NAME = 0x800
# Needs a password (bit 0), strong encryption (bit 6), masked directory (bit 13).
_ENCRYPTED = 0x2041
_RAW_DEFLATE = -15


class DamagedMemberError(ValueError):
    """A member's data is not what its directory entry says; the message holds no name and no value."""


class MemberTooLargeError(ValueError):
    """A member unpacks to more than its reader allows."""


@dataclass(frozen=True)
class Place:
    """Where a member lies in the file: its local header at ``start``, its packed data from ``data`` up to ``end``."""

    start: int
    data: int
    end: int
    is_encrypted: bool


def place_of(content: bytes, info: ZipInfo) -> Place:
    """Find a member's packed data by its local header.

    Raises:
        DamagedMemberError: no local header there, or one that contradicts the directory entry.
    """
    start = info.header_offset
    if start < 0 or start + _LOCAL_HEADER.size > len(content):
        raise DamagedMemberError("local header outside the file")
    signature, flags, method, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, start)
    if signature != _LOCAL_SIGNATURE:
        raise DamagedMemberError("no local header")
    name_start = start + _LOCAL_HEADER.size
    name = content[name_start : name_start + name_length]
    if name.decode("utf-8" if flags & _UTF8_NAME else "cp437") != info.orig_filename:
        raise DamagedMemberError("names in directory and local header differ")
    if method != info.compress_type:
        raise DamagedMemberError("compression methods in directory and local header differ")
    data = name_start + name_length + extra_length
    return Place(start, data, data + info.compress_size, needs_password(flags | info.flag_bits))


def needs_password(flags: int) -> bool:
    """Say whether a member's flag bits, of its directory entry or local header, ask for a password."""
    return bool(flags & _ENCRYPTED)


def unpacked(content: bytes, info: ZipInfo, place: Place, most: int) -> bytes:
    """Unpack one member that needs no password; ``most`` in bytes, whatever its directory entry claims.

    Raises:
        MemberTooLargeError: there is more than ``most``.
        DamagedMemberError: cut off, of another size or checksum than the entry says, or no method of the contract.
    """
    if place.end > len(content):
        raise DamagedMemberError("member cut off")
    packed = memoryview(content)[place.data : place.end]
    if info.compress_type == zipfile.ZIP_DEFLATED:
        plain = _inflated(packed, most)
    elif info.compress_type == zipfile.ZIP_STORED:
        plain = bytes(packed[: most + 1])
    else:
        # Other methods' decompressors of the standard library unpack without a limit.
        raise DamagedMemberError(f"compression method {info.compress_type}, not deflate")
    if len(plain) > most:
        raise MemberTooLargeError(f"more than {most} bytes unpacked")
    if len(plain) != info.file_size or zlib.crc32(plain) != info.CRC:
        raise DamagedMemberError("size or CRC differs from the directory entry")
    return plain


def _inflated(packed: memoryview, most: int) -> bytes:
    inflating = zlib.decompressobj(_RAW_DEFLATE)
    try:
        plain = inflating.decompress(packed, most + 1)
    except zlib.error:
        raise DamagedMemberError("no deflated data") from None
    if len(plain) <= most and not inflating.eof:
        raise DamagedMemberError("deflated data ends early")
    return plain
