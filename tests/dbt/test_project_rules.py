"""The project's own dbt rules, read from its manifest. A rule returns its offenders; the fixture proves it looked."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from include import contract, transform
from include.settings import PROJECT, Settings

MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"intermediate", "marts", "seed"},
}
WINDOW_OR_CASE = re.compile(r"\bover\s*\(|\bover\s+[a-z_]+|\bcase\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parsed")


@pytest.fixture
def manifest(parsed: Path, pointed_at: Callable[..., Settings]) -> dict:
    configured = pointed_at(parsed)
    if not transform.manifest_path(configured.scratch).exists():
        transform.parse(configured)
    return json.loads(transform.manifest_path(configured.scratch).read_text())


@pytest.fixture
def models(manifest: dict) -> list[dict]:
    found = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(found) > 20, "no models seen: these rules look at nothing"
    return found


def layer(unique_id: str) -> str:
    kind, _, name = unique_id.split(".")[:3]
    if kind in ("source", "seed"):
        return kind
    return {"stg": "staging", "int": "intermediate"}.get(name.split("_")[0], "marts")


def test_data_flows_one_way(models: list[dict]) -> None:
    offenders = [
        (model["name"], parent)
        for model in models
        for parent in model["depends_on"]["nodes"]
        if layer(parent) not in MAY_READ[layer(model["unique_id"])]
    ]
    assert not offenders


def test_every_model_says_its_grain(models: list[dict]) -> None:
    assert not [model["name"] for model in models if "One row per" not in model["description"]]


def test_every_model_but_headquarters_lines_has_its_grain_tested(manifest: dict, models: list[dict]) -> None:
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "one_row_per"
    }
    untested = {model["name"] for model in models if model["unique_id"] not in tested}
    # Headquarters' files and findings may repeat a line; the models behind them count it once.
    assert untested == {
        "stg_field__bundle_findings", "stg_headquarters__assignments", "stg_headquarters__population",
        "stg_headquarters__prelist_families", "stg_headquarters__prelist_persons", "stg_headquarters__recipients",
        "stg_headquarters__staff", "stg_headquarters__sub_sls",
    }  # fmt: skip


def test_every_mart_has_an_enforced_contract(models: list[dict]) -> None:
    marts = [model for model in models if layer(model["unique_id"]) == "marts"]
    assert len(marts) >= 6
    assert not [mart["name"] for mart in marts if not mart["contract"]["enforced"]]


def test_every_column_of_a_mart_is_described_in_both_languages(models: list[dict]) -> None:
    offenders = [
        f"{model['name']}.{name}"
        for model in models
        if layer(model["unique_id"]) == "marts"
        for name, column in model["columns"].items()
        if not column["description"] or not column["config"]["meta"].get("description_id")
    ]
    assert not offenders


def test_every_documented_column_is_described(models: list[dict]) -> None:
    assert not [
        f"{model['name']}.{name}"
        for model in models
        for name, column in model["columns"].items()
        if not column["description"]
    ]


def test_every_model_with_a_window_or_case_has_a_unit_test(manifest: dict, models: list[dict]) -> None:
    tested = {node["model"] for node in manifest["unit_tests"].values()}
    assert tested
    needing = {model["name"] for model in models if WINDOW_OR_CASE.search(model["raw_code"])}
    assert needing
    assert needing - tested == set()


def test_no_model_reads_the_clock_or_takes_every_column_into_a_mart(models: list[dict]) -> None:
    clock = re.compile(r"current_date|current_timestamp|now\(\)|run_started_at", re.IGNORECASE)
    assert not [model["name"] for model in models if clock.search(model["raw_code"])]
    outer = re.compile(r"^select\s+(\*|\w+\.\*)", re.IGNORECASE | re.MULTILINE)
    assert not [m["name"] for m in models if layer(m["unique_id"]) == "marts" and outer.search(m["raw_code"])]


def test_columns_that_name_somebody_are_never_in_the_open_tier(models: list[dict]) -> None:
    from include.publication.policy import read_policy

    personal = {
        (model["name"], name)
        for model in models
        for name, column in model["columns"].items()
        if column["config"]["meta"].get("pii")
    }
    assert personal
    policy = PROJECT / "include" / "publication" / "publication_policy.csv"
    published = {(mart.name, column) for mart in read_policy(policy, "open") for column in mart.columns}
    assert published
    assert not personal & published


def test_the_macros_list_the_contracts_columns(manifest: dict, models: list[dict]) -> None:
    for name, columns in (
        ("stg_field__documents", contract.FAMILY_COLUMNS),
        ("stg_field__persons", contract.PERSON_COLUMNS),
    ):
        (code,) = [m.get("compiled_code") or "" for m in models if m["name"] == name]
        recoded = code[code.index("recoded as (") : code.index("from source\n)")]
        written = re.findall(r"as (\w+),?\s*$", recoded, re.MULTILINE)
        assert tuple(written) == columns, name
