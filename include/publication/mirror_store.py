"""The store that holds the mirror: what is put there, what lies there, every failure by the name of its file.

``s3://`` and ``file://``: on S3 one PUT replaces an object whole, on files a rename does. Credentials are the store's
own business (AWS_* in the environment) and stand in no message.
"""

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from include.durable import replace_text, sync_tree
from include.settings import PREFIX

# That a store is out of reach is said within a minute.
_OPTIONS: dict[str, dict[str, Any]] = {
    "file": {"auto_mkdir": True},
    "s3": {"config_kwargs": {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 2}}},
}
_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# Larger ones are sent in parts, whose checksums the store does not take for the whole.
_ONE_PUT_BYTES = 64 * 2**20


class MirrorError(RuntimeError):
    """The mirror could not be brought up to date; what is published here stays live. Names URL and file.

    Tried again, it goes on where it stopped, unless the message says that a file here is altered.
    """


@dataclass(frozen=True)
class Store:
    """A folder of a store; paths are relative to it, with ``/``."""

    files: AbstractFileSystem
    root: str
    url: str

    def sizes(self, folder: str) -> dict[str, int]:
        """Bytes of every file below a folder, by path in it; empty where there is no such folder."""
        top = f"{self.root}/{folder}/"
        with self._named("list", folder):
            try:
                found = self.files.find(top, detail=True)
            except FileNotFoundError:
                return {}
            return {path.removeprefix(top): said["size"] for path, said in found.items() if path.startswith(top)}

    def folders(self, folder: str) -> list[str]:
        """Names of the folders in a folder, sorted."""
        with self._named("list", folder):
            try:
                entries = self.files.ls(f"{self.root}/{folder}", detail=True)
            except FileNotFoundError:
                return []
            return sorted(e["name"].rstrip("/").rpartition("/")[2] for e in entries if e["type"] == "directory")

    def text(self, path: str) -> str | None:
        """What a small file says; ``None`` where there is none."""
        with self._named("read", path):
            try:
                return self.files.cat_file(f"{self.root}/{path}").decode()
            except FileNotFoundError:
                return None

    def send(self, source: Path, path: str, sha256: str) -> None:
        """Put a file that must still have the checksum it was published with; S3 compares it with what arrived.

        Raises:
            MirrorError: the file was altered here, or could not be put.
        """
        with source.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
        if digest.hexdigest() != sha256:
            raise MirrorError(f"mirror {self.url}: {path} is altered here since it was published: not sent")
        more = {}
        if self._is("s3") and source.stat().st_size < _ONE_PUT_BYTES:
            more = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": base64.b64encode(digest.digest()).decode()}
        with self._named("put", path):
            self.files.put_file(str(source), f"{self.root}/{path}", **more)

    def replace(self, path: str, text: str) -> None:
        """Put a small file so that a reader finds the old one or the new one, and never half of it."""
        place = f"{self.root}/{path}"
        with self._named("put", path):
            if self._is("file"):
                Path(place).parent.mkdir(parents=True, exist_ok=True)
                replace_text(Path(place), text)
            else:
                self.files.pipe_file(place, text.encode())

    def settle(self, folder: str) -> None:
        """Make what was put in a folder survive a power cut; S3 does so before it answers."""
        if self._is("file"):
            with self._named("sync", folder):
                sync_tree(Path(f"{self.root}/{folder}"))

    def remove(self, path: str) -> None:
        """Take a file away."""
        with self._named("remove", path):
            self.files.rm_file(f"{self.root}/{path}")

    def remove_folder(self, folder: str) -> None:
        """Take a folder away with all that lies in it."""
        with self._named("remove", folder):
            self.files.rm(f"{self.root}/{folder}", recursive=True)

    def _is(self, protocol: str) -> bool:
        said = self.files.protocol
        return protocol in ((said,) if isinstance(said, str) else said)

    @contextmanager
    def _named(self, doing: str, path: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Stores raise what they like, and its chain might quote a request with its credentials.
            raise MirrorError(
                f"mirror {self.url}: cannot {doing} {path}: {type(error).__name__}: {_without_secrets(str(error))}"
            ) from None


def open_store(url: str) -> Store:
    """Open the mirror's store.

    Raises:
        MirrorError: its folder does not exist; a mount that is missing must not be taken for an empty mirror.
    """
    # An instance of its own: a shared one might answer from a listing of before.
    files, root = url_to_fs(url, skip_instance_cache=True, **_OPTIONS.get(url.partition("://")[0], {}))
    store = Store(files, root.rstrip("/"), url)
    if store._is("file") and not Path(root).is_dir():
        raise MirrorError(f"mirror {url} does not exist: make or mount the folder, or correct {PREFIX}PUBLISHED_MIRROR")
    return store


def _without_secrets(text: str) -> str:
    for secret in filter(None, map(os.environ.get, _SECRETS)):
        text = text.replace(secret, "…")
    return text
