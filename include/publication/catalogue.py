"""What the marts are, read from dbt's manifest: columns, types, grain, descriptions in English and Indonesian."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Column:
    """One column of a mart as its contract declares it."""

    name: str
    data_type: str
    description_en: str
    description_id: str


@dataclass(frozen=True)
class Mart:
    """One mart as its contract declares it; ``grain`` names the columns of which no two rows agree."""

    name: str
    description_en: str
    description_id: str
    grain: tuple[str, ...]
    columns: dict[str, Column]


def read_catalogue(manifest: Path) -> dict[str, Mart]:
    """Read every mart of a dbt manifest, by name."""
    nodes = json.loads(manifest.read_text())["nodes"]
    grains = {
        node["attached_node"]: tuple(node["test_metadata"]["kwargs"]["columns"])
        for node in nodes.values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == "one_row_per"
    }
    return {
        node["name"]: _mart(node, grains.get(unique_id, ()))
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def _mart(node: dict, grain: tuple[str, ...]) -> Mart:
    columns = {
        name: Column(name, column["data_type"], column["description"].strip(), _in_indonesian(column))
        for name, column in node["columns"].items()
    }
    return Mart(node["name"], node["description"].strip(), _in_indonesian(node), grain, columns)


def _in_indonesian(described: dict) -> str:
    return (described.get("config") or {}).get("meta", {}).get("description_id", "")
