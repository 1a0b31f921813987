"""Open a bundle's zip without trusting it: sizes are judged before anything is unpacked, and again while unpacking."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter

from include.contract import FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from include.intake.finding import BundleRejected, Finding

MEMBERS = (MANIFEST_MEMBER, FAMILY_MEMBER, PERSON_MEMBER)
UNPACKED_BYTES_MAX = 64 * 2**20
UNPACKED_TO_PACKED_MAX = 100

# What the zip reader and its decompressors raise on bytes that are no sound zip.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, IndexError, OverflowError, OSError,
)  # fmt: skip


def unpack(content: bytes, findings: list[Finding]) -> dict[str, bytes]:
    """Return the contract's members of one bundle, adding what is unsafe about the zip to ``findings``.

    Raises:
        BundleRejected: not a zip, damaged, encrypted or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            directory = archive.infolist()
            _refuse_what_cannot_be_opened(directory)
            _record_unsafe_members(directory, findings)
            return {i.filename: _read(archive, i) for i in directory if i.filename in MEMBERS}
    except DAMAGED as error:
        raise BundleRejected(Finding("NOT_A_ZIP", detail=type(error).__name__)) from None


def _refuse_what_cannot_be_opened(directory: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 0x1 for info in directory):
        raise BundleRejected(Finding("ENCRYPTED"))
    unpacked = sum(info.file_size for info in directory)
    packed = sum(info.compress_size for info in directory)
    if unpacked > UNPACKED_BYTES_MAX or unpacked > UNPACKED_TO_PACKED_MAX * max(packed, 1):
        raise BundleRejected(Finding("TOO_LARGE", detail=f"{unpacked} bytes unpacked from {packed}"))


def _record_unsafe_members(directory: list[zipfile.ZipInfo], findings: list[Finding]) -> None:
    names = Counter(info.filename for info in directory)
    for info in directory:
        if info.filename not in MEMBERS or stat.S_ISLNK(info.external_attr >> 16):
            findings.append(Finding("UNSAFE_MEMBER", detail="a member the contract does not name"))
    for name, count in names.items():
        if name in MEMBERS and count > 1:
            findings.append(Finding("UNSAFE_MEMBER", member=name, detail="repeated"))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Read one member, stopping at the size its directory entry claims: an entry may lie."""
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise BundleRejected(Finding("TOO_LARGE", member=info.filename, detail="larger than its directory entry"))
    return content
