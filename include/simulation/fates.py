"""What should become of each document: the contract's section 3, told from what the simulator knows it sent."""

import polars as pl

_VERSION = ["submission_id", "revision"]


def fates(documents: pl.DataFrame) -> pl.DataFrame:
    """Add `expected_outcome` and `expected_reason` to the documents of accepted bundles, as of the last day.

    Needs a row per document with `arrival_day`, `sha256`, `row_number`, `submission_id`, `revision`, `is_deleted`,
    `family_key`, `is_assigned`, `ended_at`, `content`, `rejected_reason` (null if none) and `breaks_rule`.
    """
    judged = documents.sort("arrival_day", "sha256", "row_number").with_columns(
        pl.col("submission_id").str.to_lowercase()
    )
    judged = _standing_of(_copies(judged))
    rejected = judged.filter(pl.col("kind") != "live").with_columns(wins=pl.lit(value=False))
    live = _family_winners(judged.filter(pl.col("kind") == "live"))
    told = pl.concat([rejected, live], how="diagonal").with_columns(_outcome())
    split = pl.col("fate").str.split_exact(":", 1)
    return told.with_columns(
        split.struct.field("field_0").alias("expected_outcome"),
        split.struct.field("field_1").alias("expected_reason"),
    )


def _copies(judged: pl.DataFrame) -> pl.DataFrame:
    """Tell live documents from rejected ones, duplicates and conflicts."""
    is_rejected = pl.col("rejected_reason").is_not_null()
    seen_alike = pl.int_range(pl.len()).over([*_VERSION, "content", is_rejected.alias("r")]) > 0
    seen = pl.int_range(pl.len()).over([*_VERSION, is_rejected.alias("r")]) > 0
    return judged.with_columns(
        kind=pl.when(is_rejected)
        .then(pl.lit("rejected"))
        .when(seen_alike)
        .then(pl.lit("duplicate"))
        .when(seen)
        .then(pl.lit("conflict"))
        .otherwise(pl.lit("live"))
    )


def _standing_of(judged: pl.DataFrame) -> pl.DataFrame:
    """The highest live revision of each submission, and whether it is a tombstone."""
    highest = (
        judged.filter(pl.col("kind") == "live")
        .sort("revision")
        .group_by("submission_id", maintain_order=True)
        .agg(pl.col("revision").last().alias("highest"), pl.col("is_deleted").last().alias("is_withdrawn"))
    )
    return judged.join(highest, on="submission_id", how="left")


def _family_winners(live: pl.DataFrame) -> pl.DataFrame:
    """Of the deciding revisions with one family key: the assigned enumerator's, the later, the larger id."""
    decides = (pl.col("revision") == pl.col("highest")) & ~pl.col("is_withdrawn")
    order = ["is_assigned", "ended_at", "submission_id"]
    winners = (
        live.filter(decides)
        .sort(order, descending=True)
        .group_by("family_key", maintain_order=True)
        .agg(pl.col("submission_id").first())
        .with_columns(wins=pl.lit(value=True))
    )
    return live.join(winners, on=["family_key", "submission_id"], how="left").with_columns(
        pl.col("wins").fill_null(value=False)
    )


def _outcome() -> pl.Expr:
    kind = pl.col("kind")
    outdated = pl.col("revision") < pl.col("highest")
    return (
        pl.when(kind == "rejected")
        .then("rejected:" + pl.col("rejected_reason"))
        .when(kind == "duplicate")
        .then(pl.lit("duplicate"))
        .when((kind == "conflict") & outdated)
        .then(pl.lit("superseded:CONFLICT"))
        .when(kind == "conflict")
        .then(pl.lit("held:CONFLICT"))
        .when(pl.col("is_withdrawn"))
        .then(pl.lit("superseded:TOMBSTONE"))
        .when(outdated)
        .then(pl.lit("superseded:REVISION"))
        .when(~pl.col("wins"))
        .then(pl.lit("superseded:SAME_FAMILY"))
        .when(pl.col("breaks_rule"))
        .then(pl.lit("held:RULES"))
        .otherwise(pl.lit("accepted"))
        .alias("fate")
    )
