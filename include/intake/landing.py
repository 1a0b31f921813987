"""The landing zone as fsspec shows it: its days, their files, and whether a day's files changed. Only reads."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

import fsspec
from fsspec import AbstractFileSystem

from include.settings import PREFIX


class LandingError(ValueError):
    """The landing zone cannot be read; the message names the setting or the file to correct."""


@dataclass(frozen=True)
class LandedFile:
    """One file of the landing zone. ``stamp``, its size and ETag or time, changes when the file may have.

    ``name`` can always be written as UTF-8; ``path`` is the file system's own. ``size`` in bytes.
    """

    name: str
    path: str
    stamp: str
    size: int = 0


@dataclass(frozen=True)
class Landing:
    """A landing zone opened for reading."""

    files: AbstractFileSystem
    root: str

    def days(self, kind: str) -> list[str]:
        """Name the folders of one kind (``uploads``, ``frame`` …), sorted; none if the kind has no folder yet."""
        folder = f"{self.root}/{kind}"
        if not self.files.isdir(folder):
            return []
        entries = self.files.ls(folder, detail=True, refresh=True)
        names = (PurePosixPath(e["name"]).name for e in entries if e["type"] == "directory")
        return sorted(name for name in names if not name.startswith("."))

    def listing(self, kind: str, day: str) -> list[LandedFile]:
        """List one folder's files, sorted by name; empty if the folder does not exist."""
        folder = f"{self.root}/{kind}/{day}"
        if not self.files.isdir(folder):
            return []
        entries = [e for e in self.files.ls(folder, detail=True, refresh=True) if e["type"] == "file"]
        return sorted((_landed(e) for e in entries), key=lambda file: file.name)

    def tree(self, kind: str, day: str) -> list[LandedFile]:
        """List the files below one folder at any depth, named by their path in it; hidden ones do not count."""
        folder = f"{self.root}/{kind}/{day}"
        if not self.files.isdir(folder):
            return []
        return sorted(self._below(folder, ""), key=lambda file: file.name)

    def _below(self, folder: str, prefix: str) -> Iterator[LandedFile]:
        for entry in self.files.ls(folder, detail=True, refresh=True):
            name = PurePosixPath(entry["name"]).name
            # An object store may list a folder's own marker inside it.
            if name.startswith(".") or entry["name"].rstrip("/") == folder.rstrip("/"):
                continue
            if entry["type"] == "directory":
                yield from self._below(entry["name"], f"{prefix}{name}/")
            else:
                yield _landed(entry, prefix)

    def read(self, file: LandedFile) -> bytes:
        """Read one file whole."""
        return self.files.cat_file(file.path)

    def pieces(self, file: LandedFile, piece_bytes: int = 2**22) -> Iterator[bytes]:
        """Read one file piece by piece, for what is too large to hold."""
        with self.files.open(file.path, "rb") as opened:
            while piece := opened.read(piece_bytes):
                yield piece


def open_landing(url: str) -> Landing:
    """Open the landing zone.

    Raises:
        LandingError: the folder does not exist, naming the setting that points at it.
    """
    files, root = fsspec.core.url_to_fs(url)
    if not files.isdir(root):
        raise LandingError(f"landing zone {url} does not exist or is no folder: correct {PREFIX}LANDING")
    return Landing(files, root.rstrip("/"))


def folder_day(kind: str, folder: str) -> date:
    """Say from which day a folder counts: its name, or the first of the month of ``programmes/<YYYY-MM>``.

    Raises:
        LandingError: the name is no day; what lies in the folder would otherwise wait unseen.
    """
    try:
        return date.fromisoformat(f"{folder}-01" if kind == "programmes" else folder)
    except ValueError:
        form = "YYYY-MM" if kind == "programmes" else "YYYY-MM-DD"
        raise LandingError(f"landing folder {kind}/{folder}: rename it to {form}") from None


def fingerprint(files: list[LandedFile]) -> str:
    """Digest a listing, so that a changed, added or removed file shows without reading any."""
    return hashlib.sha256("\n".join(f"{f.name} {f.stamp}" for f in files).encode()).hexdigest()


def _landed(entry: dict, prefix: str = "") -> LandedFile:
    # A copy may keep the old file's time (rsync, cp -p); "created" on a disk is when the file's entry last changed.
    changed = entry.get("ETag") or f"{entry.get('mtime') or entry.get('LastModified')} {entry.get('created', '')}"
    # A name in another encoding than UTF-8 reaches Python with halves of characters in it, which nothing can store.
    name = prefix + PurePosixPath(entry["name"]).name.encode("utf-8", "backslashreplace").decode()
    return LandedFile(name, entry["name"], f"{entry['size']} {changed}", entry["size"])
