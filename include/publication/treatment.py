"""What the policy makes of a mart's columns before analysts may read it, and how these are typed and described."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from include.publication.catalogue import Column, Mart
from include.publication.policy import AGE_GROUP, KECAMATAN, PSEUDONYM, Made, PolicyError, PublishedMart
from include.publication.pseudonyms import Pseudonyms

YEARS, OLDEST = 5, 75  # the top group is open: who is very old is known by the age alone
_KECAMATAN_DIGITS = 7
_PLACE = r"^\d{10}(\d{6})?$"

_IN_ENGLISH = {
    PSEUDONYM: "Pseudonym ({kind}): 32 hexadecimal digits, HMAC-SHA256; another key makes another.",
    AGE_GROUP: "Age group of five years, such as 05-09, and 75+; null where the age is.",
    KECAMATAN: "Kecamatan, BPS code, 7 digits; null where unknown or where too few rows of its kind stand there.",
}
_IN_INDONESIAN = {
    PSEUDONYM: "Nama samaran ({kind}): 32 digit heksadesimal, HMAC-SHA256; kunci lain, samaran lain.",
    AGE_GROUP: "Kelompok umur lima tahunan, misalnya 05-09, dan 75+; kosong bila umur kosong.",
    KECAMATAN: "Kecamatan, kode BPS, 7 digit; kosong bila tidak diketahui atau terlalu sedikit baris sejenis di sana.",
}


def treated(table: pa.Table, mart: PublishedMart, pseudonyms: Pseudonyms) -> pa.Table:
    """The published columns of a table of the mart's own columns."""
    columns = {
        name: _made(table, mart.made[name], pseudonyms) if name in mart.made else table[name] for name in mart.columns
    }
    return pa.table(columns)


def as_published(catalogue: dict[str, Mart], marts: list[PublishedMart]) -> dict[str, Mart]:
    """The catalogue with the columns that the policy makes; a mart's grain is that of its published columns.

    Raises:
        PolicyError: a column is made of one that the mart's contract lacks.
    """
    described = {mart.name: _described(catalogue[mart.name], mart) for mart in marts if mart.name in catalogue}
    return catalogue | described


def _described(mart: Mart, published: PublishedMart) -> Mart:
    for name, made in published.made.items():
        lacking = [source for source in made.sources if source not in mart.columns]
        if lacking:
            raise PolicyError(f"policy makes {mart.name}.{name} of {lacking[0]!r}, which its contract lacks")
    columns = {name: _column(name, made) for name, made in published.made.items()}
    return replace(mart, columns=mart.columns | columns, grain=_grain(mart.grain, published))


def _column(name: str, made: Made) -> Column:
    english, indonesian = (texts[made.treatment].format(kind=made.kind) for texts in (_IN_ENGLISH, _IN_INDONESIAN))
    return Column(name, "varchar", english, indonesian)


def _grain(grain: tuple[str, ...], published: PublishedMart) -> tuple[str, ...]:
    """Columns of which no two published rows agree, pseudonyms for what they are made of; none if some is gone."""
    keys = {n: m.sources for n, m in published.made.items() if m.treatment == PSEUDONYM and {*m.sources} <= {*grain}}
    keys |= {name: (name,) for name in grain if name in published.columns and name not in published.made}
    rest, found = set(grain), []
    for name, sources in sorted(keys.items(), key=lambda key: -len(key[1])):
        if rest & set(sources):
            found.append(name)
            rest -= set(sources)
    return tuple(found) if not rest else ()


def _made(table: pa.Table, made: Made, pseudonyms: Pseudonyms) -> pa.Array:
    sources = [table[name] for name in made.sources]
    if made.treatment == PSEUDONYM:
        return pseudonyms.of(made.kind, sources)
    return _age_group(sources[0]) if made.treatment == AGE_GROUP else _kecamatan(sources[0])


def _age_group(ages: pa.ChunkedArray) -> pa.Array:
    """Text of every age by look-up; an age below 0 is none."""
    labels = [f"{age - age % YEARS:02}-{age - age % YEARS + YEARS - 1:02}" for age in range(OLDEST)] + [f"{OLDEST}+"]
    known = pc.if_else(pc.greater_equal(ages, 0), pc.min_element_wise(ages, OLDEST, skip_nulls=False), None)
    return pc.take(pa.array(labels), pc.cast(known, pa.int32()))


def _kecamatan(codes: pa.ChunkedArray) -> pa.Array:
    """The first seven digits of a code of a desa or sub-SLS; what is no such code is no place."""
    return pc.if_else(
        pc.match_substring_regex(codes, _PLACE), pc.utf8_slice_codeunits(codes, 0, _KECAMATAN_DIGITS), None
    )
