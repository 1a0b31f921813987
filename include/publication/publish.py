"""Publish one night: write the snapshot of each tier from the policy, then move the pointer."""

from pathlib import Path

from include.publication.catalogue import read_catalogue
from include.publication.edition import Edition, Writer
from include.publication.keys import Keys, read_keys
from include.publication.lineage import lineage, snapshot_name, under_keys
from include.publication.open_writer import OpenWriter
from include.publication.operational_writer import OperationalWriter
from include.publication.pointer import live, move_pointer
from include.publication.policy import read_policy
from include.publication.snapshot import PublicationError, write_snapshot
from include.settings import Settings
from include.warehouse import opened

# The tiers that exist so far; restricted waits for pseudonyms.
PUBLISHED_TIERS = ("open", "operational")


def publish_night(
    inputs: dict[str, str], as_of: str, gate_results: list[dict], manifest: Path, settings: Settings
) -> dict:
    """Publish the marts as they stand in the warehouse.

    Returns ``{"snapshot": name, "path": folder, "paths": {tier: folder}, "rows": {tier: {mart: rows}}}``; the first
    two are the open tier's.

    Raises:
        PublicationError: the policy cannot be followed, or the pointer would move back.
        KeysError: the keys file cannot be read or lacks a kab/kota.
    """
    current = live(settings.published)
    if current and as_of < current["as_of"]:
        raise PublicationError(f"as of {as_of} lies before the live as-of {current['as_of']}: use a rollback")
    made_from = lineage(inputs, as_of, settings)
    keys = read_keys(settings.keys_file)
    catalogue = read_catalogue(manifest)
    rows: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    with opened(settings.warehouse, read_only=True) as connection:
        for tier in PUBLISHED_TIERS:
            made = made_from if tier == "open" else under_keys(made_from, keys.fingerprint())
            marts = read_policy(settings.publication_policy, tier)
            edition = Edition(tier, snapshot_name(made), marts, catalogue, made, gate_results)
            rows[tier] = write_snapshot(connection, settings.published, edition, _writer(tier, keys, as_of))
            names[tier] = edition.name
    move_pointer(settings.published, as_of, made_from["digest"][:12], names)
    paths = {tier: str(settings.published / tier / "snapshots" / name) for tier, name in names.items()}
    return {"snapshot": names["open"], "path": paths["open"], "paths": paths, "rows": rows}


def _writer(tier: str, keys: Keys, as_of: str) -> Writer:
    return OpenWriter() if tier == "open" else OperationalWriter(keys, as_of)
