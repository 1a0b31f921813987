"""The papers of a snapshot: Frictionless data package, checksums, data dictionary. No clock in any of them."""

import csv
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from include.publication.catalogue import Mart
from include.publication.csv_file import write_csv
from include.publication.edition import Edition
from include.publication.metadata.forms import write_forms
from include.publication.policy import PublishedMart

PACKAGE, SUMS, DICTIONARY = "datapackage.json", "SHA256SUMS", "dictionary.csv"
FIRST_VERSION = "1.0.0"

# Frictionless Table Schema types by the types of our contracts.
_FIELD_TYPES = {"varchar": "string", "integer": "integer", "bigint": "integer", "date": "date", "boolean": "boolean"}


def package_of(folder: Path, edition: Edition, rows: dict[str, int], says: dict) -> dict:
    """What the data package of a snapshot says whose marts lie in ``folder``; ``says`` is the writer's."""
    marts = resources(folder, edition, rows)
    held = {"resources": marts + says.get("resources", []), "gates": edition.gate_results}
    return headed(edition, {**says, **held, "versions": edition.dated_versions})


def headed(edition: Edition, says: dict) -> dict:
    """Put the name, version and lineage of an edition to what its package says."""
    made_from = edition.made_from
    return {
        **says,
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"regsosek-jawa-timur-{edition.tier}",
        "title": "Pendataan Awal Regsosek, Jawa Timur",
        "version": f"{made_from['as_of']}+{made_from['digest'][:12]}",
        "lineage": made_from,
    }


def write_papers(folder: Path, package: dict, lines: list[list[str]], known: dict[str, str] | None = None) -> None:
    """Write the package, the forms of Satu Data Indonesia, the dictionary's lines and, last, the checksums.

    Checksums that are ``known`` need not be read again.
    """
    write_csv(folder / DICTIONARY, ("mart", "column", "data_type", "keterangan", "description"), lines)
    write_forms(folder, package)
    (folder / PACKAGE).write_text(json.dumps(package, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    (folder / SUMS).write_text("".join(f"{sha256}  {name}\n" for name, sha256 in checksums(folder, known).items()))


def resources(folder: Path, edition: Edition, rows: dict[str, int]) -> list[dict]:
    """Describe the marts of an edition as they lie in a folder."""
    return [
        _resource(folder, mart, edition.catalogue[mart.name], rows[mart.name])
        | {"schema_version": edition.schema_versions.get(mart.name, FIRST_VERSION)}
        for mart in edition.marts
    ]


def dictionary(edition: Edition) -> list[list[str]]:
    """One line per published column: mart, column, type, meaning in Indonesian and in English."""
    return [
        [published.name, name, column.data_type, column.description_id, column.description_en]
        for published in edition.marts
        for name in published.columns
        for column in [edition.catalogue[published.name].columns[name]]
    ]


def read_dictionary(folder: Path) -> list[list[str]]:
    """Read the lines of a snapshot's dictionary, without its heading."""
    with (folder / DICTIONARY).open(newline="") as lines:
        return list(csv.reader(lines))[1:]


def checksums(folder: Path, known: dict[str, str] | None = None) -> dict[str, str]:
    """SHA-256 of every file of a snapshot but the list itself, by path in it, sorted; ``known`` ones are not read."""
    known = known or {}
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    named = {p.relative_to(folder).as_posix(): p for p in files}
    return {name: known.get(name) or hashlib.sha256(p.read_bytes()).hexdigest() for name, p in named.items()}


def listed_checksums(folder: Path) -> dict[str, str]:
    """What a snapshot's own list says of its files, by relative path."""
    return parsed_checksums((folder / SUMS).read_text())


def parsed_checksums(text: str) -> dict[str, str]:
    """SHA-256 by relative path, from the text of such a list."""
    lines = (line.split("  ", 1) for line in text.splitlines())
    return {name: sha256 for sha256, name in lines}


def is_whole(folder: Path) -> bool:
    """Say whether a snapshot's files are exactly those of its list, byte for byte."""
    return (folder / SUMS).is_file() and listed_checksums(folder) == checksums(folder)


def _resource(folder: Path, published: PublishedMart, mart: Mart, rows: int) -> dict:
    files = sorted((folder / mart.name).rglob("*.parquet"))
    fields = [_field(asdict(mart.columns[name])) for name in published.columns]
    key = [name for name in mart.grain if name in published.columns]
    return {
        "name": mart.name,
        "title": mart.name,
        "description": mart.description_en,
        "description_id": mart.description_id,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "path": [file.relative_to(folder).as_posix() for file in files],
        # Not `bytes` and `rows`: Frictionless holds those against the first part of a resource in many parts.
        "byte_count": sum(file.stat().st_size for file in files),
        "row_count": rows,
        "schema": {"fields": fields, "primaryKey": key},
    }


def _field(column: dict[str, str]) -> dict[str, str]:
    data_type = column["data_type"].lower()
    return {
        "name": column["name"],
        "type": "number" if data_type.startswith("decimal") else _FIELD_TYPES[data_type],
        "data_type": data_type,
        "description": column["description_en"],
        "description_id": column["description_id"],
    }
