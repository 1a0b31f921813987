"""Prove a snapshot whole: every byte as its list says, every table as its package says (docs/reading.md).

``python -m include.publication.verify published/open/snapshots/<snapshot>``; for the operational tier ``--keys FILE``.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from include.publication.keys import Keys, KeysError, read_keys
from include.publication.package import PACKAGE, SUMS, checksums, listed_checksums

_TYPES = {
    "varchar": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "double": pa.float64(),
}
_DECIMAL = re.compile(r"decimal\((\d+), ?(\d+)\)")


def verify(folder: Path, keys: Keys | None = None) -> tuple[list[str], list[str]]:
    """Compare a snapshot with its papers; return what is wrong and what could not be looked into.

    Nothing wrong and nothing unseen proves it whole. Encrypted files are opened with the keys given, each with its
    kab/kota's; one whose key is not given is compared by its checksum alone.
    """
    for paper in (SUMS, PACKAGE):
        if not (folder / paper).is_file():
            return [f"{folder} has no {paper}: no snapshot, or a torn one"], []
    wrong = _against_list(folder)
    if wrong:
        return wrong, []
    package = json.loads((folder / PACKAGE).read_text())
    encrypted = set(package.get("keyed_digests", {}))
    unseen: list[str] = []
    for resource in package["resources"]:
        wrong += [
            f"{path}: named by {PACKAGE} and not there" for path in resource["path"] if not (folder / path).exists()
        ]
        if "schema" in resource and not wrong:
            found, closed = _against_schema(folder, resource, encrypted, keys)
            wrong += found
            unseen += closed
    return wrong, unseen


def _against_list(folder: Path) -> list[str]:
    said, found = listed_checksums(folder), checksums(folder)
    return [
        *(f"{path}: missing" for path in said.keys() - found.keys()),
        *(f"{path}: not in {SUMS}" for path in found.keys() - said.keys()),
        *(
            f"{path}: altered, its SHA-256 is another"
            for path in said.keys() & found.keys()
            if said[path] != found[path]
        ),
    ]


def _against_schema(
    folder: Path, resource: dict, encrypted: set[str], keys: Keys | None
) -> tuple[list[str], list[str]]:
    wrong, unseen, rows = [], [], 0
    for path in resource["path"]:
        key = _key_of(path, keys) if path in encrypted else None
        if path in encrypted and key is None:
            unseen.append(path)
            continue
        try:
            said, count = _read(folder / path, key)
        except OSError:
            wrong.append(f"{path}: cannot be opened with the key of its kab/kota")
            continue
        rows += count
        wrong += [f"{path}: {problem}" for problem in _differences(resource["schema"]["fields"], said)]
    if not unseen and not wrong and rows != resource["row_count"]:
        wrong.append(f"{resource['name']}: {rows} rows, and {PACKAGE} says {resource['row_count']}")
    return wrong, unseen


def _key_of(path: str, keys: Keys | None) -> bytes | None:
    code = Path(path).parent.name.removeprefix("kab_code=")
    try:
        return keys.of(code) if keys else None
    except KeysError:
        return None


def _read(file: Path, key: bytes | None) -> tuple[pa.Schema, int]:
    opened = pq.ParquetFile(file, decryption_properties=pe.create_decryption_properties(key) if key else None)
    return opened.schema_arrow, opened.metadata.num_rows


def _differences(fields: list[dict], found: pa.Schema) -> list[str]:
    types = {field["name"]: _arrow_type(field) for field in fields}
    return [
        *(f"column {name} is missing" for name in types if name not in found.names),
        *(f"column {name} is not in {PACKAGE}" for name in found.names if name not in types),
        *(
            f"column {name} is {found.field(name).type}, and {PACKAGE} says {types[name]}"
            for name in found.names
            if types.get(name) not in (None, found.field(name).type)
        ),
    ]


def _arrow_type(field: dict) -> pa.DataType | None:
    data_type = field.get("data_type", "")
    decimal = _DECIMAL.fullmatch(data_type)
    return pa.decimal128(int(decimal[1]), int(decimal[2])) if decimal else _TYPES.get(data_type)


def main(arguments: list[str] | None = None) -> int:
    """Verify one snapshot and say what was found; returns the process' exit code."""
    parser = argparse.ArgumentParser(prog="python -m include.publication.verify", description=__doc__)
    parser.add_argument("snapshot", type=Path, help="the folder that CURRENT.json names for a tier")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="keys file, for the operational tier")
    asked = parser.parse_args(arguments)
    try:
        wrong, unseen = verify(asked.snapshot, read_keys(asked.keys) if asked.keys else None)
    except KeysError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write("".join(f"{line}\n" for line in sorted(wrong)))
    if wrong:
        sys.stdout.write(f"NOT WHOLE: {len(wrong)} found in {asked.snapshot}\n")
        return 1
    partly = f"; {len(unseen)} encrypted files by checksum alone, no key given" if unseen else ""
    sys.stdout.write(f"whole: {asked.snapshot.name}, every byte as {SUMS} says and every table as {PACKAGE}{partly}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
