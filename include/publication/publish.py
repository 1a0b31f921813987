"""Publish one night: write the snapshot of each tier from the policy, then move the pointer."""

from pathlib import Path

from include.publication.catalogue import read_catalogue
from include.publication.lineage import lineage, snapshot_name
from include.publication.pointer import live, move_pointer
from include.publication.policy import read_policy
from include.publication.snapshot import PublicationError, write_snapshot
from include.settings import Settings
from include.warehouse import opened

# The tiers that exist so far; restricted and operational wait for pseudonyms and encryption.
PUBLISHED_TIERS = ("open",)


def publish_night(
    inputs: dict[str, str], as_of: str, gate_results: list[dict], manifest: Path, settings: Settings
) -> dict:
    """Publish the marts as they stand in the warehouse.

    Returns ``{"snapshot": name, "path": folder, "rows": {mart: rows}}``.

    Raises:
        PublicationError: the policy cannot be followed, or the pointer would move back.
    """
    current = live(settings.published)
    if current and as_of < current["as_of"]:
        raise PublicationError(f"as of {as_of} lies before the live as-of {current['as_of']}: use a rollback")
    made_from = lineage(inputs, as_of, settings)
    name = snapshot_name(made_from)
    catalogue = read_catalogue(manifest)
    rows: dict[str, int] = {}
    with opened(settings.warehouse, read_only=True) as connection:
        for tier in PUBLISHED_TIERS:
            marts = read_policy(settings.publication_policy, tier)
            rows |= write_snapshot(
                connection, settings.published, tier, marts, catalogue, made_from, gate_results, name
            )
    move_pointer(settings.published, as_of, made_from["digest"][:12], PUBLISHED_TIERS)
    return {"snapshot": name, "path": str(settings.published / "open" / "snapshots" / name), "rows": rows}
