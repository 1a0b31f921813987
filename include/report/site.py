"""The report site of a snapshot: the same marts and package give the same bytes."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from include.report import SITE, vendored
from include.report.area_pages import write_area_pages
from include.report.areas import read_areas
from include.report.marts import Marts
from include.report.pages import writer
from include.report.topic_pages import write_topic_pages

_ASSETS = Path(__file__).parent / "assets"


def build_site(folder: Path, package: dict[str, Any], out: Path | None = None) -> None:
    """Write the report site of a snapshot of tier ``open``.

    Args:
        folder: the snapshot, or its draft; only its marts are read.
        package: what its ``datapackage.json`` says or will say.
        out: where the site goes, instead of ``site`` below the snapshot; what lies there is replaced.

    Raises:
        VendorError: a browser library is not the one of its package.
    """
    out = out or folder / SITE
    shutil.rmtree(out, ignore_errors=True)
    _copy_assets(out)
    marts = Marts(folder)
    areas = read_areas(marts)
    pages = writer(out, date.fromisoformat(package["lineage"]["as_of"]), package["version"])
    downloads = Path(os.path.relpath(folder, out)).as_posix() + "/"
    write_area_pages(pages, marts, areas, package["gates"])
    write_topic_pages(pages, marts, areas, package, downloads)


def _copy_assets(out: Path) -> None:
    for file in sorted(_ASSETS.iterdir()):
        _copy(file, out / "assets" / file.name)
    for name in vendored.require_locked():
        _copy(vendored.VENDOR / name, out / "assets" / "vendor" / name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
