"""A zip that needs a password: AES-256, as 7-Zip and WinZip read it. No clock in it."""

import io
from datetime import date

import pyzipper
from pyzipper.zipfile_aes import AESZipInfo


def sealed(name: str, content: bytes, password: str, day: str) -> bytes:
    """Pack one file under its name and day; its content never touches the disk unencrypted."""
    return sealed_together({name: content}, password, day)


def sealed_together(members: dict[str, bytes], password: str, day: str) -> bytes:
    """Pack several files under one password and day."""
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        for name, content in members.items():
            member = AESZipInfo(name, (*date.fromisoformat(day).timetuple()[:3], 0, 0, 0))
            member.compress_type = pyzipper.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()
