"""What the pipeline never reads: who the families really are, and what should become of everything sent."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.documents import Documents
from include.simulation.families import GONE, MISSED, Province
from include.simulation.fates import fates
from include.simulation.field_force import FieldForce
from include.simulation.inhabitants import Inhabitants
from include.simulation.opaque_ids import uuids
from include.simulation.sending import Sent
from include.simulation.sheets import row_numbers
from include.simulation.violations import with_documents

DOCUMENT_COLUMNS = (
    "bundle_name", "arrival_day", "row_number", "submission_id", "revision", "expected_outcome", "expected_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """Rows of the truth files, by file; `broken` and `marks` of all blocks together become `violations.csv`."""

    families: pl.DataFrame
    missed_families: pl.DataFrame
    bundles: pl.DataFrame
    documents: pl.DataFrame
    defects: pl.DataFrame
    broken: pl.DataFrame
    marks: pl.DataFrame


def truth_of(province: Province, force: FieldForce, reached: Inhabitants, documents: Documents, sent: Sent) -> Truth:
    """The truth about one block."""
    told = _families(province, force, reached)
    rows = _judged_rows(province, sent)
    judged = fates(rows)
    verdicts = with_documents(sent.verdicts, rows, judged)
    return Truth(
        families=told[np.unique(documents.family)],
        missed_families=told.filter(pl.Series(reached.families.status == MISSED)).drop("submission_id"),
        bundles=sent.listed,
        documents=judged.select(DOCUMENT_COLUMNS),
        defects=_with_fates(sent.defects, judged),
        broken=verdicts.broken,
        marks=verdicts.marks,
    )


def _with_fates(defects: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Defects without an outcome of their own take that of their document."""
    fate = judged.select("bundle_name", "arrival_day", pl.col("row_number").alias("document_row"),
                         pl.col("expected_outcome").alias("fate"))  # fmt: skip
    joined = defects.join(fate, on=["bundle_name", "arrival_day", "document_row"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("expected_outcome").fill_null(pl.col("fate"))).drop("fate", "document_row")


def _families(province: Province, force: FieldForce, reached: Inhabitants) -> pl.DataFrame:
    families, people = reached.families, reached.people
    residents = np.bincount(people.family[people.left == 0], minlength=len(families.slot))
    return pl.DataFrame(
        {
            "submission_id": uuids(province.draws, "submission", families.key),
            "idsubsls": province.idsubsls.gather(families.sub_sls),
            "r109": families.building,
            "r110": families.number,
            "enumerator_id": force.staff_id.gather(families.enumerator),
            "latent_welfare": np.round(families.latent, 6),
            "persons_resident": np.where(families.status == GONE, 0, residents),
            "is_prelisted": families.is_prelisted,
            "is_gone": families.status == GONE,
        }
    )


def _judged_rows(province: Province, sent: Sent) -> pl.DataFrame:
    """The documents of accepted bundles with what their fate depends on."""
    rows, bundle = sent.sheets.families, sent.sheets.family_bundle
    number = pl.concat_str([pl.col(name).cast(pl.Int64, strict=False) for name in ("r109", "r110")], separator="|")
    sub_sls = rows.select(pl.concat_str("r101", "r102", "r103", "r104", "r105"))[:, 0]
    assigned = pl.DataFrame({"idsubsls": province.idsubsls}).with_row_index("part")
    part = pl.DataFrame({"idsubsls": sub_sls}).join(assigned, on="idsubsls", how="left", maintain_order="left")["part"]
    listed = sent.listed[bundle]
    return pl.DataFrame(
        {
            "bundle_name": listed["bundle_name"],
            "arrival_day": listed["arrival_day"],
            "sha256": listed["sha256"],
            "row_number": row_numbers(bundle),
            "submission_id": rows["submission_id"],
            "revision": rows["revision"].cast(pl.Int64, strict=False),
            "is_deleted": rows["is_deleted"].cast(pl.String) == "1",
            "family_key": sub_sls + "|" + rows.select(number)[:, 0],
            "is_assigned": (part // province.sub_sls_per_enumerator) == pl.Series(sent.bundles.staff[bundle]),
            "ended_at": rows["ended_at"],
            "content": rows.hash_rows(),
            "rejected_reason": sent.rejected_reason,
            "breaks_rule": sent.verdicts.breaks_rule(rows.height),
        }
    )
