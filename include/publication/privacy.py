"""The privacy gate: reads the very files that are about to be published, and lets none pass that tells who somebody is.

It trusts the policy for what a column is, and no writer for what stands in it.
"""

import zipfile
from collections.abc import Container
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from include.publication.anonymity import Anonymity, class_sizes, read_anonymity
from include.publication.base import TIER as OPERATIONAL
from include.publication.metadata.forms import FOLDER as FORMS
from include.publication.package import DICTIONARY, PACKAGE, SUMS
from include.publication.policy import PSEUDONYM, PublishedMart
from include.publication.privacy_shapes import in_column, in_text
from include.publication.pseudonyms import DIGITS

FORBIDDEN = Path(__file__).with_name("forbidden_columns.yaml")
PAPERS = (PACKAGE, SUMS, DICTIONARY, f"{FORMS}/*")
_ENCRYPTED, _PARQUET, _AES = b"PARE", b"PAR1", 99
_PSEUDONYM = f"^[0-9a-f]{{{DIGITS}}}$"


class PrivacyError(RuntimeError):
    """A draft would tell who somebody is; the message names tier, mart, column and count, never the value."""


def require_private(
    drafts: dict[str, Path],
    policy: dict[str, list[PublishedMart]],
    sub_sls: pa.Array,
    anonymity: Anonymity | None = None,
) -> None:
    """Let drafts pass, by tier, that hold nothing but what the policy names and nothing that identifies.

    ``sub_sls`` are the codes of the frame: of as many digits as a NIK, and therefore known one by one. ``anonymity``
    is that of the project unless given.

    Raises:
        PrivacyError: names everything found.
    """
    found = []
    for tier, folder in drafts.items():
        if tier == OPERATIONAL:
            found += _unencrypted(folder)
        else:
            found += _identifying(
                tier, folder, {mart.name: mart for mart in policy[tier]}, sub_sls, anonymity or read_anonymity()
            )
    if found:
        raise PrivacyError("nothing is published: " + "; ".join(found))


def require_encrypted(folder: Path, known: Container[str] = ()) -> None:
    """Let a snapshot of the operational tier pass that holds papers and encrypted files; ``known`` ones are not read.

    Raises:
        PrivacyError: names each file that anybody could read.
    """
    found = _unencrypted(folder, known)
    if found:
        raise PrivacyError("nothing is published: " + "; ".join(found))


def sub_sls_of(connection: duckdb.DuckDBPyConnection) -> pa.Array:
    """The codes of the frame's sub-SLS; none where mart ``area`` is not built, and then none is exempt."""
    found = "select count(*) > 0 from information_schema.tables where table_schema = 'marts' and table_name = 'area'"
    if connection.execute(found).fetchone() != (True,):
        return pa.array([], pa.string())
    codes = connection.execute("select area_code from marts.area where area_level = 'sub_sls'")
    return codes.to_arrow_table()["area_code"].combine_chunks()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _unencrypted(folder: Path, known: Container[str] = ()) -> list[str]:
    found = []
    for file in _files(folder):
        path = file.relative_to(folder).as_posix()
        if path in known:
            continue
        if any(fnmatchcase(path, paper) for paper in PAPERS):
            found += _said(f"{OPERATIONAL}/{path}", in_text(file.read_text(errors="replace")))
        elif not _is_encrypted(file):
            found.append(f"{OPERATIONAL}/{path}: not encrypted")
    return found


def _is_encrypted(file: Path) -> bool:
    with file.open("rb") as opened:
        start = opened.read(4)
    if not zipfile.is_zipfile(file):
        return start == _ENCRYPTED and file.suffix == ".parquet"
    with zipfile.ZipFile(file) as archive:
        return all(member.flag_bits & 1 and member.compress_type == _AES for member in archive.infolist())


