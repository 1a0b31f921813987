"""Browser libraries taken from npm packages at exact versions; a lock says from which file and with what digest.

``python -m include.report.vendored`` checks them.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"
LOCK = "lock.json"


class VendorError(RuntimeError):
    """A vendored file is not the one of its package; the message names the file."""


def require_locked(folder: Path = VENDOR) -> list[Path]:
    """Compare every vendored file with the lock and return their paths below ``folder``, sorted.

    Raises:
        VendorError: a file is missing, altered, or not in the lock.
    """
    packages = json.loads((folder / LOCK).read_text())
    locked = {name: said["integrity"] for package in packages for name, said in package["files"].items()}
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {LOCK}
    for name in sorted(found ^ locked.keys()):
        raise VendorError(f"{name}: {'not in the lock' if name in found else 'missing'}")
    for name, integrity in sorted(locked.items()):
        if integrity_of(folder / name) != integrity:
            raise VendorError(f"{name}: not the bytes of its package")
    return [Path(name) for name in sorted(locked)]


def integrity_of(file: Path) -> str:
    """Digest of a file as npm and browsers write it: ``sha512-`` and base64."""
    return "sha512-" + base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()


if __name__ == "__main__":
    for checked in require_locked():
        sys.stdout.write(f"{checked}\n")
