"""How well the welfare score orders simulated families, whose true welfare is known (docs/pmt_fitting.md)."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from include.settings import Settings
from include.warehouse import opened
from include.welfare_model.targeting_error import CUT_OFFS, TargetingError, rank_correlation, targeting_error

TRUE_FAMILIES = "_truth/families.csv"


def score_lines(configured: Settings) -> list[str]:
    """Say rank correlation and errors at each cut-off, over the families that have both score and truth."""
    families, as_of = scored_families(configured)
    if families.height < 2:
        return [f"Score against simulated welfare: {families.height} families with a score, nothing to compare"]
    truth, score = (families[name].to_numpy() for name in ("latent_welfare", "pmt_score"))
    place = families["percentile_province"].to_numpy()
    lines = [
        f"Score against simulated welfare: {families.height:,} families of family_welfare, as of {as_of}",
        f"  rank correlation (Spearman)  {rank_correlation(score, truth):.3f}",
    ]
    return lines + [_line(targeting_error(truth, place, np.ones(len(truth)), cut_off)) for cut_off in CUT_OFFS]


def scored_families(configured: Settings) -> tuple[pl.DataFrame, date | None]:
    """Give score, place in the province and true welfare of each family, by document, and the mart's as-of day."""
    with opened(configured.warehouse, read_only=True) as connection:
        scored = connection.sql(
            "select document_id, cast(pmt_score as double) as pmt_score,"
            " cast(percentile_province as double) as percentile_province, as_of"
            " from marts.family_welfare where unscored_reason is null order by document_id"
        ).pl()
    truth = pl.read_csv(Path(configured.landing) / TRUE_FAMILIES, columns=["submission_id", "latent_welfare"])
    joined = scored.join(truth, left_on="document_id", right_on="submission_id", maintain_order="left")
    return joined, scored["as_of"].max()  # type: ignore[return-value]  # polars types a maximum loosely


def _line(error: TargetingError) -> str:
    return (
        f"  poorest {error.cut_off} %  exclusion_error {_share(error.eligible_unserved, error.eligible)}"
        f"  inclusion_error {_share(error.ineligible_served, error.ineligible)}"
    )


def _share(numerator: float, denominator: float) -> str:
    return f"{numerator:,.0f}/{denominator:,.0f} = {numerator / denominator:.3f}" if denominator else "0/0"
