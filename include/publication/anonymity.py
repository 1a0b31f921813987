"""k-anonymity: who stands with fewer than k like him in his kecamatan is published without the kecamatan."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml

QUASI_IDENTIFIERS = Path(__file__).with_name("quasi_identifiers.yaml")


@dataclass(frozen=True)
class Anonymity:
    """The columns by which somebody may be recognised, by mart; of these ``withheld`` gives way where rows are few."""

    k: int
    withheld: str
    quasi_identifiers: dict[str, list[str]]

    def generalised(self, table: pa.Table, mart: str) -> pa.Table:
        """The rows of one kab/kota, without the withheld column's value where their class is smaller than k."""
        by = self.quasi_identifiers.get(mart, [])
        if self.withheld not in by or table.num_rows == 0:
            return table
        sizes = class_sizes(table, by)
        place = table.column_names.index(self.withheld)
        kept = pc.if_else(pc.greater_equal(sizes, self.k), table[self.withheld], None)
        return table.set_column(place, self.withheld, kept)


@dataclass
class Measured:
    """What was found of the classes of each mart, over all kab/kota."""

    anonymity: Anonymity
    found: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, table: pa.Table, mart: str) -> None:
        """Count the classes of one kab/kota's rows by their size."""
        by = self.anonymity.quasi_identifiers.get(mart)
        if by:
            sizes = table.group_by(by).aggregate([([], "count_all")])["count_all"].to_pylist()
            self.found.setdefault(mart, Counter()).update(sizes)

    def says(self) -> dict:
        """Of each mart: its quasi-identifiers, the smallest class, and the rows in classes below k by class size."""
        return {mart: self._said(mart, sizes) for mart, sizes in sorted(self.found.items())}

    def _said(self, mart: str, sizes: Counter[int]) -> dict:
        below = {str(size): size * sizes[size] for size in sorted(sizes) if size < self.anonymity.k}
        return {
            "k": self.anonymity.k,
            "quasi_identifiers": ["kab_code", *self.anonymity.quasi_identifiers[mart]],
            "withheld_where_fewer": self.anonymity.withheld,
            "smallest_class": min(sizes, default=0),
            "rows": sum(size * count for size, count in sizes.items()),
            "rows_below_k_by_class_size": below,
        }


def class_sizes(table: pa.Table, by: list[str]) -> pa.Array:
    """How many rows agree with each row in these columns; null agrees with null."""
    codes = pa.array([0] * table.num_rows, pa.int64())
    for name in by:
        encoded = table[name].combine_chunks().dictionary_encode(null_encoding="encode")
        codes = pc.add(pc.multiply(codes, len(encoded.dictionary)), pc.cast(encoded.indices, pa.int64()))
    counted = pc.value_counts(codes)
    return counted.field("counts").take(pc.index_in(codes, counted.field("values")))


def read_anonymity(path: Path = QUASI_IDENTIFIERS) -> Anonymity:
    """Read which columns may tell who somebody is."""
    written = yaml.safe_load(path.read_text())
    return Anonymity(written["k"], written["withheld"], written["marts"])
