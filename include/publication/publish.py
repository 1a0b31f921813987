"""Publish: write the snapshot of each tier from the policy, then move the pointer, unless something came meanwhile."""

from pathlib import Path

import duckdb

from include.publication.attacker.published import require_nothing_follows
from include.publication.base import TIER as OPERATIONAL
from include.publication.base import Base, BaseError, live_lists
from include.publication.catalogue import read_catalogue
from include.publication.dated_versions import dated_versions
from include.publication.disclosure.ledger import Released, write_released
from include.publication.disclosure.night import RELATION, release_tonight
from include.publication.edition import Edition, Report, Writer
from include.publication.events_seen import EventsSeen, OvertakenError
from include.publication.keys import read_keys
from include.publication.lineage import (
    for_operational,
    for_released,
    for_response,
    for_restricted,
    knows_events,
    lineage,
    lists_made_with,
    snapshot_name,
)
from include.publication.open_writer import OpenWriter
from include.publication.operational_writer import OperationalWriter
from include.publication.overlay import GATE, write_overlay
from include.publication.pointer import live, live_resources, move_pointer, pointer_lock
from include.publication.policy import RESPONSE_MARTS, read_policy
from include.publication.privacy import require_private, sub_sls_of
from include.publication.pseudonyms import pseudonyms_of
from include.publication.restricted_writer import RestrictedWriter
from include.publication.schema_version import read_versions, require_compatible
from include.publication.snapshot import Draft, PublicationError, add_papers, draft_snapshot, finish
from include.publication.treatment import as_published
from include.settings import Settings
from include.warehouse import opened

RESTRICTED = "restricted"
PUBLISHED_TIERS = ("open", RESTRICTED, OPERATIONAL)
_NO_EVENTS = EventsSeen()


def publish_night(
    inputs: dict[str, str],
    as_of: str,
    gate_results: list[dict],
    manifest: Path,
    settings: Settings,
    events: EventsSeen = _NO_EVENTS,
    report: Report | None = None,
) -> dict:
    """Publish the marts as they stand in the warehouse.

    Every tier is drafted before any gets its name: what is found wrong with one keeps all from being seen.
    ``report`` builds pages into the drafts that are not encrypted. The open tier holds no mart of the events: neither
    its name nor its papers speak of them.

    Returns ``{"snapshot": name, "path": folder, "paths": {tier: folder}, "rows": {tier: {mart: rows}}}``; the first
    two are the open tier's.

    Raises:
        PublicationError: the policy cannot be followed, the pointer would move back, or a mart's columns changed more
            than its schema version says.
        KeysError: the keys file cannot be read or lacks a kab/kota.
        PrivacyError: a draft would tell who somebody is.
        DisclosureError: a small count by an attribute, or a small change, would follow from a draft.
        ReleaseLedgerError: what was shown of attributes before is not on file.
        OvertakenError: an event came since the marts were built; nothing is live yet.
    """
    _require_forward(settings.published, as_of)
    made_from = lineage(inputs, as_of, settings)
    with opened(settings.warehouse, read_only=True) as connection:
        released = _released(connection, made_from, settings)
        drafts = _drafts(connection, made_from, gate_results, manifest, settings, events, released)
        sub_sls = sub_sls_of(connection)
    for draft in drafts:
        if report and draft.edition.tier != OPERATIONAL:
            report(draft.folder, draft.package)
        add_papers(draft)
    policy = {draft.edition.tier: draft.edition.marts for draft in drafts}
    require_private({draft.edition.tier: draft.folder for draft in drafts}, policy, sub_sls)
    plain = [draft.folder for draft in drafts if draft.edition.tier != OPERATIONAL]
    require_nothing_follows(settings.published, plain, settings.smallest_cell)
    rows = {draft.edition.tier: finish(draft) for draft in drafts}
    names = {draft.edition.tier: draft.edition.name for draft in drafts}
    if released:
        write_released(settings.state, names["open"], released)
    with pointer_lock(settings.published):
        _require_forward(settings.published, as_of)
        events.require_current()
        move_pointer(settings.published, as_of, made_from["digest"][:12], names)
    paths = {tier: str(settings.published / tier / "snapshots" / name) for tier, name in names.items()}
    return {"snapshot": names["open"], "path": paths["open"], "paths": paths, "rows": rows}


def _released(connection: duckdb.DuckDBPyConnection, made_from: dict[str, str], settings: Settings) -> Released | None:
    """Show the connection what is released of attributes, where the policy publishes that."""
    if not any(mart.is_released for mart in read_policy(settings.publication_policy, "open")):
        return None
    released, table = release_tonight(connection, made_from, settings)
    connection.register(RELATION, table)
    return released


