"""The compose file: valid, complete against the settings, and without a secret of its own."""

import copy
import json
import operator
import re
from functools import reduce
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for
from pydantic_core import PydanticUndefined

from include.settings import PREFIX, PROJECT, Settings

COMPOSE_TEXT = (PROJECT / "docker-compose.yaml").read_text(encoding="utf-8")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
IN_COMMENTS = set(re.findall(r"(?m)^#([A-Z_]+)=", (PROJECT / ".env.example").read_text(encoding="utf-8")))
SETTINGS = {f"{PREFIX}{name.upper()}": field for name, field in Settings.model_fields.items()}
PASSED_THROUGH = str(None)
AIRFLOW_SERVICES = {"airflow-init", "api-server", "scheduler", "dag-processor", "triggerer"}
SECRET_NAME = re.compile(r"PASSWORD|SECRET|CONN$|KEY$|TOKEN")
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?P<rest>:[?-][^}]*)?\}")

Document = dict[str, Any]


@pytest.fixture
def compose() -> Document:
    """A copy of the parsed compose file, so that a test may break it."""
    return copy.deepcopy(yaml.safe_load(COMPOSE_TEXT))


def schema_errors(document: Document) -> list[str]:
    """What the Compose specification's JSON schema, as check-jsonschema ships it, says against the document."""
    vendored = files("check_jsonschema.builtin_schemas.vendor") / "compose-spec.json"
    schema = json.loads(vendored.read_text(encoding="utf-8"))
    return [f"{error.json_path}: {error.message}" for error in validator_for(schema)(schema).iter_errors(document)]


def environments(document: Document) -> list[tuple[str, str, str]]:
    """Every environment entry as (service, name, value)."""
    return [
        (service, name, str(value))
        for service, definition in document["services"].items()
        for name, value in definition.get("environment", {}).items()
    ]


def test_compose_file_is_valid(compose: Document) -> None:
    assert schema_errors(compose) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("services", "scheduler", "restrat"), "always"),
        (("services", "scheduler", "command"), 7),
        (("services", "postgres", "healthcheck", "interval"), ["10s"]),
        (("services", "scheduler", "depends_on", "postgres", "condition"), "soon"),
    ],
)
def test_schema_refuses_a_broken_compose_file(compose: Document, path: tuple[str, ...], value: object) -> None:
    reduce(operator.getitem, path[:-1], compose)[path[-1]] = value
    assert schema_errors(compose)


def test_every_setting_is_in_compose_and_nothing_else(compose: Document) -> None:
    passed_on = {name for service, name, _ in environments(compose) if name.startswith(PREFIX)}
    assert passed_on == set(SETTINGS)


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert {name for name in EXAMPLE if name.startswith(PREFIX)} == set(SETTINGS)


def test_every_variable_of_compose_is_in_the_example_and_nothing_else() -> None:
    assert {match["name"] for match in VARIABLE.finditer(COMPOSE_TEXT)} == set(EXAMPLE)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_required_or_has_the_default_of_the_code(compose: Document, name: str) -> None:
    value = compose["services"]["scheduler"]["environment"][name]
    default = SETTINGS[name].default
    # The key of pseudonyms may stand in the keys file of a first look; a stack must bring its own.
    if default is PydanticUndefined or default is None:
        assert re.fullmatch(rf"\$\{{{name}:\?.+\}}", value)
    else:
        assert value == f"${{{name}:-{default}}}".replace(str(PROJECT), "/opt/regsosek")


def test_the_credentials_of_s3_pass_through_to_the_scheduler_and_none_is_written_down(compose: Document) -> None:
    passed = [(service, name, value) for service, name, value in environments(compose) if name.startswith("AWS_")]
    # Compose passes on what has no value here if the environment or .env has it, and leaves it unset otherwise.
    assert [(service, value) for service, _, value in passed] == [("scheduler", PASSED_THROUGH)] * len(passed)
    assert {name for _, name, _ in passed} == IN_COMMENTS
    assert "AWS_SECRET_ACCESS_KEY" in IN_COMMENTS


