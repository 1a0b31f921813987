"""The codes of form K-2022-draft, where they differ from the final form (upload contract, "Draft recode")."""

import polars as pl

from include.simulation.draws import Flags

# Final code -> draft code. The draft has no code for "moved abroad" (4): it is written as moved (3).
_PRESENCE = {1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 5}
_ROOF = {5: 6, 6: 5}
_SEPTIC_DISTANCE = {8: 3}


def families_in_draft_codes(rows: pl.DataFrame, is_draft: Flags) -> pl.DataFrame:
    """The family rows with r305, r306b and r308 recoded where the bundle is of the draft form."""
    fuel = pl.col("r308").cast(pl.String)
    draft = pl.Series(is_draft)
    return rows.with_columns(
        pl.when(draft).then(pl.col("r305").replace(_ROOF)).otherwise("r305").alias("r305"),
        pl.when(draft).then(pl.col("r306b").replace(_SEPTIC_DISTANCE)).otherwise("r306b").alias("r306b"),
        pl.when(draft).then(fuel.replace({"0": "00"})).otherwise(fuel).alias("r308"),
    )


def persons_in_draft_codes(rows: pl.DataFrame, is_draft: Flags) -> pl.DataFrame:
    """The person rows with r404 recoded where the bundle is of the draft form."""
    draft = pl.Series(is_draft)
    return rows.with_columns(pl.when(draft).then(pl.col("r404").replace(_PRESENCE)).otherwise("r404").alias("r404"))
