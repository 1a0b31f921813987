"""The papers of a snapshot: Frictionless data package, checksums, data dictionary. No clock in any of them."""

import csv
import hashlib
import io
import json
from dataclasses import asdict
from pathlib import Path

from include.publication.catalogue import Mart
from include.publication.edition import Edition
from include.publication.policy import PublishedMart

PACKAGE, SUMS, DICTIONARY = "datapackage.json", "SHA256SUMS", "dictionary.csv"

# Frictionless Table Schema types by the types of our contracts.
_FIELD_TYPES = {"varchar": "string", "integer": "integer", "bigint": "integer", "date": "date", "boolean": "boolean"}


def write_papers(folder: Path, edition: Edition, rows: dict[str, int], says: dict) -> None:
    """Write the papers of a snapshot whose files lie in ``folder``; the checksums last. ``says`` is the writer's."""
    _write_dictionary(folder / DICTIONARY, edition)
    made_from = edition.made_from
    marts = [_resource(folder, mart, edition.catalogue[mart.name], rows[mart.name]) for mart in edition.marts]
    package = {
        **says,
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"regsosek-jawa-timur-{edition.tier}",
        "title": "Pendataan Awal Regsosek, Jawa Timur",
        "version": f"{made_from['as_of']}+{made_from['digest'][:12]}",
        "resources": marts + says.get("resources", []),
        "lineage": made_from,
        "gates": edition.gate_results,
    }
    (folder / PACKAGE).write_text(json.dumps(package, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    (folder / SUMS).write_text("".join(f"{sha256}  {name}\n" for name, sha256 in checksums(folder).items()))


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a snapshot but the list itself, by relative path, sorted."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def is_whole(folder: Path) -> bool:
    """Say whether a snapshot's files are exactly those of its list, byte for byte."""
    sums = folder / SUMS
    if not sums.is_file():
        return False
    lines = (line.split("  ", 1) for line in sums.read_text().splitlines())
    return {name: sha256 for sha256, name in lines} == checksums(folder)


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
        "description": column["description_en"],
        "description_id": column["description_id"],
    }


def _write_dictionary(path: Path, edition: Edition) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["mart", "column", "data_type", "keterangan", "description"])
    for published in edition.marts:
        for name in published.columns:
            column = edition.catalogue[published.name].columns[name]
            writer.writerow([published.name, name, column.data_type, column.description_id, column.description_en])
    path.write_text(text.getvalue())
