"""MS-Keg, MS-Var and MS-Ind (Peraturan BPS 5/2020) of a snapshot, from its own data package: no clock, no row."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import yaml

from include.publication.csv_file import write_csv

FOLDER = "metadata"
_HERE = Path(__file__).parent
_VARIABLE = (
    "mart", "nama_variabel", "alias", "konsep", "definisi", "referensi_pemilihan", "referensi_waktu", "tipe_data",
    "klasifikasi_isian", "aturan_validasi", "kalimat_pertanyaan", "dapat_diakses_umum", "definition_en",
    "schema_version",
)  # fmt: skip
_INDICATOR = (
    "mart", "kolom", "nama_indikator", "konsep", "definisi", "interpretasi", "rumus", "pembilang", "penyebut", "ukuran",
    "satuan", "klasifikasi_penyajian", "indikator_komposit", "kegiatan_penghasil", "level_estimasi",
    "dapat_diakses_umum", "definition_en",
)  # fmt: skip


def write_forms(folder: Path, package: dict) -> None:
    """Write the three forms below ``folder/metadata``; the activity both as JSON and as CSV."""
    home = folder / FOLDER
    home.mkdir(exist_ok=True)
    activity = activity_form(package)
    (home / "ms-keg.json").write_text(json.dumps(activity, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = [(block, item, value) for block, items in activity.items() for item, value in items.items()]
    write_csv(home / "ms-keg.csv", ("blok", "rincian", "isian"), lines)
    write_csv(home / "ms-var.csv", _VARIABLE, variables(package))
    write_csv(home / "ms-ind.csv", _INDICATOR, indicators(package))


def activity_form(package: dict) -> dict[str, dict[str, str]]:
    """The activity: what stands in ``activity.yaml``, and of the snapshot its day, version and marts."""
    said = yaml.safe_load((_HERE / "activity.yaml").read_text(encoding="utf-8"))
    marts = [resource["name"] for resource in _marts(package)]
    said["terbitan"] = {
        "data_per_tanggal": package["lineage"]["as_of"],
        "versi": package["version"],
        "variabel_dikumpulkan": "lihat ms-var.csv",
        "tabel": " ".join(marts),
    }
    return said


def variables(package: dict) -> Iterable[list[str]]:
    """One line per published column."""
    for mart in _marts(package):
        key = mart["schema"]["primaryKey"]
        for field in mart["schema"]["fields"]:
            yield [
                mart["name"], field["name"], field["name"], mart["description_id"], field["description_id"],
                "Peraturan BPS 5/2020; kontrak tabel", f"sampai dengan {package['lineage']['as_of']}",
                field["data_type"], "", "unik per baris kunci" if field["name"] in key else "", "",
                _open_to_all(package), field["description"], mart["schema_version"],
            ]  # fmt: skip


def indicators(package: dict) -> Iterable[list[str]]:
    """One line per published share or error, with its formula."""
    known = read_indicators()
    for mart in _marts(package):
        levels = "menurut kunci tabel: " + " ".join(mart["schema"]["primaryKey"])
        for field in mart["schema"]["fields"]:
            if (said := known.get(field["name"])) is not None:
                yield [
                    mart["name"], field["name"], said["nama_indikator"], said["konsep"], field["description_id"],
                    said["interpretasi"], f"{said['pembilang']} / {said['penyebut']}", said["pembilang"],
                    said["penyebut"], "Rasio", said["satuan"], levels,
                    "Tidak", "Pendataan Awal Regsosek", said["level_estimasi"], _open_to_all(package),
                    field["description"],
                ]  # fmt: skip


def read_indicators() -> dict[str, dict[str, str]]:
    """What is said of each indicator, by the column that holds it."""
    with (_HERE / "indicators.csv").open(encoding="utf-8", newline="") as lines:
        return {line["column"]: line for line in csv.DictReader(lines)}


def _marts(package: dict) -> list[dict]:
    return [resource for resource in package["resources"] if "schema" in resource]


def _open_to_all(package: dict) -> str:
    return "Ya" if package["name"].endswith("-open") else "Tidak"
