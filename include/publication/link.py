"""A file of an older snapshot in a newer one, without its bytes being written again."""

import os
import shutil
from pathlib import Path


def link(source: Path, target: Path) -> None:
    """Link a file, or copy it where the file system has no links; the folder is made if absent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another device, or a file system without links
        shutil.copy2(source, target)
