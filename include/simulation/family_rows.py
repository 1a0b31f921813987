"""The rows of `keluarga.csv`."""

import numpy as np
import polars as pl

from include.contract import FAMILY_COLUMNS
from include.simulation.answers import Answered
from include.simulation.columns import code_column, code_columns, where
from include.simulation.documents import INCOMPLETE, MOVED, NO_RESPONDENT, REFUSED, Documents
from include.simulation.draws import EMPTY, Draws, Flags, Floats, Ints
from include.simulation.families import Families, Province
from include.simulation.field_force import FieldForce
from include.simulation.household import HEAD
from include.simulation.identity_numbers import phones
from include.simulation.opaque_ids import photo_hashes, uuids
from include.simulation.timing import clock_text

_STREETS = (
    "MAWAR", "MELATI", "KENANGA", "ANGGREK", "DAHLIA", "FLAMBOYAN", "CEMPAKA", "KAMBOJA", "SERUNI", "TERATAI",
    "MERPATI", "KUTILANG", "RAJAWALI", "JALAK", "SEMERU", "KELUD", "WILIS", "ARJUNO", "BRANTAS", "BENGAWAN",
)  # fmt: skip
_NOTES = {
    NO_RESPONDENT: "TIDAK ADA RESPONDEN, AKAN DIKUNJUNGI ULANG",
    REFUSED: "RESPONDEN MENOLAK",
    MOVED: "SUDAH PINDAH MENURUT KETUA RT",
}
_CORRECTION_NOTE = "PERBAIKAN SETELAH PEMERIKSAAN"
_KK_CODE = {0: 0.93, 1: 0.03, 2: 0.04}
_PHONE_SHARE, _PHOTO_SHARE, _LOCATED_SHARE = 0.75, 0.92, 0.96
_FAMILY_SPREAD_DEGREES = 0.0012


def document_ids(draws: Draws, families: Families, documents: Documents) -> pl.Series:
    """`submission_id` of each document; all revisions of a family's document share it."""
    return uuids(draws, "submission", families.key).gather(documents.family)


def family_rows(
    province: Province, force: FieldForce, answered: Answered, documents: Documents, times: tuple[Ints, Ints]
) -> pl.DataFrame:
    """One row a document, in the contract's column order."""
    asked = documents.outcome <= INCOMPLETE
    answers = dict(answered.family)
    columns = {
        "submission_id": document_ids(answered.interview.passing, answered.interview.families, documents),
        "revision": pl.Series(documents.revision),
        "is_deleted": pl.Series(documents.is_deleted.astype(np.int64)),
        **_place(province, answered, documents),
        **_numbers(province, answered, documents, asked),
        **_visit(province, force, answered, documents, times),
        **_evidence(province, answered, documents),
        **code_columns(answers, documents.family, asked),
        "notes": _notes(documents),
    }
    # A correction tells of a slightly smaller floor each time, so that the revisions differ.
    shrunk = columns["r302"] - pl.Series(np.where(documents.is_correction, documents.revision - 1, 0))
    return pl.DataFrame({**columns, "r302": shrunk}).select(FAMILY_COLUMNS)


def _place(province: Province, answered: Answered, documents: Documents) -> dict[str, pl.Series]:
    families = answered.interview.families
    sub_sls = families.sub_sls[documents.family]
    code = province.idsubsls.gather(sub_sls)
    name = province.sls_name.gather(sub_sls)
    street = pl.Series(_STREETS).gather(province.draws.between("street", sub_sls, 0, len(_STREETS) - 1))
    building = pl.Series(families.building[documents.family]).cast(pl.String)
    parts = {"r101": (0, 2), "r102": (2, 2), "r103": (4, 3), "r104": (7, 3), "r105": (10, 6)}
    return {
        **{column: code.str.slice(start, length) for column, (start, length) in parts.items()},
        "r106": name,
        "r107": "JL " + street + " NO " + building + " " + name,
        "r108": _head_names(answered, documents),
        "r109": code_column("r109", families.building[documents.family]),
        "r110": code_column("r110", families.number[documents.family]),
        "r113": "LM-" + code.str.slice(10, 6) + "-" + building.str.zfill(3),
    }


def _head_names(answered: Answered, documents: Documents) -> pl.Series:
    heads = np.flatnonzero(answered.interview.people.relation == HEAD)
    return answered.heard_name.gather(heads).gather(documents.family)


def _numbers(province: Province, answered: Answered, documents: Documents, asked: Flags) -> dict[str, pl.Series]:
    families = answered.interview.families
    kk = answered.interview.kk
    code = np.where(kk == EMPTY, EMPTY, province.draws.choice("KK code", families.key, _KK_CODE))
    return code_columns({"r114": kk, "r115": code}, documents.family, asked)


def _visit(
    province: Province, force: FieldForce, answered: Answered, documents: Documents, times: tuple[Ints, Ints]
) -> dict[str, pl.Series]:
    first_day = np.datetime64(province.plan.first_day)
    key = answered.interview.families.key
    reached = answered.interview.passing.happens("phone known", key, _PHONE_SHARE)[documents.family]
    phone = phones(province.draws, key).gather(documents.family)
    return {
        "r201": pl.Series(first_day + documents.interview_day).cast(pl.String),
        "r202": force.staff_id.gather(documents.staff),
        "r203": pl.Series(first_day + documents.day).cast(pl.String),
        "r204": force.supervisor_id.gather(documents.staff),
        "r205": pl.Series(documents.outcome),
        "r206": where(phone, reached & (documents.outcome <= INCOMPLETE)),
        "started_at": clock_text(first_day + documents.day, times[0]),
        "ended_at": clock_text(first_day + documents.day, times[1]),
    }


def _evidence(province: Province, answered: Answered, documents: Documents) -> dict[str, pl.Series]:
    families, passing = answered.interview.families, answered.interview.passing
    located = passing.happens("located", families.key, _LOCATED_SHARE)[documents.family]
    pictured = passing.happens("pictured", families.key, _PHOTO_SHARE)[documents.family]
    latitude, longitude = (_beside(province, families, axis)[documents.family] for axis in ("lat", "lon"))
    return {
        "latitude": where(pl.Series(latitude), located),
        "longitude": where(pl.Series(longitude), located),
        "accuracy_m": where(pl.Series(passing.between("accuracy", families.key, 3, 25)[documents.family]), located),
        "photo_sha256": where(photo_hashes(passing, families.key).gather(documents.family), pictured),
    }


def _beside(province: Province, families: Families, axis: str) -> Floats:
    """A coordinate of each family: beside its sub-SLS's point, within the desa's bounding box."""
    centre = (province.latitude if axis == "lat" else province.longitude)[families.sub_sls]
    desa = province.place.desa[families.enumerator]
    low, high = (province.place.desas[f"{end}_{axis}"].to_numpy()[desa] for end in ("min", "max"))
    moved = centre + _FAMILY_SPREAD_DEGREES * (2 * province.draws.uniform(f"family {axis}", families.key) - 1)
    return np.asarray(np.round(np.clip(moved, low, high), 6), dtype=np.float64)


def _notes(documents: Documents) -> pl.Series:
    outcome = pl.Series(documents.outcome).replace_strict(_NOTES, default=None, return_dtype=pl.String)
    return where(pl.Series([_CORRECTION_NOTE]).new_from_index(0, len(outcome)), documents.is_correction).fill_null(
        outcome
    )
