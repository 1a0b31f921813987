"""Keys of the operational tier: one per kab/kota, from a file of mode 0600; everything else is derived from them.

``python -m include.publication.keys --help`` lists what the holder of a keys file may ask of it (docs/keys.md).
"""

import base64
import hmac
import json
import re
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from include.settings import SettingsError, closed_to_others

PROVINCE, UNKNOWN = "35", "UNKNOWN"
PSEUDONYMS = "pseudonyms"
KEY_BYTES, PASSWORD_BYTES = 32, 15
_CODE, _DESA = re.compile(r"\d{2}|\d{4}"), re.compile(r"\d{10}")


class KeysError(SettingsError):
    """The keys file is missing, loose, malformed, or lacks a kab/kota; the message names the file, never a key."""


@dataclass(frozen=True)
class Keys:
    """The keys of one file, by two-digit province or four-digit kab/kota code, and that of pseudonyms."""

    path: Path
    by_code: dict[str, bytes] = field(repr=False)
    pseudonyms: bytes | None = field(default=None, repr=False)

    def of(self, kab_code: str) -> bytes:
        """The key of a partition; the province office's holds province rows and those of unknown areas.

        Raises:
            KeysError: no key of that kab/kota. None is made while publishing: nobody would hold it.
        """
        code = PROVINCE if kab_code == UNKNOWN else kab_code
        if code not in self.by_code:
            raise KeysError(
                f"keys file {self.path}: no key of kab/kota {code!r}; `python -m include.publication.keys --add CODE`"
            )
        return self.by_code[code]

    def fingerprint(self) -> str:
        """Digest that changes with any key and tells nothing about one."""
        marks = [f"{code} {derive(key, 'fingerprint').hex()}\n" for code, key in sorted(self.by_code.items())]
        return sha256("".join(marks).encode()).hexdigest()


def read_keys(path: Path) -> Keys:
    """Read a keys file: a JSON object from code to 32 bytes in base64.

    Raises:
        KeysError: see there.
    """
    try:
        closed_to_others(path)
        written = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise KeysError(f"keys file {path}: no JSON") from None
    except (ValueError, OSError) as error:
        raise KeysError(f"keys file {path}: {error}") from None
    if not isinstance(written, dict):
        raise KeysError(f"keys file {path}: no JSON object from code to key")
    keys = {name: _decoded(path, name, text) for name, text in written.items()}
    return Keys(path, {code: key for code, key in keys.items() if code != PSEUDONYMS}, keys.get(PSEUDONYMS))


def derive(key: bytes, info: str, length: int = KEY_BYTES) -> bytes:
    """HKDF-SHA256; without salt, as the keys are random already."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info.encode()).derive(key)


def desa_key(keys: Keys, desa_code: str) -> bytes:
    """The key of one desa or kelurahan, by its ten-digit BPS code, from its kab/kota's.

    Raises:
        KeysError: no such code, or no key of its kab/kota.
    """
    if not _DESA.fullmatch(desa_code):
        raise KeysError(f"{desa_code!r} is no BPS desa code of 10 digits")
    return derive(keys.of(desa_code[:4]), desa_code)


def password(key: bytes, supervisor_id: str) -> str:
    """The password of a supervisor's zips under one kab/kota's key: 120 bits, in groups that can be read out."""
    return _password(key, f"supervisor:{supervisor_id}")


def desa_password(key: bytes) -> str:
    """The password of a desa's zips under the desa's own key; it does not lead back to the key."""
    return _password(key, "zip")


def keyed_digest(key: bytes, content: bytes) -> str:
    """HMAC-SHA256: proves content to whoever holds the key, and lets nobody else test a guess at it."""
    return hmac.digest(key, content, "sha256").hex()


def _password(key: bytes, info: str) -> str:
    letters = base64.b32encode(derive(key, info, PASSWORD_BYTES)).decode()
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def _decoded(path: Path, code: str, text: object) -> bytes:
    try:
        key = base64.b64decode(str(text), validate=True)
    except ValueError:
        key = b""
    if not (_CODE.fullmatch(code) or code == PSEUDONYMS) or len(key) != KEY_BYTES:
        raise KeysError(f"keys file {path}: {code!r} must be a code of 2 or 4 digits with {KEY_BYTES} bytes in base64")
    return key


if __name__ == "__main__":
    from include.publication.keys_command import main

    sys.exit(main())