def _identifying(
    tier: str, folder: Path, marts: dict[str, PublishedMart], sub_sls: pa.Array, anonymity: Anonymity
) -> list[str]:
    found = []
    for file in _files(folder):
        path = file.relative_to(folder)
        found += _said(f"{tier}: a file's name", in_text(path.as_posix()))
        called = "a file" if in_text(path.as_posix()) else path.as_posix()
        with file.open("rb") as opened:
            start = opened.read(4)
        if start in (_PARQUET, _ENCRYPTED):
            mart = marts.get(path.parts[0])
            found += _of_part(f"{tier}/{path.parts[0]}", file, mart, sub_sls, anonymity)
        else:
            found += _said(f"{tier}/{called}", _in_file(file))
    return list(dict.fromkeys(found))


def _of_part(where: str, file: Path, mart: PublishedMart | None, sub_sls: pa.Array, anonymity: Anonymity) -> list[str]:
    if mart is None:
        return [f"{where}: no line of the policy names this mart"]
    table = pq.ParquetFile(file).read()
    found = []
    for name in table.column_names:
        if name not in mart.columns:
            found.append(f"{where}.{name}: no line of the policy")
        elif _is_pseudonym(mart, name):
            found += _said(f"{where}.{name}", _no_pseudonyms(table[name]))
        else:
            found += [f"{where}.{name}: forbidden column"] if is_forbidden(name, mart) else []
            found += _said(f"{where}.{name}", _in_values(table[name], mart, name, sub_sls))
    return found + _recognisable(where, table, mart, anonymity)


def _is_pseudonym(mart: PublishedMart, name: str) -> bool:
    return name in mart.made and mart.made[name].treatment == PSEUDONYM


def is_forbidden(name: str, mart: PublishedMart) -> bool:
    """Say whether a column may not be published under its name, the list of sub-SLS codes of the policy apart."""
    listed = _listed()
    if name in mart.sub_sls or name in listed["allowed"]:
        return False
    return any(fnmatchcase(name, pattern) for pattern in listed["forbidden"])


@cache
def _listed() -> dict[str, list[str]]:
    """Read once a process: the gate asks of every column of every partition."""
    return yaml.safe_load(FORBIDDEN.read_text())


def _no_pseudonyms(values: pa.ChunkedArray) -> dict[str, int]:
    if not pa.types.is_string(values.type):
        return {"no pseudonym": len(values)}
    wrong = pc.sum(pc.invert(pc.match_substring_regex(values, _PSEUDONYM))).as_py()
    return {"no pseudonym": wrong} if wrong else {}


def _in_values(values: pa.ChunkedArray, mart: PublishedMart, name: str, sub_sls: pa.Array) -> dict[str, int]:
    if name not in mart.sub_sls:
        return in_column(values)
    unknown = pc.sum(pc.invert(pc.is_in(values.drop_null(), sub_sls.cast(values.type)))).as_py()
    return {"no sub-SLS of the frame": unknown} if unknown else {}


def _recognisable(where: str, table: pa.Table, mart: PublishedMart, anonymity: Anonymity) -> list[str]:
    by = anonymity.quasi_identifiers.get(mart.name, [])
    if not where.startswith("restricted/") or anonymity.withheld not in by or not set(by) <= set(table.column_names):
        return []
    few = pc.and_(pc.less(class_sizes(table, by), anonymity.k), pc.is_valid(table[anonymity.withheld]))
    count = pc.sum(few).as_py()
    return [f"{where}.{anonymity.withheld}: {count} rows in classes below {anonymity.k}"] if count else []


def _in_file(file: Path) -> dict[str, int]:
    if not zipfile.is_zipfile(file):
        return in_text(file.read_text(errors="replace"))
    with zipfile.ZipFile(file) as archive:
        texts = [archive.read(member).decode(errors="replace") for member in archive.namelist()]
    return in_text("\n".join([*archive.namelist(), *texts]))


def _said(where: str, found: dict[str, int]) -> list[str]:
    return [f"{where}: {count} {what}" for what, count in found.items()]
