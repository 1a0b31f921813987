"""The whole field work as raw tables, made once and kept: 7,350 enumerators, 90 arrival days, damage included.

What the simulator would pack into 660,000 zips goes into Parquet as it is: the same rows and columns, in row groups as
intake writes them. ``<cache>/<kind>/<folder>/<table>.parquet``, laid out as the raw store but for the notes.
"""

import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.field_block import block_rows
from include.contract import HEADQUARTERS
from include.intake import raw_schema
from include.intake.raw_store import ROWS_A_GROUP
from include.intake.uploads import KIND
from include.simulation.block import blocks, setting_of
from include.simulation.field_force import staff_frame
from include.simulation.frame import assignments_frame
from include.simulation.plan import Plan

UPLOADS = {
    "bundles": raw_schema.BUNDLES, "bundle_findings": raw_schema.BUNDLE_FINDINGS,
    "documents": raw_schema.DOCUMENTS, "persons": raw_schema.PERSONS,
}  # fmt: skip
FRAME_DAY, REGISTER_DAY, PERIOD, CONSULTED_DAY = "2022-10-01", "2022-10-10", "2022-10", "2022-12-01"
FOLDERS = {"frame": FRAME_DAY, "register": REGISTER_DAY, "programmes": PERIOD, "consultations": CONSULTED_DAY}
_WHOLE, _PARTS = "whole.txt", "parts"


def field_plan(enumerators: int, nights: int, seed: int) -> Plan:
    """Plan field work of which 90 nights bring 250 families per enumerator, spread evenly.

    Some enumerators are slow and some fall silent, so the others' pace and load lie above the mean.
    """
    return Plan(
        Path(), enumerators=enumerators, days=nights, seed=seed, first_day=date(2022, 10, 15), families_per_day=3.06,
        load_families=330, processes=2,
    )  # fmt: skip


def days_of(plan: Plan) -> list[str]:
    """The arrival days, in order."""
    return [(plan.first_day + timedelta(days=n)).isoformat() for n in range(plan.days)]


def store_field(cache: Path, plan: Plan) -> None:
    """Fill the cache, unless it is whole already.

    Raises:
        FileExistsError: the folder holds something else.
    """
    note, said = cache / _WHOLE, str(replace(plan, processes=1))
    if note.exists() and note.read_text() == said:
        return
    if cache.exists() and any(entry.name != _PARTS for entry in cache.iterdir()):
        raise FileExistsError(f"{cache} holds something else than this field work: name another folder or remove it")
    with ProcessPoolExecutor(plan.processes, mp_context=get_context("spawn")) as pool:
        for one in [pool.submit(_store_block, plan, first, last, cache / _PARTS) for first, last in blocks(plan)]:
            one.result()
    for day in days_of(plan):
        _join_day(cache, day)
    _join_headquarters(cache, plan)
    shutil.rmtree(cache / _PARTS)
    note.write_text(said)


def _store_block(plan: Plan, first: int, last: int, parts: Path) -> None:
    for table, rows in block_rows(plan, first, last):
        shares = rows.partition_by("arrival_day", as_dict=True) if table in UPLOADS else {("",): rows}
        for (day,), some in shares.items():
            path = parts / table / str(day) / f"{first:06d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            some.write_parquet(path)


def _join_day(cache: Path, day: str) -> None:
    home = cache / KIND / day
    home.mkdir(parents=True, exist_ok=True)
    for table, schema in UPLOADS.items():
        rows = schema.empty_table()
        if files := sorted((cache / _PARTS / table / day).glob("*.parquet")):
            rows = _in_order(pl.read_parquet(files), schema)
        _write(rows, home / f"{table}.parquet", schema)


def _in_order(rows: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    by = [name for name in ("bundle_name", "row_number") if name in rows.columns]
    missing = [pl.lit(None).alias(name) for name in schema.names if name not in rows.columns]
    return rows.with_columns(missing).sort(by).select(schema.names).to_arrow().cast(schema)


def _write(rows: pa.Table, path: Path, schema: pa.Schema) -> None:
    """Write in row groups as large as intake's."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        writer.write_table(rows, row_group_size=ROWS_A_GROUP)


def _join_headquarters(cache: Path, plan: Plan) -> None:
    setting = setting_of(plan)
    made = {
        "staff": staff_frame(plan, setting.force),
        "assignments": assignments_frame(setting.province, setting.force),
    }
    for kind, folder in FOLDERS.items():
        home = cache / kind / folder
        home.mkdir(parents=True, exist_ok=True)
        for table in HEADQUARTERS[kind]:
            schema = raw_schema.headquarters(kind, table)
            parts = sorted((cache / _PARTS / table).glob("*/*.parquet")) or sorted(
                (cache / _PARTS / table).glob("*.parquet")
            )
            rows = made.get(table, pl.read_parquet(parts) if parts else None)
            pq.write_table(_snapshot(rows, schema, folder), home / f"{table}.parquet", compression="zstd")


def _snapshot(rows: pl.DataFrame | None, schema: pa.Schema, folder: str) -> pa.Table:
    if rows is None:
        return schema.empty_table()
    day = date.fromisoformat(f"{folder}-01" if len(folder) == len(PERIOD) else folder)
    texts = rows.select(pl.all().cast(pl.String)).with_row_index("row_number", offset=1)
    return texts.with_columns(snapshot_day=pl.lit(day)).select(schema.names).to_arrow().cast(schema)
