"""Ids that say nothing: UUIDs of documents, hashes of photos."""

import numpy as np
import polars as pl

from include.simulation.draws import Draws, Ints

_VERSION_4 = (np.uint64(0xFFFFFFFFFFFF0FFF), np.uint64(0x4000))
_VARIANT = (np.uint64(0x3FFFFFFFFFFFFFFF), np.uint64(0x8000000000000000))


def uuids(draws: Draws, question: str, keys: Ints) -> pl.Series:
    """A UUID (version 4 in form) a key, in lower case."""
    high = draws.bits(f"{question}/high", keys) & _VERSION_4[0] | _VERSION_4[1]
    low = draws.bits(f"{question}/low", keys) & _VARIANT[0] | _VARIANT[1]
    text = _hexadecimal([high, low])
    return pl.Series([f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}" for t in text], dtype=pl.String)


def photo_hashes(draws: Draws, keys: Ints) -> pl.Series:
    """64 hexadecimal digits a key: the SHA-256 of a photo that was never taken."""
    return pl.Series(_hexadecimal([draws.bits(f"photo/{word}", keys) for word in range(4)]), dtype=pl.String)


def _hexadecimal(words: "list[np.ndarray]") -> list[str]:
    text = np.stack(words, axis=1).astype(">u8").tobytes().hex()
    width = 16 * len(words)
    return [text[at : at + width] for at in range(0, len(text), width)]
