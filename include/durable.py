"""Files that a reader, a kill or a power cut find old or new, and never torn."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Keep every other process out of a block that locks the same folder; a kill gives the lock back.

    Shared locks let each other in, and keep out who wants it alone.

    Raises:
        BlockingIOError: somebody has it, and this one does not wait.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


@contextmanager
def private_files() -> Iterator[None]:
    """Let whatever files and folders this process makes in a block be its owner's alone: they hold people's rows."""
    earlier = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(earlier)


def replace_text(path: Path, text: str) -> None:
    """Replace a file by one atomic rename."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Replace a file by one atomic rename."""
    beside = path.with_name(f".{path.name}.beside")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)


def sync_tree(folder: Path) -> None:
    """Make everything below a folder survive a power cut, before a rename makes it visible."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
