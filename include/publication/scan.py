"""Read what lies open for a number that looks like a person's: ``python -m include.publication.scan [FOLDER ...]``.

Without folders it reads those of the settings that must hold nobody: published, state and scratch.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

import pyarrow.parquet as pq

from include.publication.privacy_shapes import numbers_in
from include.publication.texts import texts_below
from include.settings import PROJECT, SettingsError, settings


def main(arguments: list[str] | None = None) -> int:
    """Say every place where such a number stands, never the number; return 0 where there is none, 1, or 2."""
    parser = argparse.ArgumentParser(prog="python -m include.publication.scan", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    try:
        configured = settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    folders = asked.folders or [configured.published, configured.state, configured.scratch]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        sys.stderr.write(f"no such folder: {', '.join(map(str, missing))}\n")
        return 2
    known = sub_sls_in(configured.raw) | own_numbers()
    found = [said for folder in folders for said in shaped(folder.name, texts_below(folder), known)]
    sys.stdout.write("".join(f"{said}\n" for said in found) or "nothing looks like a NIK, a KK number or a phone\n")
    return 1 if found else 0


def shaped(where: str, texts: Iterable[tuple[str, list[str]]], known: Collection[str]) -> list[str]:
    """Say in which texts stand how many numbers of a person's shape that are none of the ``known`` ones."""
    found: Counter[tuple[str, str]] = Counter()
    for place, values in texts:
        for what, numbers in numbers_in("\n".join(values)).items():
            unknown = sum(number not in known for number in numbers)
            if unknown:
                # A name that is such a number would be repeated by naming its place.
                said = "a file's name" if numbers_in(place) and not _all_known(place, known) else place
                found[f"{where}/{said}", what] += unknown
    return [f"{place}: {count} {what}" for (place, what), count in found.items()]


def sub_sls_in(raw: Path) -> set[str]:
    """The codes of every frame in the raw store: of as many digits as a NIK, and therefore known one by one."""
    files = sorted(raw.glob("frame/*/sub_sls.parquet"))
    return {str(code) for file in files for code in pq.read_table(file, columns=["idsubsls"])[0].to_pylist()}


def own_numbers() -> set[str]:
    """Numbers in the sources of the dbt project, invented for its unit tests: dbt's manifest repeats them."""
    sources = [path for path in (PROJECT / "dbt_project").rglob("*") if path.suffix in (".yml", ".sql", ".csv")]
    return {n for path in sources for numbers in numbers_in(path.read_text()).values() for n in numbers}


def _all_known(text: str, known: Collection[str]) -> bool:
    return all(number in known for numbers in numbers_in(text).values() for number in numbers)


if __name__ == "__main__":
    sys.exit(main())
