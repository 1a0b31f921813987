"""The mirror: what is live here, copied to where others read it; its pointer is moved last (docs/adr/0019).

``python -m include.publication.mirror`` brings it up to date by hand.
"""

import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from include.publication.housekeeping import kept_snapshots
from include.publication.mirror_store import MirrorError, Store, open_store
from include.publication.package import SUMS, listed_checksums, parsed_checksums
from include.publication.pointer import CURRENT, TIER_COPY, live, mirror_lock, pointer_text, writing
from include.run_log import CLOSED, OPENED, RunLog, run_log
from include.settings import PREFIX, Settings, SettingsError, settings

NONE_SET = f"none: {PREFIX}PUBLISHED_MIRROR is not set"
# Some 25,000 files of a whole province, most of them small: one after the other they would wait for the network.
_AT_ONCE = 16


def follow(log: RunLog, as_of: str, configured: Settings) -> dict:
    """Bring the mirror, if one is set, to what is live, as a step of a run.

    Returns ``{"mirror": URL, "as_of", "files", "bytes"}``: what was sent; without a mirror its ``mirror`` says so.

    Raises:
        MirrorError: it could not be brought there.
    """
    with log.step("mirror", as_of) as figures:
        figures["mirror"] = configured.published_mirror or NONE_SET
        if configured.published_mirror:
            figures |= bring(configured.published, configured.published_mirror)
    return figures


def bring(published: Path, url: str) -> dict:
    """Bring a mirror to what is live here: files, then checksums, tier by tier; the pointer last.

    What lies there as its checksums say is not sent again. Killed or failed anywhere, it leaves the pointer to the old
    snapshots, or to the new ones; the next call completes it.

    Returns ``{"as_of", "files", "bytes"}``: of what is live, and what was sent.

    Raises:
        MirrorError: the store cannot be reached, or does not hold what was sent.
    """
    # The pointer is read under the lock, so that no older one follows a newer; nothing of it may be tidied away.
    with mirror_lock(published), writing(published):
        current = live(published)
        if current is None:
            return {"as_of": "", "files": 0, "bytes": 0}
        store = open_store(url)
        sent = [size for said in current["tiers"].values() for size in _bring_snapshot(store, published, said["path"])]
        text = pointer_text(current)
        for path in (*(f"{tier}/{TIER_COPY}" for tier in current["tiers"]), CURRENT):
            if store.text(path) != text:
                store.replace(path, text)
    return {"as_of": current["as_of"], "files": len(sent), "bytes": sum(sent)}


def tidy_mirror(published: Path, days: int, url: str) -> dict[str, int]:
    """Take from the mirror the snapshots that are not kept here; never the one that its pointer names.

    Returns ``{"removed_from_mirror": snapshots}``. Where nothing is live here, as after the loss of a disk, all stays.

    Raises:
        MirrorError: the store cannot be reached.
    """
    removed = 0
    with mirror_lock(published):
        current, store = live(published), open_store(url)
        kept = kept_snapshots(published, days) | _live_there(store)
        for tier in current["tiers"] if current else ():
            for path in (f"{tier}/snapshots/{name}" for name in store.folders(f"{tier}/snapshots")):
                if path not in kept:
                    _remove_snapshot(store, path)
                    removed += 1
    return {"removed_from_mirror": removed}


def _bring_snapshot(store: Store, published: Path, path: str) -> list[int]:
    """Make a snapshot whole in the store; return the bytes of each file sent. Its checksums are put last."""
    folder = published / path
    text = (folder / SUMS).read_text()
    sums, said, there = listed_checksums(folder), store.text(f"{path}/{SUMS}"), store.sizes(path)
    sizes = {name: (folder / name).stat().st_size for name in sums}
    listed = parsed_checksums(said or "")
    lacking = [name for name in sums if listed.get(name) != sums[name] or there.get(name) != sizes[name]]
    strange = sorted(there.keys() - sums.keys() - {SUMS})
    if said == text and not lacking and not strange:
        return []
    if said not in (None, text):
        store.remove(f"{path}/{SUMS}")  # it would say of other content that it is whole
    _each(lacking, lambda name: store.send(folder / name, f"{path}/{name}", sums[name]))
    _each(strange, lambda name: store.remove(f"{path}/{name}"))
    store.settle(path)
    _require_sent(store, path, sizes)
    if said != text:
        store.replace(f"{path}/{SUMS}", text)
    return [sizes[name] for name in lacking]


def _require_sent(store: Store, path: str, sizes: dict[str, int]) -> None:
    there = {name: size for name, size in store.sizes(path).items() if name != SUMS}
    wrong = sorted(name for name in there.keys() | sizes.keys() if there.get(name) != sizes.get(name))
    if wrong:
        more = f" and {len(wrong) - 1} more" if wrong[1:] else ""
        raise MirrorError(f"mirror {store.url}: {path}/{wrong[0]}{more} not there as sent")


def _live_there(store: Store) -> set[str]:
    there = json.loads(store.text(CURRENT) or '{"tiers": {}}')
    return {said["path"] for said in there["tiers"].values()}


def _remove_snapshot(store: Store, path: str) -> None:
    if store.text(f"{path}/{SUMS}") is not None:
        store.remove(f"{path}/{SUMS}")  # first: what is left of a snapshot must not say that it is whole
    store.remove_folder(path)


def _each(names: Iterable[str], work: Callable[[str], None]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        list(workers.map(work, names))


def main() -> int:
    """Bring the mirror up to date and enter it in the run log; returns the process' exit code."""
    try:
        configured = settings()
        current = live(configured.published)
        log = run_log(configured.state, "mirror", f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
        log.enter("open_run", OPENED)
        done = follow(log, current["as_of"] if current else "", configured)
        log.enter("close_run", CLOSED, message="mirrored")
    except (MirrorError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sent = f": {done['files']} files sent, {done['bytes']} bytes; live as of {done['as_of']}" if "files" in done else ""
    sys.stdout.write(f"mirror {done['mirror']}{sent}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
