"""The published marts as Airflow assets, so that consumers can be scheduled on them."""

from airflow.sdk import Asset

from include.publication.policy import TIERS, read_policy
from include.settings import PROJECT

_POLICY = PROJECT / "include" / "publication" / "publication_policy.csv"


def published_marts() -> list[Asset]:
    """One asset per tier and mart of the publication policy."""
    return [
        Asset(name=f"{tier}/{mart.name}", uri=f"regsosek://published/{tier}/{mart.name}")
        for tier in TIERS
        for mart in read_policy(_POLICY, tier)
    ]
