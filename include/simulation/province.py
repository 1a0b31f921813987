"""The whole simulation: blocks of enumerators, headquarters' files, the re-check, the truth, put in place at once."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from include.simulation.answers import ask
from include.simulation.block import Setting, blocks, setting_of, write_block
from include.simulation.columns import headquarters_columns
from include.simulation.field_force import staff_frame
from include.simulation.frame import assignments_frame
from include.simulation.plan import Plan, Summary
from include.simulation.recheck import (
    SALT,
    UNMENTIONED_PERSON_SHARE,
    recheck_bundles,
    rechecked,
    sampled_sub_sls,
)
from include.simulation.sending import Sent, send
from include.simulation.sheets import sheets_of
from include.simulation.shock import AFFECTED_COLUMNS, EVENT_ID, event_text
from include.simulation.truth import Truth
from include.simulation.violations import Verdicts, violations

_TRUTH_ORDER = {
    "families": ["submission_id"],
    "missed_families": ["idsubsls", "r109", "r110"],
    "bundles": ["arrival_day", "bundle_name"],
    "documents": ["arrival_day", "bundle_name", "row_number"],
    "defects": ["defect_id"],
}


def simulate(plan: Plan) -> Summary:
    """Write the synthetic landing zone of a plan and return what it holds.

    Raises FileExistsError when `plan.out` exists and is not empty. Nothing stands there before all is written.
    """
    with _replaced_at_the_end(plan.out) as folder:
        truth = _write_blocks(plan, folder)
        setting = setting_of(plan)
        _join_parts(plan, folder)
        _write_frame(plan, setting, folder)
        recheck = _write_recheck(setting, folder)
        _write_truth(truth, recheck, folder / "_truth")
    return Summary(
        bundles=truth.bundles.height,
        documents=int(truth.bundles["documents"].sum()),
        persons=int(truth.bundles["persons"].sum()),
        recheck_bundles=recheck.listed.height,
        defects=truth.defects.height,
    )


@contextmanager
def _replaced_at_the_end(out: Path) -> Iterator[Path]:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} exists and is not empty: a simulation only writes into a folder of its own")
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = out.parent / f".{out.name}.{os.getpid()}.part"
    try:
        folder.mkdir()
        yield folder
        if out.exists():
            out.rmdir()
        folder.rename(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_blocks(plan: Plan, folder: Path) -> Truth:
    todo = blocks(plan)
    if min(plan.processes, len(todo)) == 1:
        parts = [write_block(plan, first, last, folder) for first, last in todo]
    else:
        # Polars keeps threads, which a forked process would inherit half-dead.
        with ProcessPoolExecutor(plan.processes, mp_context=get_context("spawn")) as pool:
            waiting = [pool.submit(write_block, plan, first, last, folder) for first, last in todo]
            parts = [one.result() for one in waiting]
    whole = Truth(**{f.name: pl.concat([getattr(part, f.name) for part in parts]) for f in fields(Truth)})
    return replace(whole, defects=whole.defects.with_row_index("defect_id", offset=1))


def _join_parts(plan: Plan, folder: Path) -> None:
    frame = folder / "frame" / plan.frame_day.isoformat()
    homes = {
        "sub_sls": (frame, headquarters_columns("frame", "sub_sls")),
        "prelist_families": (frame, headquarters_columns("frame", "prelist_families")),
        "prelist_persons": (frame, headquarters_columns("frame", "prelist_persons")),
        "population": (
            folder / "register" / plan.extract_day.isoformat(),
            headquarters_columns("register", "population"),
        ),
        "recipients": (
            folder / "programmes" / f"{plan.first_day:%Y-%m}",
            headquarters_columns("programmes", "recipients"),
        ),
        "fkp": (folder / "consultations" / plan.last_day.isoformat(), headquarters_columns("consultations", "fkp")),
        "affected": (folder / "events" / EVENT_ID, AFFECTED_COLUMNS),
    }
    for table, (home, columns) in homes.items():
        home.mkdir(parents=True, exist_ok=True)
        with (home / f"{table}.csv").open("wb") as whole:
            whole.write((",".join(columns) + "\n").encode())
            for part in sorted((folder / "_parts" / table).iterdir()):
                with part.open("rb") as source:
                    shutil.copyfileobj(source, whole)
    shutil.rmtree(folder / "_parts")


def _write_frame(plan: Plan, setting: Setting, folder: Path) -> None:
    frame = folder / "frame" / plan.frame_day.isoformat()
    staff_frame(plan, setting.force).write_csv(frame / "staff.csv")
    assignments_frame(setting.province, setting.force).write_csv(frame / "assignments.csv")
    (folder / "events" / EVENT_ID / "event.json").write_text(event_text(setting.province), encoding="utf-8")


def _write_recheck(setting: Setting, folder: Path) -> Sent:
    province, force = setting.province, setting.force
    sampled, listed = sampled_sub_sls(province)
    listed.write_csv(folder / "frame" / province.plan.frame_day.isoformat() / "pes_sample.csv")
    again, documents = rechecked(province, sampled, len(force.staff_id) - province.plan.enumerators)
    answered = ask(province, again, documents, SALT, UNMENTIONED_PERSON_SHARE)
    bundles, bundle = recheck_bundles(province.plan, documents)
    sheets = sheets_of(province, force, answered, documents, bundle, bundles)
    return send(province, force, bundles, sheets, folder / "pes")


def _write_truth(truth: Truth, recheck: Sent, folder: Path) -> None:
    folder.mkdir()
    for name, order in _TRUTH_ORDER.items():
        getattr(truth, name).sort(order).write_csv(folder / f"{name}.csv")
    violations(Verdicts(truth.broken, truth.marks)).write_csv(folder / "violations.csv")
    recheck.listed.sort("arrival_day", "bundle_name").write_csv(folder / "pes_bundles.csv")
