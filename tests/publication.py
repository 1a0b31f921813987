"""A warehouse of two marts without dbt, for tests that ask what is published of them and how."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pyzipper

from include import warehouse
from include.publication.edition import Report
from include.publication.keys import Keys, password, read_keys
from include.publication.pointer import live
from include.publication.publish import publish_night
from include.settings import Settings
from tests.builders import correction

OPEN, CORRECTIONS = "area_total", "correction_list"
AREAS = [{"kab_code": code, "families": families} for code, families in (("35", 300), ("3507", 200), ("3573", 100))]
_TYPES = {"int64": "bigint", "int32": "integer", "string": "varchar", "date32[day]": "date"}


@dataclass
class Night:
    """What is to be published, and the settings that say where."""

    settings: Settings
    manifest: Path
    more: dict[str, tuple[pa.Schema, list[str]]] = field(default_factory=dict)

    @property
    def published(self) -> Path:
        return self.settings.published

    @property
    def keys(self) -> Keys:
        return read_keys(self.settings.keys_file)

    def publish(
        self,
        as_of: str,
        corrections: list[dict[str, Any]],
        inputs: str = "",
        follow_up: list[dict[str, Any]] | None = None,
        report: Report | None = None,
    ) -> dict:
        """Publish with these corrections, and items of the desa; ``inputs`` stands for whatever else landed."""
        tables = {OPEN: pa.Table.from_pylist(AREAS), CORRECTIONS: pa.Table.from_pylist(corrections, _schema())}
        tables |= {mart: pa.Table.from_pylist(follow_up or [], schema) for mart, (schema, _) in self.more.items()}
        with warehouse.opened(self.settings.warehouse) as connection:
            connection.execute("create schema if not exists marts")
            for name, table in tables.items():
                connection.register("given", table)
                connection.execute(f"create or replace table marts.{name} as from given")
        return publish_night({"uploads": inputs}, as_of, [], self.manifest, self.settings, report=report)

    def change_contract(self, mart: str, change: Callable[[dict], None], policy: Callable[[str], str] = str) -> None:
        """Change a mart's node of the manifest, and the lines of the policy."""
        said = json.loads(self.manifest.read_text())
        change(said["nodes"][mart])
        self.manifest.write_text(json.dumps(said))
        path = self.settings.publication_policy
        path.write_text(policy(path.read_text()))

    def set_versions(self, **versions: str) -> None:
        """Say at which schema version marts are."""
        lines = [f"{mart},{version},\n" for mart, version in versions.items()]
        self.settings.schema_versions.write_text("mart,version,change\n" + "".join(lines))

    def snapshot(self, tier: str = "operational") -> Path:
        """The live snapshot of a tier."""
        current = live(self.published)
        assert current
        return self.published / current["tiers"][tier]["path"]

    def package(self, tier: str = "operational") -> dict[str, Any]:
        """What the live snapshot of a tier says of itself."""
        return json.loads((self.snapshot(tier) / "datapackage.json").read_text())

    def read(self, kab_code: str, key: bytes | None = None) -> list[dict[str, Any]]:
        """A kab/kota's corrections as pyarrow reads them, with its own key or another."""
        part = self.snapshot() / CORRECTIONS / f"kab_code={kab_code}" / "part-0.parquet"
        return decrypted(part.read_bytes(), key or self.keys.of(kab_code)).to_pylist()

    def read_in_duckdb(self, kab_code: str, key: bytes | None = None) -> list[tuple]:
        """The same as DuckDB reads them: item and head of family."""
        return read_in_duckdb(self.snapshot() / CORRECTIONS / f"kab_code={kab_code}", key or self.keys.of(kab_code))

    def unzipped(self, path: str, kab_code: str) -> dict[str, bytes]:
        """The members of a supervisor's zip below the operational snapshot."""
        file = self.snapshot() / path
        with pyzipper.AESZipFile(file) as archive:
            archive.setpassword(password(self.keys.of(kab_code), file.stem).encode())
            return {name: archive.read(name) for name in archive.namelist()}


def night_in(
    root: Path, pointed_at: Callable[..., Settings], more: dict[str, tuple[pa.Schema, list[str]]] | None = None
) -> Night:
    """A night over a folder of a test's own, with a policy that publishes every column of both marts.

    ``more`` marts of the operational tier have their columns and their grain.
    """
    more = more or {}
    marts = {OPEN: pa.Table.from_pylist(AREAS).schema, CORRECTIONS: _schema()} | {n: m[0] for n, m in more.items()}
    policy = ["tier,mart,column,treatment"]
    for tier, mart in (("open", OPEN), ("restricted", OPEN), *(("operational", name) for name in (CORRECTIONS, *more))):
        policy += [f"{tier},{mart},{column},as_is" for column in marts[mart].names]
    (root / "policy.csv").write_text("\n".join(policy) + "\n")
    nodes = {}
    grains = {OPEN: ["kab_code"], CORRECTIONS: ["item_id"]} | {name: grain for name, (_, grain) in more.items()}
    for mart, grain in grains.items():
        columns = {f.name: {"data_type": _TYPES[str(f.type)], "description": f.name} for f in marts[mart]}
        model = {"name": mart, "resource_type": "model", "schema": "marts", "description": mart, "columns": columns}
        test = {"name": "one_row_per", "kwargs": {"columns": grain}}
        nodes |= {mart: model, f"t.{mart}": {"resource_type": "test", "attached_node": mart, "test_metadata": test}}
    (root / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    (root / "versions.csv").write_text("mart,version,change\n")
    settings = pointed_at(root, publication_policy=root / "policy.csv", schema_versions=root / "versions.csv")
    return Night(settings, root / "manifest.json", more)


def decrypted(content: bytes, key: bytes) -> pa.Table:
    """A partition read with a key."""
    properties = pe.create_decryption_properties(footer_key=key)
    return pq.read_table(io.BytesIO(content), decryption_properties=properties)


def read_in_duckdb(folder: Path, key: bytes) -> list[tuple]:
    """Item and head of family of a partition of corrections, read with a key."""
    with duckdb.connect() as connection:
        connection.execute(f"pragma add_parquet_key('kab', '{base64.b64encode(key).decode()}')")
        return connection.execute(
            f"select item_id, head_name from read_parquet('{folder}/*.parquet',"
            " encryption_config = {footer_key: 'kab'}, hive_types = {'kab_code': varchar}) order by all"
        ).fetchall()


def _schema() -> pa.Schema:
    return pa.Table.from_pylist([correction()]).schema
