"""Measuring: each measurement in a fresh process, tables as Markdown, and what machine it was."""

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Watch:
    """What one block of work cost its process."""

    seconds: float = 0.0
    peak_mib: int = 0


@contextmanager
def watched() -> Iterator[Watch]:
    """Time a block; the peak memory is that of the process up to the block's end."""
    watch, started = Watch(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - started
    watch.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def in_own_process(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a module's function in a fresh interpreter: memory and imports of one measurement do not touch the next."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Format a Markdown table: the first column to the left, figures to the right."""
    lines = [header, ["---", *(["---:"] * (len(header) - 1))], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def machine() -> str:
    """Say on what kind of machine this is, and with what."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    engines = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow"))
    return f"{cores} cores, {memory:.0f} GiB; Python {platform.python_version()}, {engines}"


def say(text: str) -> None:
    """Print at once: a benchmark is watched while it runs."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
