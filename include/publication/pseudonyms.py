"""Pseudonyms: HMAC-SHA256 under a key derived by kind, so that kinds never meet and no guess can be tested."""

import base64
import hmac
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from include.publication.keys import KEY_BYTES, Keys, KeysError, derive
from include.settings import PREFIX, Settings

DIGITS = 32  # hexadecimal: 128 bits, so that a collision among 40 million persons is not to be expected
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Pseudonyms:
    """Makes pseudonyms under one secret."""

    secret: bytes = field(repr=False)

    def of(self, kind: str, sources: list[pa.Array]) -> pa.Array:
        """The pseudonym of each row's values, as text of 32 hexadecimal digits; null where any of them is null."""
        texts = [pc.cast(source, pa.string()) for source in sources]
        joined = pc.binary_join_element_wise(*texts, _BETWEEN) if len(texts) > 1 else texts[0]
        if isinstance(joined, pa.ChunkedArray):
            joined = joined.combine_chunks()
        distinct = joined.dictionary_encode()
        key = derive(self.secret, f"pseudonym:{kind}")
        made = [hmac.digest(key, text.encode(), "sha256").hex()[:DIGITS] for text in distinct.dictionary.to_pylist()]
        return pa.array(made, pa.string()).take(distinct.indices)

    def fingerprint(self) -> str:
        """Digest that changes with the secret and tells nothing about it."""
        return derive(self.secret, "pseudonyms fingerprint").hex()


def pseudonyms_of(settings: Settings, keys: Keys) -> Pseudonyms:
    """Pseudonyms under the secret of the environment, else that of the keys file.

    Raises:
        KeysError: neither has one, or it is no 32 bytes in base64. None is made while publishing.
    """
    if settings.pseudonym_key is None:
        if keys.pseudonyms is None:
            raise KeysError(
                f"no key of pseudonyms: set {PREFIX}PSEUDONYM_KEY, or give the keys file one with `--add pseudonyms`"
            )
        return Pseudonyms(keys.pseudonyms)
    try:
        secret = base64.b64decode(settings.pseudonym_key.get_secret_value(), validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeysError(f"{PREFIX}PSEUDONYM_KEY must be {KEY_BYTES} bytes in base64: `openssl rand -base64 32`")
    return Pseudonyms(secret)
