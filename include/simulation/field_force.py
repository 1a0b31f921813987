"""The staff: enumerators (PPL), supervisors (PML), coordinators (KOSEKA), and PPL kept for the re-check."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.draws import Draws, Ints, rank_within
from include.simulation.names import full_names
from include.simulation.plan import Plan
from include.simulation.territory import Territory

_ENUMERATORS_PER_SUPERVISOR = 8
_ENUMERATORS_PER_RECHECKER = 15


@dataclass(frozen=True)
class FieldForce:
    """Ids by enumerator: first those with an assignment, in territory order, then those of the re-check."""

    kab_code: pl.Series
    staff_id: pl.Series
    supervisor_id: pl.Series
    coordinator_id: pl.Series


def field_force(plan: Plan, place: Territory) -> FieldForce:
    """Number the staff within their kab/kota: P35730042, M35730007, K3573001."""
    recheckers = np.arange(0, plan.enumerators, _ENUMERATORS_PER_RECHECKER)
    everyone = np.r_[np.arange(plan.enumerators), recheckers]
    kab = place.column("kab_code").gather(everyone)
    kecamatan = place.column("bps_kecamatan_code").gather(everyone)
    serial = rank_within(kab.cast(pl.Int64).to_numpy())
    coordinator = _coordinator_serial(kab.cast(pl.Int64).to_numpy(), kecamatan.cast(pl.Int64).to_numpy())
    return FieldForce(
        kab_code=kab,
        staff_id=_ids("P", kab, serial + 1, 4),
        supervisor_id=_ids("M", kab, serial // _ENUMERATORS_PER_SUPERVISOR + 1, 4),
        coordinator_id=_ids("K", kab, coordinator, 3),
    )


def _coordinator_serial(kab: Ints, kecamatan: Ints) -> Ints:
    distinct, place = np.unique(kecamatan, return_inverse=True)
    return rank_within(distinct // 1000)[place] + 1 if len(kab) else kab


def _ids(letter: str, kab: pl.Series, serial: Ints, digits: int) -> pl.Series:
    return letter + kab + pl.Series(serial).cast(pl.String).str.zfill(digits)


def staff_frame(plan: Plan, force: FieldForce) -> pl.DataFrame:
    """`staff.csv`: one row per person of the field force."""
    supervisors = pl.DataFrame(
        {"staff_id": force.supervisor_id, "kab_code": force.kab_code, "supervisor_id": force.coordinator_id}
    ).unique("staff_id", keep="first", maintain_order=True)
    coordinators = pl.DataFrame({"staff_id": force.coordinator_id, "kab_code": force.kab_code}).unique(
        "staff_id", keep="first", maintain_order=True
    )
    enumerators = pl.DataFrame(
        {"staff_id": force.staff_id, "kab_code": force.kab_code, "supervisor_id": force.supervisor_id}
    )
    staff = pl.concat(
        [
            enumerators.with_columns(role=pl.lit("PPL")),
            supervisors.with_columns(role=pl.lit("PML")),
            coordinators.with_columns(role=pl.lit("KOSEKA"), supervisor_id=pl.lit(None, pl.String)),
        ],
        how="diagonal",
    )
    keys = np.arange(staff.height)
    draws = Draws(plan.seed, "staff")
    names = full_names(draws, keys, draws.between("sex", keys, 1, 2), np.full(len(keys), 35))
    return staff.with_columns(name=names).select("staff_id", "role", "name", "kab_code", "supervisor_id")