def _drafts(
    connection: duckdb.DuckDBPyConnection,
    made_from: dict[str, str],
    gate_results: list[dict],
    manifest: Path,
    settings: Settings,
    events: EventsSeen,
    released: Released | None,
) -> list[Draft]:
    """Draft every tier; none may break the columns that readers of the live one rely on."""
    keys, as_of = read_keys(settings.keys_file), made_from["as_of"]
    pseudonyms = pseudonyms_of(settings, keys)
    catalogue, versions = read_catalogue(manifest), read_versions(settings.schema_versions)
    dated = dated_versions(manifest, as_of)
    shown = for_released(made_from, released.after, settings.smallest_cell) if released else made_from
    lineages = {
        "open": shown,
        RESTRICTED: for_restricted(shown, pseudonyms.fingerprint()),
        OPERATIONAL: for_operational(made_from, events.built_with, keys.fingerprint()),
    }
    drafts = []
    for tier in PUBLISHED_TIERS:
        made = lineages[tier]
        marts = read_policy(settings.publication_policy, tier)
        described = as_published(catalogue, marts)
        writer: Writer = OpenWriter()
        if tier == RESTRICTED:
            writer = RestrictedWriter(pseudonyms, marts, described)
        elif tier == OPERATIONAL:
            writer = OperationalWriter(keys, as_of, live_lists(settings.published), lists_made_with(made))
        verdicts = [v for v in gate_results if tier == OPERATIONAL or v["gate"] != GATE]
        relations = {mart.name: RELATION for mart in marts if mart.is_released}
        edition = Edition(tier, snapshot_name(made), marts, described, made, verdicts, relations, versions, dated)
        drafts.append(draft_snapshot(connection, settings.published, edition, writer))
        require_compatible(live_resources(settings.published, tier), drafts[-1].package["resources"], versions)
    return drafts


def publish_response(
    base: Base, gate_results: list[dict], manifest: Path, settings: Settings, events: EventsSeen
) -> dict:
    """Publish the marts of the events as they stand in a response's own warehouse, over what is live.

    A live snapshot that knows these events already stays.

    Returns ``{"path": folder, "paths": {tier: folder}, "rows": {tier: {mart: rows}}}`` of the operational tier.

    Raises:
        BaseError: the keys have changed since the base was written, or its files.
        OvertakenError: another snapshot is live by now, or the events changed; nothing is live yet.
    """
    if knows_events(base.made_from, events.built_with, settings):
        rows = {r["name"]: r["row_count"] for r in base.package["resources"] if r["name"] in RESPONSE_MARTS}
        return _published(base.folder, rows)
    keys = read_keys(settings.keys_file)
    if base.made_from["keys"] != keys.fingerprint():
        raise BaseError(f"the keys have changed since snapshot {base.folder.name}: the next night writes under them")
    made = for_response(base.made_from, events.built_with, settings)
    marts = [mart for mart in read_policy(settings.publication_policy, OPERATIONAL) if mart.name in RESPONSE_MARTS]
    versions = read_versions(settings.schema_versions)
    catalogue = read_catalogue(manifest)
    edition = Edition(OPERATIONAL, snapshot_name(made), marts, catalogue, made, gate_results, schema_versions=versions)
    with opened(settings.warehouse, read_only=True) as connection:
        writer = OperationalWriter(keys, base.as_of, base, lists_made_with(made))
        rows = write_overlay(connection, settings.published, base, edition, writer)
    with pointer_lock(settings.published):
        if live(settings.published) != base.pointer:
            raise OvertakenError("another snapshot became live meanwhile")
        events.require_current()
        names = {tier: said["snapshot"] for tier, said in base.pointer["tiers"].items()}
        move_pointer(settings.published, base.as_of, base.pointer["build"], names | {OPERATIONAL: edition.name})
    return _published(settings.published / OPERATIONAL / "snapshots" / edition.name, rows)


def _published(folder: Path, rows: dict[str, int]) -> dict:
    return {"path": str(folder), "paths": {OPERATIONAL: str(folder)}, "rows": {OPERATIONAL: rows}}


def _require_forward(published: Path, as_of: str) -> None:
    current = live(published)
    if current and as_of < current["as_of"]:
        raise PublicationError(f"as of {as_of} lies before the live as-of {current['as_of']}: use a rollback")
