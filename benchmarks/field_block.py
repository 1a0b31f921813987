"""A block of enumerators' whole field work as raw rows: what the simulator would pack into zips."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

import numpy as np
import polars as pl

from include.contract import FORM_VERSIONS
from include.simulation.answers import ask
from include.simulation.block import ENUMERATORS_PER_BLOCK, setting_of
from include.simulation.bundling import Bundles, bundled
from include.simulation.consultation import reranked_families
from include.simulation.defects import damaged_sheets
from include.simulation.documents import documents_of, visited
from include.simulation.draws import Draws, Ints
from include.simulation.families import families_of
from include.simulation.field_force import FieldForce
from include.simulation.frame import sub_sls_frame
from include.simulation.headquarters import known_families
from include.simulation.inhabitants import inhabitants_of
from include.simulation.parcels import bundle_name
from include.simulation.plan import Plan
from include.simulation.sheets import Sheets, row_numbers, sheets_of
from include.simulation.timing import UTC_OFFSET
from include.simulation.workbench import workbench_for


def block_rows(plan: Plan, first: int, last: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give name and rows of each table of the enumerators first..last-1: uploads with their damage, headquarters'."""
    setting = setting_of(plan)
    province, force = setting.province, setting.force
    families = families_of(province, first, last)
    reached = inhabitants_of(province, visited(province, families, first, last))
    documents = documents_of(province, reached.families, first, last)
    bundles, documents, bundle = bundled(plan, province.draws, reached.families, documents)
    sheets = sheets_of(province, force, ask(province, reached, documents), documents, bundle, bundles)
    number = first // ENUMERATORS_PER_BLOCK
    bench = workbench_for(sheets, bundles, Draws(plan.seed, f"defects {number}"), at_least_one=number == 0)
    damaged, _, _ = damaged_sheets(bench, plan)
    yield from _uploads(plan, force, bundles, damaged)
    yield "sub_sls", sub_sls_frame(province, families, first, last)
    yield "fkp", reranked_families(province, reached.families, documents)
    yield from known_families(province, inhabitants_of(province, families)).items()


def _uploads(plan: Plan, force: FieldForce, bundles: Bundles, sheets: Sheets) -> Iterator[tuple[str, pl.DataFrame]]:
    ledger = _ledger(plan, force, bundles)
    yield "bundles", ledger
    lineage = ledger.select("arrival_day", "bundle_sha256", "bundle_name", "form_version")
    yield "documents", _with_lineage(lineage, sheets.families, sheets.family_bundle)
    yield "persons", _with_lineage(lineage, sheets.persons, sheets.person_bundle)


def _ledger(plan: Plan, force: FieldForce, bundles: Bundles) -> pl.DataFrame:
    """The bundles, one row each; the digest is that of the name and the day, as there are no bytes to digest."""
    first_day = np.datetime64(plan.first_day)
    names = [
        bundle_name(force.kab_code[staff], force.staff_id[staff], plan.first_day + timedelta(days=day), sequence)
        for staff, day, sequence in zip(
            bundles.staff.tolist(), bundles.day.tolist(), bundles.sequence.tolist(), strict=True
        )
    ]
    arrival = pl.Series(first_day + bundles.arrival)
    enumerator = force.staff_id.gather(bundles.staff)
    kab_code = force.kab_code.gather(bundles.staff)
    return pl.DataFrame({
        "arrival_day": arrival,
        "bundle_sha256": [_digest(name, day) for name, day in zip(names, arrival, strict=True)],
        "bundle_name": names,
        "size_bytes": np.full(len(names), 6_000),
        "named_kab_code": kab_code,
        "named_enumerator_id": enumerator,
        "named_field_day": pl.Series(first_day + bundles.day),
        "enumerator_id": enumerator,
        "supervisor_id": force.supervisor_id.gather(bundles.staff),
        "device_id": [f"TAB-{staff:04X}" for staff in bundles.staff.tolist()],
        "form_version": pl.Series(FORM_VERSIONS).gather(bundles.is_draft_form.astype(np.int64)),
        "uploaded_at": arrival.cast(pl.String) + f"T20:30:00{UTC_OFFSET}",
    })  # fmt: skip


def _digest(name: str, day: date) -> str:
    return sha256(f"{name} {day}".encode()).hexdigest()


def _with_lineage(lineage: pl.DataFrame, rows: pl.DataFrame, bundle: Ints) -> pl.DataFrame:
    texts = rows.select(pl.all().cast(pl.String))
    texts = texts.select(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts.columns)
    numbers = pl.Series("row_number", row_numbers(bundle), dtype=pl.Int32)
    return pl.concat([lineage[bundle], numbers.to_frame(), texts], how="horizontal")
