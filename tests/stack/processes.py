"""Lasting processes of a test: started, waited for, and stopped with everything that they started."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask twice a second until the condition holds; raise with what was waited for when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.5)


def stop(main: psutil.Popen, how: signal.Signals) -> None:
    """Ask the process to end, then end whatever is left of it and of its children."""
    family = [main, *main.children(recursive=True)] if main.is_running() else [main]
    main.send_signal(how)
    for survivor in psutil.wait_procs(family, timeout=30)[1]:
        survivor.kill()


@contextmanager
def running(
    command: list[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    user: str | None = None,
    stop_with: signal.Signals = signal.SIGTERM,
) -> Iterator[psutil.Popen]:
    """Run a process beside the test, its output in `log`, until the block or the test's own process ends."""
    # A test that is killed runs no `finally`: the kernel then asks the process to stop.
    bound = ["setpriv", f"--pdeathsig={stop_with.name.removeprefix('SIG')}", *command]
    with log.open("w", encoding="utf-8") as output:
        main = psutil.Popen(
            bound,
            env={"PATH": os.environ["PATH"], **environment},
            cwd=log.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
        )
        try:
            yield main
        finally:
            stop(main, stop_with)
