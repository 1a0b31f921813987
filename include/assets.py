"""What is published, and the events that land, as Airflow assets, so that DAGs can be scheduled on them."""

from airflow.sdk import Asset, AssetWatcher

from include.event_trigger import EventFolderTrigger
from include.publication.policy import RESPONSE_MARTS, TIERS, read_policy
from include.settings import PROJECT

_POLICY = PROJECT / "include" / "publication" / "publication_policy.csv"
_POLL_SECONDS = 5.0


def published_marts() -> list[Asset]:
    """One asset per tier and mart of the publication policy."""
    return [
        Asset(name=f"{tier}/{mart.name}", uri=f"regsosek://published/{tier}/{mart.name}")
        for tier in TIERS
        for mart in read_policy(_POLICY, tier)
    ]


def response_marts() -> list[Asset]:
    """The published marts that an event changes."""
    return [asset for asset in published_marts() if asset.name.rpartition("/")[2] in RESPONSE_MARTS]


def landed_events() -> Asset:
    """The events of the landing zone: an asset event each time a folder of one is new or has changed, and is whole."""
    watcher = AssetWatcher(name="event_folders", trigger=EventFolderTrigger(_POLL_SECONDS))
    return Asset(name="landing/events", uri="regsosek://landing/events", watchers=[watcher])
