"""Every operation on files that a publication takes, counted, and one of them made to fail."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fsspec import AbstractFileSystem

PLAIN = ("fsync", "rename", "replace", "mkdir", "link", "unlink", "rmdir")


class Killed(BaseException):
    """Stands for the process being killed: no handler of errors sees it."""


def full_disk() -> OSError:
    """What the system says when no block is left."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Operations:
    """Counts operations; raises instead of the one with the number ``fatal``, and leaves a file it opened torn."""

    def __init__(self, fatal: int | None = None, error: Callable[[], BaseException] = Killed) -> None:
        self.done: list[str] = []
        self._fatal, self._error = fatal, error

    def take(self, name: str) -> None:
        self.done.append(name)
        if len(self.done) - 1 == self._fatal:
            raise self._error()


@contextmanager
def counted(operations: Operations) -> Iterator[Operations]:
    """Count the operations of a block, in this process alone."""
    opened, written = Path.open, pq.write_table

    def open_(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        if "w" in mode:
            opened(path, mode, *args, **kwargs).close()  # a file is there before its content is
            operations.take(f"write {path.name}")
        return opened(path, mode, *args, **kwargs)

    def write_table(table: object, where: object, *args: object, **kwargs: object) -> None:
        if isinstance(where, Path):
            with opened(where, "wb") as file:
                file.write(b"torn")
            operations.take(f"write {where.name}")
        written(table, where, *args, **kwargs)

    def plain(name: str) -> Callable[..., object]:
        really = getattr(os, name)

        def take(*args: object, **kwargs: object) -> object:
            operations.take(name)
            return really(*args, **kwargs)

        return take

    with pytest.MonkeyPatch.context() as patched:
        for name in PLAIN:
            patched.setattr(os, name, plain(name))
        patched.setattr(Path, "open", open_)
        patched.setattr(pq, "write_table", write_table)
        yield operations


class CountedStore:
    """A file system of fsspec whose operations are counted with the others; once one was fatal, all fail.

    ``torn`` says that a file may lie there by half, as on a disk; on S3 a PUT is there or not.
    """

    OPERATIONS = ("find", "ls", "cat_file", "put_file", "pipe_file", "rm_file", "rm")

    def __init__(self, files: AbstractFileSystem, operations: Operations, *, torn: bool) -> None:
        self._files, self._operations, self._torn = files, operations, torn

    def __getattr__(self, name: str) -> object:
        really = getattr(self._files, name)
        if name not in self.OPERATIONS:
            return really

        def take(*args: object, **kwargs: object) -> object:
            path = str(args[1] if name == "put_file" else args[0])
            try:
                self._operations.take(f"{name} {path}")
            except BaseException:
                if self._torn and name == "put_file":
                    self._files.pipe_file(path, Path(str(args[0])).read_bytes()[:-7])
                raise
            return really(*args, **kwargs)

        return take
