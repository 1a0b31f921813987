"""Read the marts of a live snapshot, decrypted in memory, one kab/kota after the other."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from include.publication.base import Base, BaseError
from include.publication.keys import Keys

_FOLDER = "kab_code="


def partitions_of(base: Base, mart: str) -> dict[str, Path]:
    """The files of a mart in a snapshot by kab/kota.

    Raises:
        BaseError: the snapshot has no such mart: it is older than the mart.
    """
    paths = next((r["path"] for r in base.package["resources"] if r["name"] == mart), None)
    if not paths:
        raise BaseError(f"snapshot {base.folder.name} has no mart {mart}: the next night publishes it")
    return {Path(path).parent.name.removeprefix(_FOLDER): base.folder / path for path in paths}


def read_partition(path: Path, key: bytes, columns: list[str] | None = None) -> pa.Table:
    """Read one partition with its key, all columns or some.

    Raises:
        BaseError: the key does not open it.
    """
    try:
        return pq.read_table(
            path, columns=columns, partitioning=None, decryption_properties=pe.create_decryption_properties(key)
        )
    except OSError:
        # pyarrow's own words do not tell a wrong key from a damaged file; neither may be quoted with content.
        name = "/".join(path.parts[-3:])
        raise BaseError(f"{name} cannot be read with the key of the keys file: was it rotated?") from None


def read_mart(base: Base, keys: Keys, mart: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """Read a mart partition by partition.

    Raises:
        BaseError, KeysError: a partition without a key that opens it.
    """
    for kab_code, path in partitions_of(base, mart).items():
        yield read_partition(path, keys.of(kab_code), columns)
