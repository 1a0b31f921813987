"""Bundles that are really encrypted: WinZip AES by pyzipper, and PKWARE's classic cipher by hand."""

import io
import zlib

import pyzipper

from tests.hostile.crafted_zip import DEFLATED, Member, members, packed

_PASSWORD = b"rahasia"


def aes(bits: int) -> bytes:
    """Every member encrypted with WinZip AES of ``bits``."""
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(_PASSWORD)
        archive.setencryption(pyzipper.WZ_AES, nbits=bits)
        for name, member in members().items():
            archive.writestr(name, member.plain)
    return buffer.getvalue()


def classic(*names: str) -> bytes:
    """The members of ``names`` encrypted with PKWARE's cipher, the others open."""
    return packed([_locked(member) if name in names else member for name, member in members().items()])


def _locked(member: Member) -> Member:
    header = bytes(11) + bytes([zlib.crc32(member.plain) >> 24])
    return Member(member.name, member.plain, DEFLATED, packed=_encrypted(header + member.data), flags=1)


def _encrypted(plain: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = _crc_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc_step(keys[2], keys[1] >> 24)

    for byte in _PASSWORD:
        update(byte)
    out = bytearray()
    for byte in plain:
        mask = keys[2] | 2
        out.append(byte ^ ((mask * (mask ^ 1) >> 8) & 0xFF))
        update(byte)
    return bytes(out)


def _crc_step(key: int, byte: int) -> int:
    """One byte of CRC-32 without its first and last inversion."""
    return zlib.crc32(bytes([byte]), key ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
