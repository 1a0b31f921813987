"""Where a partition of a snapshot lies: ``<folder>/<mart>/kab_code=3573/<file>``."""

from pathlib import Path


def partition_of(folder: Path, name: str, kab_code: str) -> Path:
    """The folder of one kab/kota's share of a mart, made if absent."""
    partition = folder / name / f"kab_code={kab_code}"
    partition.mkdir(parents=True, exist_ok=True)
    return partition


def part_of(folder: Path, mart: str, kab_code: str) -> Path:
    """The one Parquet file of a partition."""
    return partition_of(folder, mart, kab_code) / "part-0.parquet"
