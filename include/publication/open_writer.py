"""The open tier: plain Parquet, equal byte for byte when made again."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from include.publication.package import SUMS
from include.publication.partition import part_of


class OpenWriter:
    """Writes what anyone may read."""

    def write(self, table: pa.Table, folder: Path, mart: str, kab_code: str) -> None:
        """Write one kab/kota's rows of one mart as one Parquet file."""
        pq.write_table(table, part_of(folder, mart, kab_code), compression="zstd")

    def counts(self) -> dict[str, int]:
        """Nothing lies beside the marts."""
        return {}

    def says(self, folder: Path) -> dict:
        """Nothing beyond the marts."""
        return {}

    def is_same(self, one: Path, other: Path) -> bool:
        """Compare every file by its checksum."""
        return (one / SUMS).read_bytes() == (other / SUMS).read_bytes()
