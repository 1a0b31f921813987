"""Find the files a mapping names in an export, plain or in a zip, without trusting any: sizes are bounded throughout.

An export may hold more than the mapping names (photos, scripts, other rosters): that is neither read nor judged.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from include.intake.finding import BundleRejected, Finding
from include.intake.unpack import DAMAGED

# Of all that is read of one export. A bundle's limit is for one enumerator's day; an export may hold a whole office.
EXPORT_BYTES_MAX = 512 * 2**20
# Tables of a survey are full of the same few codes, and pack better than a bundle's.
UNPACKED_TO_PACKED_MAX = 200
_CHUNK = 2**20


@dataclass(frozen=True)
class SourceFile:
    """One file of an export, by its name without folders."""

    name: str
    content: bytes


def gather(landed: list[tuple[str, bytes]], patterns: list[str]) -> dict[str, SourceFile]:
    """Find for each pattern the one file it names.

    Raises:
        BundleRejected: MISSING_MEMBER or UNSAFE_MEMBER where a pattern names no file or several; NOT_A_ZIP, ENCRYPTED
            or TOO_LARGE where they cannot be read.
    """
    found: list[SourceFile] = []
    for name, content in landed:
        if name.lower().endswith(".zip"):
            found += _members(name, content, patterns)
        elif _wanted(name, patterns):
            found.append(SourceFile(_base(name), content))
    if sum(len(file.content) for file in found) > EXPORT_BYTES_MAX:
        raise BundleRejected(Finding("TOO_LARGE", detail=f"more than {EXPORT_BYTES_MAX} bytes to read"))
    return {pattern: _only(pattern, found) for pattern in patterns}


def is_wanted(name: str, patterns: list[str]) -> bool:
    """Whether a file may hold what the patterns name: it is called so, or it is a zip."""
    return name.lower().endswith(".zip") or _wanted(name, patterns)


def measure_zip(name: str, content: bytes) -> None:
    """Unpack a zip that another library will open (XLSX), keeping nothing, to see that its sizes are true.

    Raises:
        BundleRejected: NOT_A_ZIP, ENCRYPTED or TOO_LARGE.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _judge(name, archive.infolist())
            for info in archive.infolist():
                for _ in _chunks(archive, info):
                    pass
    except DAMAGED as error:
        raise BundleRejected(Finding("NOT_A_ZIP", name, detail=type(error).__name__)) from None


def _members(name: str, content: bytes, patterns: list[str]) -> list[SourceFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [i for i in archive.infolist() if not i.is_dir() and _wanted(i.filename, patterns)]
            _judge(name, wanted)
            return [SourceFile(_base(i.filename), b"".join(_chunks(archive, i))) for i in wanted]
    except DAMAGED as error:
        raise BundleRejected(Finding("NOT_A_ZIP", name, detail=type(error).__name__)) from None


def _judge(name: str, members: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 0x1 for info in members):
        raise BundleRejected(Finding("ENCRYPTED", name))
    unpacked = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    if unpacked > EXPORT_BYTES_MAX or unpacked > UNPACKED_TO_PACKED_MAX * max(packed, 1):
        raise BundleRejected(Finding("TOO_LARGE", name, detail=f"{unpacked} bytes unpacked from {packed}"))


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member's bytes, stopping at the size its directory entry claims: an entry may lie."""
    left = info.file_size
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BundleRejected(Finding("TOO_LARGE", info.filename, detail="larger than its directory entry"))
            yield chunk


def _wanted(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(_base(name), pattern) for pattern in patterns)


def _only(pattern: str, files: list[SourceFile]) -> SourceFile:
    matching = [file for file in files if fnmatchcase(file.name, pattern)]
    if not matching:
        raise BundleRejected(Finding("MISSING_MEMBER", pattern, detail="the mapping names a file the export has not"))
    if len(matching) > 1:
        detail = f"{len(matching)} files have the name the mapping gives to one"
        raise BundleRejected(Finding("UNSAFE_MEMBER", pattern, detail=detail))
    return matching[0]


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name
