"""Where to look after a run: said in the asset events of what it published, which Airflow shows on the run's page."""

from collections.abc import Container
from pathlib import Path
from typing import Any

from include.gate_pages import OVERVIEW
from include.report import FIRST_PAGE


def say_links(
    outlet_events: Any,  # noqa: ANN401 - Airflow's accessors
    folders: dict[str, str],
    data_docs: Path,
    marts: Container[str] | None = None,
) -> None:
    """Put into each asset's event its tier's snapshot, the Data Docs and, where a site was built, the site.

    Args:
        outlet_events: Airflow's accessors; None where a step runs outside it.
        folders: snapshot folder by tier.
        data_docs: folder of the run's Data Docs, a folder a gate.
        marts: those of the task's outlets, where they are not all.
    """
    if outlet_events is None:
        return
    from include.assets import published_marts  # of Airflow, which steps outside it do without

    pages = {page.parent.name: page.as_uri() for page in sorted(data_docs.rglob(OVERVIEW))}
    for asset in published_marts():
        tier, _, mart = asset.name.partition("/")
        folder = folders.get(tier)
        if folder and (marts is None or mart in marts):
            site = Path(folder) / FIRST_PAGE
            links = {"snapshot": Path(folder).as_uri(), "data_docs": pages}
            outlet_events[asset].extra = {**links, "site": site.as_uri()} if site.exists() else links
