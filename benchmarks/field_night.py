"""One night of the whole field work: the days before it as raw partitions, its own as bundles in the landing zone."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from benchmarks.field_store import FOLDERS, UPLOADS
from include.contract import CONTRACT, FAMILY_COLUMNS, FAMILY_MEMBER, PERSON_COLUMNS, PERSON_MEMBER
from include.intake.arrival import arrival
from include.intake.exports.mapping_file import PACKAGED
from include.intake.headquarters import snapshot_files
from include.intake.landing import LandedFile, fingerprint, open_landing
from include.intake.raw_store import Partition, write_note
from include.intake.uploads import KIND
from include.simulation.parcels import Parcel, csv_parts, packed

_MEMBERS = {"documents": (FAMILY_MEMBER, FAMILY_COLUMNS), "persons": (PERSON_MEMBER, PERSON_COLUMNS)}


def lay_out_night(cache: Path, days: list[str], root: Path) -> None:
    """Lay out landing zone and raw store below ``root`` as they stand before the night of the last of these days."""
    landing, raw = root / "landing", root / "raw"
    _put_bundles(cache, days[-1], landing / KIND / days[-1])
    for day in days[:-1]:
        # Something must lie there: a day whose files are gone is taken out of raw.
        _touch(landing / KIND / day / "taken_in_before.txt")
        files = arrival(open_landing(str(landing)), day, PACKAGED).files
        _put_partition(cache / KIND / day, raw / KIND / day, files)
    for kind, folder in FOLDERS.items():
        for table in (cache / kind / folder).glob("*.parquet"):
            _touch(landing / kind / folder / f"{table.stem}.csv")
        files = snapshot_files(open_landing(str(landing)), kind, folder)
        _put_partition(cache / kind / folder, raw / kind / folder, files)


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def _put_partition(source: Path, home: Path, files: list[LandedFile]) -> None:
    home.mkdir(parents=True)
    rows = {}
    for table in source.glob("*.parquet"):
        os.link(table, home / table.name)
        rows[table.stem] = pq.read_metadata(table).num_rows
    write_note(home, Partition(fingerprint(files), hashlib.sha256(home.name.encode()).hexdigest(), rows))


def _put_bundles(cache: Path, day: str, home: Path) -> None:
    """Pack the day's bundles, once; a night links to them."""
    kept, note = cache / "bundles" / day, cache / "bundles" / f"{day}.txt"
    if not note.exists():
        kept.mkdir(parents=True, exist_ok=True)
        for parcel in _parcels(cache / KIND / day):
            (kept / parcel.name).write_bytes(packed(parcel))
        note.touch()
    home.mkdir(parents=True)
    for bundle in kept.iterdir():
        os.link(bundle, home / bundle.name)


def _parcels(partition: Path) -> Iterator[Parcel]:
    tables = {table: pl.read_parquet(partition / f"{table}.parquet") for table in UPLOADS}
    bundles = tables["bundles"]
    parts = {}
    for table, (member, columns) in _MEMBERS.items():
        place = bundles.select("bundle_name").with_row_index("place")
        rows = tables[table].join(place, on="bundle_name", maintain_order="left")
        parts[member] = csv_parts(rows.select(columns), rows["place"].to_numpy(), bundles.height)
    for at, bundle in enumerate(bundles.iter_rows(named=True)):
        said = ("form_version", "enumerator_id", "supervisor_id", "device_id", "uploaded_at")
        yield Parcel(
            name=bundle["bundle_name"],
            arrival_day=bundle["arrival_day"].isoformat(),
            manifest={"contract": CONTRACT, **{key: bundle[key] for key in said}},
            members={member: texts[at][0] for member, texts in parts.items()},
            row_counts={member: texts[at][1] for member, texts in parts.items()},
        )
