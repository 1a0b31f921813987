"""A mirror as its reader sees it, and every operation on its store that bringing it up to date takes."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from fsspec import AbstractFileSystem

from include.publication import mirror, mirror_store
from include.publication.mirror import bring
from include.publication.mirror_store import Store, open_store
from include.publication.pointer import CURRENT
from include.publication.verify import verify
from tests.faults import CountedStore, Operations, counted
from tests.publication import Night

WRITES = ("put_file", "pipe_file", "rm_file", "rm", "write", "replace")


@dataclass
class Mirrored:
    """A night's publication and its mirror."""

    night: Night
    url: str

    @property
    def published(self) -> Path:
        return self.night.published

    @cached_property
    def store(self) -> Store:
        return open_store(self.url)

    @property
    def files(self) -> AbstractFileSystem:
        return self.store.files

    def path(self, below: str) -> str:
        return f"{self.store.root}/{below}"

    def live(self) -> dict | None:
        text = self.store.text(CURRENT)
        return json.loads(text) if text else None

    def bring(self, operations: Operations | None = None) -> list[str]:
        """Bring the mirror up to date; return every operation that it took."""
        operations = operations or Operations()
        opened = mirror_store.url_to_fs

        def counting(url: str, **options: object) -> tuple:
            files, root = opened(url, **options)
            return CountedStore(files, operations, torn=url.startswith("file:")), root

        with ExitStack() as block, pytest.MonkeyPatch.context() as patched:
            patched.setattr(mirror_store, "url_to_fs", counting)
            patched.setattr(mirror, "_AT_ONCE", 1)  # so that the operations come in one order
            if self.url.startswith("file:"):
                block.enter_context(counted(operations))
            bring(self.published, self.url)
        return operations.done

    def assert_whole(self, *allowed: dict | None) -> None:
        """What a reader downloads: a pointer, to snapshots of which every byte and every table is as it should be."""
        copy = self.night.settings.scratch / "download"
        shutil.rmtree(copy, ignore_errors=True)
        pointer = self.live()
        assert pointer in allowed
        for said in pointer["tiers"].values():
            self.files.get(self.path(said["path"]), str(copy / said["path"]), recursive=True)
            assert verify(copy / said["path"], self.night.keys) == ([], [])


def writes(done: list[str]) -> list[str]:
    return [name for name in done if name.split()[0] in WRITES]
