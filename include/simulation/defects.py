"""Injected damage, end to end: change the rows, send the bundles, and keep a list of all that was done."""

from pathlib import Path

import numpy as np
import polars as pl

from include.contract import PERSON_MEMBER
from include.simulation.breaches import inject_breaches
from include.simulation.broken_bundles import send_broken
from include.simulation.bundling import Bundles
from include.simulation.draws import Draws, Ints
from include.simulation.families import Province
from include.simulation.field_force import FieldForce
from include.simulation.parcels import packed, parcels
from include.simulation.plan import Plan
from include.simulation.sending import DEFECT_SCHEMA, Sent, bundle_list, put
from include.simulation.shared_things import inject_shared_things
from include.simulation.sheets import Sheets, row_numbers
from include.simulation.soft_flags import inject_soft_flags
from include.simulation.stray_rows import inject_stray_rows
from include.simulation.unlikely_answers import inject_unlikely_answers
from include.simulation.violations import judged_sheets
from include.simulation.workbench import Workbench, workbench_for


def send_with_defects(
    province: Province, force: FieldForce, bundles: Bundles, sheets: Sheets, folder: Path, number: int
) -> Sent:
    """Write block `number` with its share of defects; the first block holds at least one of every kind."""
    draws = Draws(province.plan.seed, f"defects {number}")
    bench = workbench_for(sheets, bundles, draws, at_least_one=number == 0)
    damaged, order, person_order = damaged_sheets(bench, province.plan)
    sound = list(parcels(province, force, bundles, damaged))
    listed = [put(parcel, packed(parcel), folder) for parcel in sound]
    broken = send_broken(sound, draws, folder, province.plan.last_day, at_least_one=number == 0)
    everything = bundle_list([*listed, *(row for _, row in broken)])
    return Sent(
        bundles=bundles,
        sheets=damaged,
        listed=everything,
        rejected_reason=_by_row(bench.rejected_reason, order),
        verdicts=judged_sheets(damaged, bundles, everything),
        defects=pl.concat([_row_defects(bench, order, person_order, damaged, everything), _bundle_defects(broken)]),
    )


def damaged_sheets(bench: Workbench, plan: Plan) -> tuple[Sheets, Ints, Ints]:
    """Damage the workbench's rows; return them in order of their bundles, with where each family and person row was."""
    _inject_everything(bench, plan)
    order = np.argsort(bench.family_bundle, kind="stable")
    person_order = np.argsort(bench.person_bundle, kind="stable")
    return _in_bundle_order(bench, order, person_order), order, person_order


def _inject_everything(bench: Workbench, plan: Plan) -> None:
    """The commonest last: a document is touched once, and the rare ones have few to choose from."""
    inject_stray_rows(bench)
    inject_breaches(bench)
    inject_unlikely_answers(bench, plan)
    inject_shared_things(bench)
    inject_soft_flags(bench)


def _in_bundle_order(bench: Workbench, order: Ints, person_order: Ints) -> Sheets:
    return Sheets(
        families=bench.families[order],
        family_bundle=bench.family_bundle[order],
        persons=bench.persons[person_order],
        person_bundle=bench.person_bundle[person_order],
        person_document=bench.person_document[person_order],
    )


def _by_row(reasons: dict[int, str], order: Ints) -> pl.Series:
    return pl.Series([reasons.get(row) for row in order.tolist()], dtype=pl.String)


def _row_defects(
    bench: Workbench, order: Ints, person_order: Ints, sheets: Sheets, listed: pl.DataFrame
) -> pl.DataFrame:
    """One row a defect; `document_row` is the data row of its document, whose fate becomes the outcome."""
    family_at, person_at = np.argsort(order), np.argsort(person_order)
    family_row, person_row = row_numbers(sheets.family_bundle), row_numbers(sheets.person_bundle)
    rows = []
    for defect in bench.defects:
        of_person = defect.member == PERSON_MEMBER
        at = int((person_at if of_person else family_at)[defect.row])
        bundle = int((sheets.person_bundle if of_person else sheets.family_bundle)[at])
        rows.append(
            {
                **_written_at(sheets, at, of_person=of_person),
                "kind": defect.kind,
                "bundle_name": listed["bundle_name"][bundle],
                "arrival_day": listed["arrival_day"][bundle],
                "member": defect.member,
                "row_number": int((person_row if of_person else family_row)[at]),
                "expected_outcome": defect.person_outcome,
                "expected_reason_or_rule": defect.reason or None,
                "document_row": int(family_row[family_at[defect.document]]),
            }
        )
    return pl.DataFrame(rows, schema=DEFECT_SCHEMA)


def _written_at(sheets: Sheets, at: int, *, of_person: bool) -> dict[str, object]:
    rows = sheets.persons if of_person else sheets.families
    line = rows["r401"][at] if of_person else None
    return {"submission_id": rows["submission_id"][at], "revision": rows["revision"][at], "line": line}


def _bundle_defects(broken: list[tuple[str, tuple[object, ...]]]) -> pl.DataFrame:
    rows = [
        {
            "kind": kind,
            "bundle_name": row[0],
            "arrival_day": row[1],
            "expected_outcome": row[-2],
            "expected_reason_or_rule": row[-1],
        }
        for kind, row in broken
    ]
    return pl.DataFrame(rows, schema=DEFECT_SCHEMA)
