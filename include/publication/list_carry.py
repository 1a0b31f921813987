"""Lists whose rows are those of the live snapshot are linked from it; the others are made, many at a time."""

import hashlib
import io
import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyarrow.csv

from include.publication.base import Base
from include.publication.keys import keyed_digest
from include.publication.link import link
from include.publication.list_order import ListOrder, Made, make

# So many lists are made before a second process is worth its imports.
_WORTH_A_PROCESS = 12


class Carry:
    """What the live snapshot has of lists, by path: the digest of the rows they were made of."""

    def __init__(self, base: Base | None, made_with: str) -> None:
        """Compare with ``base``; lists made by other code, of which ``made_with`` tells, are never the same."""
        self._base, self._made_with = base, made_with
        self._known: dict[str, str] = base.package.get("list_rows", {}) if base else {}

    def rows_digest(self, order: ListOrder) -> str:
        """Keyed digest of what decides a list: its rows and the code that makes it, and no day."""
        rows = io.BytesIO()
        pyarrow.csv.write_csv(order.rows, rows)
        return keyed_digest(order.key, f"{self._made_with}\n".encode() + rows.getvalue())

    def take_over(self, order: ListOrder, digest: str, folder: Path) -> dict[str, str] | None:
        """Link a list's files and return their keyed digests, if rows and files are as the live snapshot says."""
        base = self._base
        if base is None or any(not self._holds(base, path, digest) for path in order.paths):
            return None
        for path in order.paths:
            link(base.folder / path, folder / path)
        return {path: base.package["keyed_digests"][path] for path in order.paths}

    def _holds(self, base: Base, path: str, digest: str) -> bool:
        file = base.folder / path
        if self._known.get(path) != digest or path not in base.package["keyed_digests"] or not file.is_file():
            return False
        return hashlib.sha256(file.read_bytes()).hexdigest() == base.sums.get(path)


class Makers:
    """Makes lists in as many processes as there are cores; keys go to them by a pipe, never by a command or a file."""

    def __init__(self, processes: int | None = None) -> None:
        """Use these many processes, begun when they are first worth it; as many as there are cores if not said."""
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._made = 0

    def make(self, orders: list[ListOrder]) -> Iterator[list[Made]]:
        """Make the lists, in the order given."""
        self._made += len(orders)
        is_alone = self._processes < 2 or multiprocessing.current_process().daemon
        if is_alone or self._made < _WORTH_A_PROCESS:
            yield from map(make, orders)
            return
        if self._pool is None:
            # Not forked: DuckDB's and PyArrow's threads would be copied with their locks held.
            self._pool = ProcessPoolExecutor(
                self._processes, multiprocessing.get_context("spawn"), initializer=_end_with_the_night
            )
        yield from self._pool.map(make, orders, chunksize=max(1, min(8, len(orders) // 8)))

    def close(self) -> None:
        """Let the processes go."""
        if self._pool:
            self._pool.shutdown()
            self._pool = None


def _end_with_the_night() -> None:
    """Let no process outlive a night that was killed: it would wait for work for ever."""
    night = multiprocessing.parent_process()

    def wait() -> None:
        if night:
            night.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def linked_or_made(
    wanted: Iterable[ListOrder], carry: Carry, makers: Makers, folder: Path
) -> Iterator[tuple[str, str, str]]:
    """Put lists below a snapshot's folder; yield path, digest of its rows and keyed digest of each file."""
    anew: list[tuple[ListOrder, str]] = []
    for order in wanted:
        digest = carry.rows_digest(order)
        carried = carry.take_over(order, digest, folder)
        if carried is None:
            anew.append((order, digest))
        for path, of_content in (carried or {}).items():
            yield path, digest, of_content
    for (_, digest), files in zip(anew, makers.make([order for order, _ in anew]), strict=True):
        for file in files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
            yield file.path, digest, file.digest
