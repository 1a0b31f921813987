"""The village consultation (FKP): a few families are moved to another welfare group, with a reason."""

import numpy as np
import polars as pl

from include.simulation.columns import code_column, headquarters_columns
from include.simulation.documents import Documents
from include.simulation.families import Families, Province

VERY_POOR, NOT_POOR = 1, 4
_RERANKED_SHARE = 0.03
_GROUP_CUTS = (-1.2, -0.5, 0.2)
_REASONS = ("PENDAPATAN TURUN", "ADA ANGGOTA SAKIT MENAHUN", "SUDAH BEKERJA TETAP", "MENDAPAT WARISAN")
_DECIDED_BY = "MUSYAWARAH DESA"


def reranked_families(province: Province, families: Families, documents: Documents) -> pl.DataFrame:
    """`fkp.csv` of these documents' families: groups 1 (very poor) to 4 (not poor), always a change."""
    draws = province.draws
    answered = np.unique(documents.family[documents.carries_persons()])
    chosen = answered[draws.happens("re-ranked", families.key[answered], _RERANKED_SHARE)]
    key = families.key[chosen]
    before = VERY_POOR + np.digitize(families.latent[chosen] + 0.3 * draws.normal("group", key), _GROUP_CUTS)
    richer = (before == VERY_POOR) | ((before < NOT_POOR) & draws.happens("richer", key, 0.4))
    reason = 2 * richer + draws.between("reason", key, 0, 1)
    rows = pl.DataFrame(
        {
            "idsubsls": province.idsubsls.gather(families.sub_sls[chosen]),
            "r109": code_column("r109", families.building[chosen]),
            "r110": code_column("r110", families.number[chosen]),
            "group_before": before,
            "group_after": before + np.where(richer, 1, -1),
            "reason": pl.Series(_REASONS).gather(reason),
            "decided_by": pl.Series([_DECIDED_BY]).new_from_index(0, len(chosen)),
        }
    )
    return rows.select(headquarters_columns("consultations", "fkp"))
