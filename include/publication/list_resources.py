"""What a data package says of the lists that lie beside the marts."""

from pathlib import Path

from include.publication.list_order import SUPERVISORS
from include.publication.list_orders import DESA_MARTS, SUPERVISOR_LIST

_NAMES = {SUPERVISORS: SUPERVISOR_LIST} | {mart: f"{mart}_of_desa" for mart in DESA_MARTS}
_TEXTS = {
    SUPERVISORS: (
        "What each supervisor has to see to: one workbook in one encrypted zip",
        "Yang perlu ditindaklanjuti tiap pengawas: satu buku kerja dalam satu zip terenkripsi",
    ),
    "desa_follow_up": (
        "What each desa has to see to: a workbook and a PDF in one encrypted zip, and the rows as encrypted Parquet",
        "Yang perlu ditindaklanjuti tiap desa/kelurahan: buku kerja dan PDF dalam satu zip terenkripsi, serta Parquet"
        " terenkripsi",
    ),
    "shock_affected_family": (
        "Families of each desa that an event hits: a workbook and a PDF in one encrypted zip, and encrypted Parquet",
        "Keluarga terdampak di tiap desa/kelurahan: buku kerja dan PDF dalam satu zip terenkripsi, serta Parquet"
        " terenkripsi",
    ),
}


def list_resources(folder: Path, paths: dict[str, str]) -> list[dict]:
    """Describe the lists of every mart that gave some; ``of`` names the mart."""
    of_mart = {mart: sorted(path for path in paths if _mart_of(path) == mart) for mart in _NAMES}
    made = [_resource(folder, mart, files) for mart, files in of_mart.items() if files]
    return sorted(made, key=lambda resource: resource["name"])


def _mart_of(path: str) -> str:
    return SUPERVISORS if path.startswith(f"{SUPERVISOR_LIST}/") else Path(path).stem


def _resource(folder: Path, mart: str, paths: list[str]) -> dict:
    english, indonesian = _TEXTS[mart]
    return {
        "name": _NAMES[mart],
        "of": mart,
        "title": _NAMES[mart],
        "description": english,
        "description_id": indonesian,
        "format": "zip",
        "mediatype": "application/zip",
        "path": paths,
        "byte_count": sum((folder / path).stat().st_size for path in paths),
    }
