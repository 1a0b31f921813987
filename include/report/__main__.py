"""Build the report site again from the live open snapshot: ``python -m include.report --out var/site``."""

import argparse
import json
import sys
from pathlib import Path

from include.publication.package import PACKAGE
from include.publication.pointer import live
from include.report.site import build_site
from include.settings import settings


def main(arguments: list[str] | None = None) -> int:
    """Build the site of what is live and print where it lies; 1 if nothing is published yet."""
    parser = argparse.ArgumentParser(prog="python -m include.report", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args(arguments).out
    current = live(settings().published)
    if current is None:
        sys.stderr.write("nothing is published yet: run a night first (make run)\n")
        return 1
    folder = settings().published / current["tiers"]["open"]["path"]
    build_site(folder, json.loads((folder / PACKAGE).read_text()), out)
    sys.stdout.write(f"{out / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