def test_census_data_and_settings_reach_the_scheduler_only(compose: Document) -> None:
    with_settings = {service for service, name, _ in environments(compose) if name.startswith(PREFIX)}
    with_data = {name for name, service in compose["services"].items() if "/data/" in json.dumps(service["volumes"])}
    assert with_settings == with_data == {"scheduler", "triggerer"}


def test_the_triggerer_sees_the_events_that_land_and_nothing_else_of_the_data(compose: Document) -> None:
    watch = compose["services"]["triggerer"]
    assert {name for name in watch["environment"] if name.startswith(PREFIX)} == {f"{PREFIX}LANDING"}
    (data,) = [volume for volume in watch["volumes"] if volume != "logs:/opt/airflow/logs"]
    assert data["target"] == f"{EXAMPLE[f'{PREFIX}LANDING']}/events"
    assert data["source"].endswith("}/events")
    assert data["read_only"] is True


def test_folders_of_the_example_are_mounted_and_landing_is_read_only(compose: Document) -> None:
    volumes = compose["services"]["scheduler"]["volumes"]
    landing = next(volume for volume in volumes if isinstance(volume, dict))
    assert landing["target"] == EXAMPLE["REGSOSEK_LANDING"]
    assert landing["read_only"] is True
    mounted = {volume.split(":")[1] for volume in volumes if isinstance(volume, str)}
    for name in ("RAW", "PUBLISHED", "STATE", "SCRATCH"):
        assert EXAMPLE[PREFIX + name] in mounted
    assert EXAMPLE[f"{PREFIX}WAREHOUSE"].rpartition("/")[0] in mounted


def test_no_secret_is_written_down(compose: Document) -> None:
    named = [(name, value) for _, name, value in environments(compose) if SECRET_NAME.search(name)]
    secrets = [(name, value) for name, value in named if value != PASSED_THROUGH]
    assert {"POSTGRES_PASSWORD", "AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"} <= {
        n for n, _ in secrets
    }
    for name, value in secrets:
        variables = list(VARIABLE.finditer(value))
        assert [v["rest"][:2] for v in variables] == [":?"], f"{name} must come from one required variable"
        assert EXAMPLE[variables[0]["name"]] == "", f"{variables[0]['name']} has a default in .env.example"
    assert not re.search(r"://\w+:[^$@/]+@", COMPOSE_TEXT), "a URL holds a password"


def test_the_services_are_there_and_airflow_is_one_image(compose: Document) -> None:
    services = compose["services"]
    assert set(services) == AIRFLOW_SERVICES | {"postgres"}
    assert re.fullmatch(r"postgres:\d+\.\d+", services["postgres"]["image"])
    assert {services[name]["image"] for name in AIRFLOW_SERVICES} == {"regsosek:local"}
    lasting = [service for name, service in services.items() if name != "airflow-init"]
    assert all("healthcheck" in service and service["restart"] == "unless-stopped" for service in lasting)


def test_airflow_runs_with_the_local_executor_and_one_warehouse_slot(compose: Document) -> None:
    services = compose["services"]
    assert {services[n]["environment"]["AIRFLOW__CORE__EXECUTOR"] for n in AIRFLOW_SERVICES} == {"LocalExecutor"}
    assert re.search(r"airflow pools set warehouse 1 ", services["airflow-init"]["command"][-1])
    assert all(n == "airflow-init" or "airflow-init" in services[n]["depends_on"] for n in AIRFLOW_SERVICES)


def test_ports_are_bound_to_this_host(compose: Document) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert ports == {"api-server": ["127.0.0.1:${AIRFLOW_PORT:-8080}:8080"]}


def test_the_image_holds_the_project_but_no_data_and_runs_without_root() -> None:
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*"
    assert {"!requirements.txt", "!dags", "!include", "!dbt_project", "!expectations"} <= set(ignored)
    instructions = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in instructions if line.startswith("USER")] == ["USER regsosek"]
