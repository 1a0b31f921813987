"""A warehouse of two marts without dbt, for tests that ask what is published of them and how."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
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
_TYPES = {"int64": "integer", "string": "varchar", "date32[day]": "date"}


@dataclass
class Night:
    """What is to be published, and the settings that say where."""

    settings: Settings
    manifest: Path

    @property
    def published(self) -> Path:
        return self.settings.published

    @property
    def keys(self) -> Keys:
        return read_keys(self.settings.keys_file)

    def publish(
        self, as_of: str, corrections: list[dict[str, Any]], inputs: str = "", report: Report | None = None
    ) -> dict:
        """Publish with these corrections; ``inputs`` stands for whatever else landed."""
        tables = {OPEN: pa.Table.from_pylist(AREAS), CORRECTIONS: pa.Table.from_pylist(corrections, _schema())}
        with warehouse.opened(self.settings.warehouse) as connection:
            connection.execute("create schema if not exists marts")
            for name, table in tables.items():
                connection.register("given", table)
                connection.execute(f"create or replace table marts.{name} as from given")
        return publish_night({"uploads": inputs}, as_of, [], self.manifest, self.settings, report=report)

    def snapshot(self, tier: str = "operational") -> Path:
        """The live snapshot of a tier."""
        current = live(self.published)
        assert current
        return self.published / current["tiers"][tier]["path"]

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


def night_in(root: Path, pointed_at: Callable[..., Settings]) -> Night:
    """A night over a folder of a test's own, with a policy that publishes every column of both marts."""
    marts = {OPEN: pa.Table.from_pylist(AREAS).schema, CORRECTIONS: _schema()}
    policy = ["tier,mart,column,treatment"]
    for tier, mart in (("open", OPEN), ("operational", CORRECTIONS)):
        policy += [f"{tier},{mart},{column},as_is" for column in marts[mart].names]
    (root / "policy.csv").write_text("\n".join(policy) + "\n")
    nodes = {}
    for mart, grain in ((OPEN, ["kab_code"]), (CORRECTIONS, ["item_id"])):
        columns = {f.name: {"data_type": _TYPES[str(f.type)], "description": f.name} for f in marts[mart]}
        model = {"name": mart, "resource_type": "model", "schema": "marts", "description": mart, "columns": columns}
        test = {"name": "one_row_per", "kwargs": {"columns": grain}}
        nodes |= {mart: model, f"t.{mart}": {"resource_type": "test", "attached_node": mart, "test_metadata": test}}
    (root / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    return Night(pointed_at(root, publication_policy=root / "policy.csv"), root / "manifest.json")


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
