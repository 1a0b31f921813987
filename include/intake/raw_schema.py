"""Columns of the raw tables: lineage typed, everything a person wrote as text."""

import pyarrow as pa

from include.contract import AFFECTED_COLUMNS, EVENTS, FAMILY_COLUMNS, HEADQUARTERS, PERSON_COLUMNS


def _texts(names: tuple[str, ...]) -> list[pa.Field]:
    return [pa.field(name, pa.string()) for name in names]


_LINEAGE = [
    pa.field("arrival_day", pa.date32()),
    pa.field("bundle_sha256", pa.string()),
    pa.field("bundle_name", pa.string()),
]
_ROW = pa.field("row_number", pa.int32())
_VERSION = pa.field("form_version", pa.string())
_UNKNOWN = pa.field("unknown_columns", pa.string())

BUNDLES = pa.schema([
    *_LINEAGE,
    pa.field("size_bytes", pa.int64()),
    *_texts(("named_kab_code", "named_enumerator_id")),
    pa.field("named_field_day", pa.date32()),
    *_texts(("enumerator_id", "supervisor_id", "device_id", "form_version", "uploaded_at")),
])  # fmt: skip
BUNDLE_FINDINGS = pa.schema([*_LINEAGE, *_texts(("reason", "member")), _ROW, *_texts(("detail",))])
DOCUMENTS = pa.schema([*_LINEAGE, _ROW, _VERSION, *_texts(FAMILY_COLUMNS), _UNKNOWN])
PERSONS = pa.schema([*_LINEAGE, _ROW, _VERSION, *_texts(PERSON_COLUMNS), _UNKNOWN])

_SNAPSHOT = [pa.field("snapshot_day", pa.date32()), _ROW]


def headquarters(kind: str, file: str) -> pa.Schema:
    """Columns of one headquarters' table: the snapshot's day, the row, then the contract's columns as text."""
    return pa.schema([*_SNAPSHOT, *_texts(HEADQUARTERS[kind][file])])


_EVENT = pa.field("event_id", pa.string())
EVENT_TABLES = {
    "events": pa.schema([_EVENT, *_texts(("type", "name", "started_on", "content_sha256"))]),
    "event_areas": pa.schema([_EVENT, pa.field("area_number", pa.int32()), *_texts(("area_code",))]),
    # WGS 84, degrees; one row per side of a ring. Holes are rings of their polygon, from ring 2 on.
    "event_edges": pa.schema([
        _EVENT,
        *[pa.field(name, pa.int32()) for name in ("polygon_number", "ring_number", "edge_number")],
        *[pa.field(name, pa.float64()) for name in ("lon1", "lat1", "lon2", "lat2")],
    ]),
    "event_affected": pa.schema([_EVENT, _ROW, *_texts(AFFECTED_COLUMNS)]),
    "event_findings": pa.schema([
        _EVENT, pa.field("finding_number", pa.int32()), *_texts(("reason", "member")), _ROW, *_texts(("detail",)),
    ]),
}  # fmt: skip

# Every raw table: its folder in the raw store, its file, its columns.
TABLES: dict[str, tuple[str, str, pa.Schema]] = (
    {
        "bundles": ("uploads", "bundles", BUNDLES),
        "bundle_findings": ("uploads", "bundle_findings", BUNDLE_FINDINGS),
        "documents": ("uploads", "documents", DOCUMENTS),
        "persons": ("uploads", "persons", PERSONS),
    }
    | {
        f"{kind}_{file}": (kind, file, headquarters(kind, file))
        for kind, files in HEADQUARTERS.items()
        for file in files
    }
    | {table: (EVENTS, table, columns) for table, columns in EVENT_TABLES.items()}
)
