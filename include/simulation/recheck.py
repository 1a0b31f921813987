"""The post-enumeration survey: other enumerators see a sample again, independently, with errors of their own."""

from dataclasses import replace

import numpy as np
import polars as pl

from include.simulation.bundling import Bundles
from include.simulation.columns import headquarters_columns
from include.simulation.documents import COMPLETE, Documents, visited
from include.simulation.draws import Draws, Ints, rank_within
from include.simulation.families import GONE, Families, Province, families_of
from include.simulation.inhabitants import Inhabitants, inhabitants_of, only_families
from include.simulation.plan import Plan
from include.simulation.records import stack

SALT = "post-enumeration survey"
UNMENTIONED_PERSON_SHARE = 0.02

_SAMPLED_SHARE = 0.04
_FOUND_SHARE = 0.97
_MOST_FAMILIES = 12


def sampled_sub_sls(province: Province) -> tuple[Ints, pl.DataFrame]:
    """The sampled sub-SLS and `pes_sample.csv`.

    A stratified simple random sample, strata kab/kota by town and country, of the sub-SLS with which the loads
    begin: those the simulated days reach. At least one a stratum.
    """
    first = np.arange(province.plan.enumerators) * province.sub_sls_per_enumerator
    urban = province.place.is_urban[province.place.desa]
    stratum = province.place.column("kab_code") + pl.Series(np.where(urban == 1, "-U", "-R"))
    order = Draws(province.plan.seed, SALT).uniform("sample", first)
    frame = pl.DataFrame({"part": first, "stratum": stratum, "order": order}).sort("stratum", "order")
    size = pl.len().over("stratum")
    wanted = (size * _SAMPLED_SHARE).round().cast(pl.Int64).clip(lower_bound=1)
    sample = frame.with_columns((wanted / size).round(6).alias("inclusion_probability"), wanted.alias("wanted")).filter(
        pl.int_range(pl.len()).over("stratum") < pl.col("wanted")
    )
    sample = sample.sort("part")
    listed = sample.with_columns(idsubsls=province.idsubsls.gather(sample["part"]))
    parts = sample["part"].to_numpy()
    return parts, listed.select(headquarters_columns("frame", "pes_sample"))


def rechecked(province: Province, sampled: Ints, recheckers: int) -> tuple[Inhabitants, Documents]:
    """The families found again, numbered anew, and one complete document each, on the last simulated day."""
    draws = Draws(province.plan.seed, SALT)
    everyone = inhabitants_of(province, _families_passed(province, sampled))
    families = everyone.families
    there = np.isin(families.sub_sls, sampled) & (families.status != GONE)
    found = there & draws.happens("found", families.key, _FOUND_SHARE)
    found[found] = rank_within(families.sub_sls[found]) < _MOST_FAMILIES
    again = only_families(everyone, found)
    number = rank_within(again.families.sub_sls) + 1
    again = replace(again, families=replace(again.families, building=number, number=number))
    rechecker = np.searchsorted(sampled, again.families.sub_sls) * recheckers // len(sampled)
    return again, _complete_documents(province.plan, province.plan.enumerators + rechecker)


def _families_passed(province: Province, sampled: Ints) -> Families:
    """The families, missed ones too, that the census had passed by the last simulated day."""
    enumerators = (sampled // province.sub_sls_per_enumerator).tolist()
    return stack([visited(province, families_of(province, e, e + 1), e, e + 1) for e in enumerators])


def _complete_documents(plan: Plan, staff: Ints) -> Documents:
    count = len(staff)
    day = np.full(count, plan.days - 1)
    none = np.zeros(count, dtype=bool)
    return Documents(
        family=np.arange(count),
        staff=staff,
        day=day,
        interview_day=day,
        revision=np.ones(count, dtype=np.int64),
        outcome=np.full(count, COMPLETE),
        is_deleted=none,
        is_correction=none,
    )


def recheck_bundles(plan: Plan, documents: Documents) -> tuple[Bundles, Ints]:
    """One bundle a member of the re-check's staff, and each document's bundle."""
    staff, bundle = np.unique(documents.staff, return_inverse=True)
    day = np.full(len(staff), plan.days - 1)
    return Bundles(staff, day, np.ones(len(staff), dtype=np.int64), day, np.zeros(len(staff), dtype=bool)), bundle
