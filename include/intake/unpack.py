"""Open a bundle's zip without trusting it: sizes are judged before anything is unpacked, and again while unpacking."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zipfile import ZipInfo

from include.contract import FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from include.intake.finding import BundleRejected, Finding
from include.intake.zip_member import DamagedMemberError, MemberTooLargeError, Place, needs_password, place_of, unpacked

MEMBERS = (MANIFEST_MEMBER, FAMILY_MEMBER, PERSON_MEMBER)
UNPACKED_BYTES_MAX = 64 * 2**20
UNPACKED_TO_PACKED_MAX = 100
# No zip that keeps the contract is larger: deflate adds 5 bytes to 16 KiB, names and comments some 64 KiB each.
PACKED_BYTES_MAX = UNPACKED_BYTES_MAX + 8 * 2**20
# Half a kilobyte of memory each is spent before the first can be judged.
DIRECTORY_ENTRIES_MAX = 100_000
# The end of a zip's directory may be followed by a comment of 64 KiB, and lies nowhere before it.
DIRECTORY_END = b"PK\x05\x06"
DIRECTORY_END_WITHIN_BYTES = 2**16 + 22

_DIRECTORY_ENTRY = b"PK\x01\x02"
_DOS_FOLDER = 0x10
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
    if DIRECTORY_END not in content[-DIRECTORY_END_WITHIN_BYTES:]:
        raise BundleRejected(Finding("NOT_A_ZIP", detail="no end of a zip's directory"))
    if content.count(_DIRECTORY_ENTRY) > DIRECTORY_ENTRIES_MAX:
        raise BundleRejected(Finding("TOO_LARGE", detail=f"more than {DIRECTORY_ENTRIES_MAX} directory entries"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            directory, directory_start = archive.infolist(), archive.start_dir
        findings += _unsafe_members(directory)
        allowance = _allowance(directory, len(content), findings)
        return _members(content, directory, directory_start, allowance)
    except MemberTooLargeError as error:
        raise BundleRejected(Finding("TOO_LARGE", detail=str(error))) from None
    except DamagedMemberError as error:
        raise BundleRejected(Finding("NOT_A_ZIP", detail=str(error))) from None
    except DAMAGED as error:
        raise BundleRejected(Finding("NOT_A_ZIP", detail=type(error).__name__)) from None


def _allowance(directory: list[ZipInfo], file_bytes: int, findings: list[Finding]) -> int:
    """Judge what the directory claims and say how many bytes may be unpacked; packed bytes shared count once."""
    unpacked_bytes = sum(info.file_size for info in directory)
    packed_bytes = min(sum(info.compress_size for info in directory), file_bytes)
    allowance = min(UNPACKED_BYTES_MAX, UNPACKED_TO_PACKED_MAX * max(packed_bytes, 1))
    if unpacked_bytes > allowance:
        if any(needs_password(info.flag_bits) for info in directory):
            findings.append(Finding("ENCRYPTED"))
        detail = f"{unpacked_bytes} bytes unpacked from {packed_bytes}"
        raise BundleRejected(Finding("TOO_LARGE", detail=detail))
    return allowance


def _members(content: bytes, directory: list[ZipInfo], directory_start: int, left: int) -> dict[str, bytes]:
    """Unpack every member within ``left`` bytes: the contract's to keep, others for their checksum."""
    places = [place_of(content, info) for info in directory]
    _refuse_overlaps(places, directory_start)
    members = {}
    for info, place in zip(directory, places, strict=True):
        if not place.is_encrypted:
            plain = unpacked(content, info, place, left)
            left -= len(plain)
            if info.orig_filename in MEMBERS:
                members[info.orig_filename] = plain
    if any(place.is_encrypted for place in places):
        raise BundleRejected(Finding("ENCRYPTED"))
    return members


def _refuse_overlaps(places: list[Place], directory_start: int) -> None:
    starts = [*sorted((place.start, place.end) for place in places), (directory_start, directory_start)]
    if any(end > next_start for (_, end), (next_start, _) in pairwise(starts)):
        raise DamagedMemberError("members overlap")


def _unsafe_members(directory: list[ZipInfo]) -> Iterator[Finding]:
    """Name what is unsafe by kind and count, never by its name: a zip may hold a hundred thousand, named by anyone."""
    kinds = Counter(kind for kind in map(_unsafe_kind, directory) if kind)
    for kind, count in sorted(kinds.items()):
        yield Finding("UNSAFE_MEMBER", detail=f"{count} x {kind}")
    for name, count in Counter(info.orig_filename for info in directory).items():
        if name in MEMBERS and count > 1:
            yield Finding("UNSAFE_MEMBER", member=name, detail=f"stands {count} times")


def _unsafe_kind(info: ZipInfo) -> str | None:
    name, mode = info.orig_filename, info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "a link"
    if name.startswith(("/", "\\")) or name[1:2] == ":" or ".." in name.replace("\\", "/").split("/"):
        return "a path that leads out of the bundle"
    if name.endswith("/") or stat.S_ISDIR(mode) or info.external_attr & _DOS_FOLDER:
        return "a folder"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "neither a file nor a folder"
    return None if name in MEMBERS else "a member the contract does not name"
