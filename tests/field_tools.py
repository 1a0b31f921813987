"""The same families as each field tool would export them: what the mappings in the package are worked examples for."""

import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyreadstat
import xlsxwriter

from include.contract import FAMILY_COLUMNS, PERSON_COLUMNS

Row = dict[str, str]
Files = dict[str, bytes]

PLACE = [c for c in FAMILY_COLUMNS if c.startswith("r1")]
HOUSE = [c for c in FAMILY_COLUMNS if c.startswith("r30") or c == "r310"]
YES_NO = [f"r501{x}" for x in "abcdefg"] + [f"r502{x}" for x in "abcdefghijklmn"] + ["r503a", "r503b"]
PROGRAMME_DATES = [c for c in FAMILY_COLUMNS if c.startswith("r501") and c not in YES_NO]
PLAIN_ASSETS = [*(f"r504{x}" for x in "abcde"), "r505", "r506"]
VISIT = ["r202", "r203", "r204", "r205", "r206"]
ANSWERS = [*PLACE, *VISIT, *HOUSE, *YES_NO, *PROGRAMME_DATES, *PLAIN_ASSETS]
PERSON = list(PERSON_COLUMNS[2:])
PERSON_YES_NO = ["r410", "r416a", "r420a"]
SUMS = ["r411", "r426", "r431a", "r431f"]


def odk_central(families: list[Row], persons: list[Row]) -> Files:
    """CSV files of ODK Central, in its zip with a photo."""
    said, sex = {"1": "ya", "2": "tidak"}, {"1": "laki_laki", "2": "perempuan"}
    rows = [
        {
            "SubmissionDate": "2022-10-16T11:42:11.000Z", "start": f["started_at"], "end": f["ended_at"],
            **_named("tempat-", f, PLACE), **_named("rumah-", f, HOUSE), "kunjungan-pencacah": f["r202"],
            "kunjungan-pengawas": f["r204"], **_named("kunjungan-", f, ["r205", "r206"]),
            "kunjungan-lokasi-Latitude": f["latitude"], "kunjungan-lokasi-Longitude": f["longitude"],
            "kunjungan-lokasi-Altitude": "", "kunjungan-lokasi-Accuracy": f["accuracy_m"],
            **_recoded("program-", f, YES_NO[:7], said), **_named("program-", f, PROGRAMME_DATES),
            **_recoded("aset-", f, YES_NO[7:], said), **_named("aset-", f, PLAIN_ASSETS), "catatan": f["notes"],
            "meta-instanceID": _uuid(f), "KEY": _uuid(f), "SubmitterID": "5", "SubmitterName": "P", "Status": "",
            "AttachmentsPresent": "1", "AttachmentsExpected": "1", "ReviewState": "", "DeviceID": "TAB-00A1",
            "Edits": str(int(f["revision"]) - 1), "FormVersion": "1",
        }
        for f in families
    ]  # fmt: skip
    members = [
        {
            **p, **_recoded("", p, PERSON_YES_NO, said), **_recoded("", p, ["r405"], sex),
            **{c: _bits(p[c]) for c in SUMS}, "PARENT_KEY": _uuid(p), "KEY": f"{_uuid(p)}/anggota[{p['r401']}]",
        }
        for p in persons
    ]  # fmt: skip
    tables = {"regsosek_k.csv": rows, "regsosek_k-anggota.csv": _without(members, "submission_id", "revision")}
    return {"regsosek_k.csv.zip": zipped({n: delimited(t) for n, t in tables.items()} | {"media/1.jpg": b"\xff"})}


def kobotoolbox(families: list[Row], persons: list[Row], labels: bool = True) -> Files:
    """KoboToolbox's XLSX with labels for values, or with XML values."""
    said = {"1": "Ya", "2": "Tidak"} if labels else {}
    sex = {"1": "Laki-laki", "2": "Perempuan"} if labels else {}
    rows = [
        {
            "start": f["started_at"], "end": f["ended_at"], "tempat/kunjungan_ke": int(f["revision"]),
            **_named("tempat/", f, PLACE), **_named("kunjungan/", f, VISIT), **_named("rumah/", f, HOUSE),
            "kunjungan/lokasi": f"{f['latitude']} {f['longitude']} 0 {f['accuracy_m']}" if f["latitude"] else "",
            **_recoded("program/", f, YES_NO[:7], said), **_named("program/", f, PROGRAMME_DATES),
            **_recoded("aset/", f, YES_NO[7:], said), **_named("aset/", f, PLAIN_ASSETS), "catatan": f["notes"],
            "_id": 1000 + number, "_uuid": f["submission_id"], "_submission_time": "2022-10-16T11:42:11",
            "_validation_status": "", "_notes": "", "_status": "submitted_via_web", "_submitted_by": "",
            "__version__": "v1", "_tags": "", "_index": number,
        }
        for number, f in enumerate(families, start=1)
    ]  # fmt: skip
    number_of = {f["submission_id"]: number for number, f in enumerate(families, start=1)}
    members = [
        {
            **_named("anggota/", p, PERSON[1:]), **_recoded("anggota/", p, PERSON_YES_NO, said),
            **_recoded("anggota/", p, ["r405"], sex), "_index": number, "_parent_table_name": "REGSOSEK22-K",
            "_parent_index": number_of[p["submission_id"]], "_submission__uuid": p["submission_id"],
        }
        for number, p in enumerate(persons, start=1)
    ]  # fmt: skip
    return {"REGSOSEK22-K_-_latest_-_labels.xlsx": workbook({"REGSOSEK22-K": rows, "anggota": members})}


def survey_solutions(families: list[Row], persons: list[Row], actions: dict[str, list[int]] | None = None) -> Files:
    """Survey Solutions' zip of tab files; ``actions`` are codes of what was done, by submission id (completed once)."""
    key = {f["submission_id"]: f"12-34-56-{n:02d}" for n, f in enumerate(families, start=78)}
    missing = {"r302": "-999999999", "notes": "##N/A##"}
    rows = [
        {
            "interview__key": key[f["submission_id"]], "interview__id": f["submission_id"].replace("-", ""),
            "mulai": f["started_at"][:19], "selesai": f["ended_at"][:19], "lokasi__Latitude": f["latitude"],
            "lokasi__Longitude": f["longitude"], "lokasi__Accuracy": f["accuracy_m"], "lokasi__Altitude": "",
            "lokasi__Timestamp": "", **_named("", f, ANSWERS),
            **{c: f[c] or unanswered for c, unanswered in missing.items()}, "sssys_irnd": "0.5", "has__errors": "0",
            "interview__status": "100", "assignment__id": "3",
        }
        for f in families
    ]  # fmt: skip
    members = [
        {"interview__key": key[p["submission_id"]], "interview__id": p["submission_id"].replace("-", ""),
         "anggota__id": p["r401"], **_named("", p, PERSON[1:])}
        for p in persons
    ]  # fmt: skip
    done = [
        {"interview__key": key[f["submission_id"]], "interview__id": "", "date": "2022-10-16", "time": f"09:{n:02d}:00",
         "action": str(code), "originator": "u", "role": "1", "responsible__name": "u", "responsible__role": "1"}
        for f in families
        for n, code in enumerate((actions or {}).get(f["submission_id"], [1, 2, 3]))
    ]  # fmt: skip
    errors = [{"Variable": "r302", "Type": "question", "Roster": "", "interview__key": min(key.values()),
               "interview__id": "", "Message__Number": "1", "Message": "luas lantai?"}]  # fmt: skip
    tables = {
        "regsosek_k.tab": rows, "anggota.tab": members, "interview__actions.tab": done, "interview__errors.tab": errors
    }  # fmt: skip
    return {"regsosek_k_1_Tabular_All.zip": zipped({name: delimited(table, "\t") for name, table in tables.items()})}


def surveycto_wide(families: list[Row], persons: list[Row]) -> Files:
    """SurveyCTO's one CSV with persons side by side."""
    most = max(len(_of(f, persons)) for f in families)
    rows = []
    for f in families:
        people = dict(enumerate(_of(f, persons), start=1))
        wide = {f"{c}_{n}": people.get(n, {}).get(c, "") for n in range(1, most + 1) for c in PERSON[1:]}
        rows.append(_surveycto(f) | wide | {"anggota_count": str(len(people)), "SET-OF-anggota": _uuid(f) + "/anggota"})
    return {"REGSOSEK22-K_WIDE.csv": delimited(rows)}


def surveycto_long(families: list[Row], persons: list[Row]) -> Files:
    """SurveyCTO's CSV and one more for the repeat, with one date of birth."""
    members = [
        {**p, "tanggal_lahir": f"{date(int(p['r406y']), int(p['r406m']), int(p['r406d'])):%b %d, %Y} 12:00:00 AM",
         "KEY": f"{_uuid(p)}/anggota[{p['r401']}]", "PARENT_KEY": _uuid(p), "SET-OF-anggota": f"{_uuid(p)}/anggota"}
        for p in persons
    ]  # fmt: skip
    members = _without(members, "submission_id", "revision", "r406d", "r406m", "r406y")
    return {
        "REGSOSEK22-K.csv": delimited([_surveycto(f) for f in families]),
        "REGSOSEK22-K-anggota.csv": delimited(members),
    }


def stata(families: list[Row], persons: list[Row]) -> Files:
    """Two .dta files: yes and no and sexes by the office's own codes, which only the value labels explain."""
    office = {"1": "5", "2": "6"}
    number_of = _numbers(families)
    rows = [_statistical(f) | {"hhid": number_of[f["submission_id"]], "versi": f["revision"],
                               **_recoded("", f, YES_NO, office)} for f in families]  # fmt: skip
    members = [{**_named("", p, PERSON), "hhid": number_of[p["submission_id"]],
                **_recoded("", p, [*PERSON_YES_NO, "r405"], office)} for p in persons]  # fmt: skip
    yes_no, sex = {5: "Ya", 6: "Tidak"}, {5: "Laki-laki", 6: "Perempuan"}
    return {
        "keluarga.dta": _write(pyreadstat.write_dta, rows, dict.fromkeys(YES_NO, yes_no)),
        "anggota.dta": _write(pyreadstat.write_dta, members, dict.fromkeys(PERSON_YES_NO, yes_no) | {"r405": sex}),
    }


def spss(families: list[Row], persons: list[Row]) -> Files:
    """One .sav with persons side by side; 999 is declared missing in the floor area."""
    number_of = _numbers(families)
    rows = []
    for f in families:
        people = dict(enumerate(_of(f, persons), start=1))
        wide = {f"art{n}_{c}": people.get(n, {}).get(c, "") for n in (1, 2, 3) for c in PERSON[1:]}
        turned = {f"art{n}_r405": {"1": "2", "2": "1"}.get(wide[f"art{n}_r405"], "") for n in (1, 2, 3)}
        rows.append({**_statistical(f), "nomor": number_of[f["submission_id"]], **wide, **turned,
                     "r302": f["r302"] or "999"})  # fmt: skip
    labels = {f"art{n}_r405": {1: "Perempuan", 2: "Laki-laki"} for n in (1, 2, 3)}
    return {"regsosek.sav": _write(pyreadstat.write_sav, rows, labels, missing_ranges={"r302": [999]})}


def excel(families: list[Row], persons: list[Row]) -> Files:
    """A workbook kept by hand: numbers as numbers, days as days, a code without its zeros."""
    number_of = _numbers(families)
    rows = [
        {
            "No": int(number_of[f["submission_id"]]), "Versi": int(f["revision"]),
            "ID Sub-SLS": "".join(f[c] for c in PLACE[:5]), "Kepala Keluarga": f["r108"], "No Bangunan": int(f["r109"]),
            "No Keluarga": int(f["r110"]), "Tanggal": datetime.fromisoformat(f["r201"]),
            "Pencacah": f" {f['r202'].lower()} ",
            "Mulai": f["started_at"][:19], "Selesai": f["ended_at"][:19],
            **_named("", f, ["r106", "r107", "r111", "r112", "r113", "r114", "r115", *VISIT[1:]]),
            **_named("", f, [*HOUSE, *PROGRAMME_DATES, *PLAIN_ASSETS]), **_recoded("", f, YES_NO, {"1": "Y", "2": "T"}),
            "notes": f["notes"] or "-",
        }
        for f in families
    ]  # fmt: skip
    members = [{"No": int(number_of[p["submission_id"]]), **_named("", p, [c for c in PERSON if c != "r405"]),
                **_recoded("", p, PERSON_YES_NO, {"1": "ya", "2": "TIDAK"}),
                "L/P": {"1": "L", "2": "P"}.get(p["r405"], "")} for p in persons]  # fmt: skip
    return {"Rekap RT 01.xlsx": workbook({"Keluarga": rows, "Anggota": members})}


TOOLS: dict[str, Callable[[list[Row], list[Row]], Files]] = {
    "odk_central_k": odk_central, "kobotoolbox_k": kobotoolbox, "survey_solutions_k": survey_solutions,
    "surveycto_wide_k": surveycto_wide, "surveycto_long_k": surveycto_long, "stata_k": stata, "spss_k": spss,
    "excel_k": excel,
}  # fmt: skip


def delimited(rows: list[Row], delimiter: str = ",") -> bytes:
    """Rows as CSV or tab-separated text with a BOM."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def zipped(members: Files) -> bytes:
    """A deflated zip, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 10, 16, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def edited(files: Files, name: str, column: str, value: str) -> Files:
    """The files with a value put into the first row of one CSV, in a column that may be new (empty further down)."""
    (holder,) = files if len(files) == 1 else (name,)
    with zipfile.ZipFile(io.BytesIO(files[holder])) if holder != name else nullcontext() as archive:
        members = {n: archive.read(n) for n in archive.namelist()} if archive else dict(files)
    rows = list(csv.DictReader(io.StringIO(members[name].decode("utf-8-sig"), newline="")))
    members[name] = delimited([row | {column: value if n == 0 else row.get(column, "")} for n, row in enumerate(rows)])
    return {holder: zipped(members)} if holder != name else members


def workbook(sheets: dict[str, list[dict]]) -> bytes:
    """An XLSX, a sheet for each table; days become cells with a date format."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd", "strings_to_numbers": False})
    book.set_properties({"created": datetime(2022, 10, 16)})  # noqa: DTZ001 - a workbook's time has no zone
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, list(row.values()))
    book.close()
    return buffer.getvalue()


def _surveycto(f: Row) -> Row:
    moments = {
        name: datetime.fromisoformat(f[column]).strftime("%b %d, %Y %-I:%M:%S %p")
        for name, column in (("starttime", "started_at"), ("endtime", "ended_at"))
    }
    return {
        "SubmissionDate": "Oct 16, 2022 6:42:11 PM", **moments, "deviceid": "TAB-00A1",
        **_named("", f, [*ANSWERS, "notes"]),
        "lokasi-Latitude": f["latitude"], "lokasi-Longitude": f["longitude"], "lokasi-Altitude": "",
        "lokasi-Accuracy": f["accuracy_m"], "instanceID": _uuid(f), "formdef_version": "2210", "KEY": _uuid(f),
    }  # fmt: skip


def _statistical(f: Row) -> Row:
    plain = [*ANSWERS, "latitude", "longitude", "accuracy_m"]
    return {**_named("", f, [*plain, "notes"]), "mulai": f["started_at"][:19], "selesai": f["ended_at"][:19]}


def _write(write: Callable, rows: list[Row], labels: dict[str, dict], **more: object) -> bytes:
    texts = {"r106", "r107", "r108", "r113", "r114", "r202", "r204", "r206", "notes", "mulai", "selesai", "r203"}
    frame = pd.DataFrame(rows)
    for column in frame.columns:
        is_text = column in texts or column.endswith(("r402", "r403"))
        frame[column] = frame[column] if is_text else pd.to_numeric(frame[column])
    with TemporaryDirectory() as folder:
        write(frame, f"{folder}/file", variable_value_labels=labels, **more)
        return Path(folder, "file").read_bytes()


def _named(prefix: str, row: Row, columns: list[str]) -> Row:
    return {f"{prefix}{column}": row[column] for column in columns}


def _recoded(prefix: str, row: Row, columns: list[str], said: dict[str, str]) -> Row:
    return {f"{prefix}{column}": said.get(row[column], row[column]) for column in columns}


def _without(rows: list[Row], *columns: str) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]


def _numbers(families: list[Row]) -> dict[str, str]:
    return {f["submission_id"]: str(number) for number, f in enumerate(families, start=1)}


def _of(f: Row, persons: list[Row]) -> list[Row]:
    return [p for p in persons if p["submission_id"] == f["submission_id"]]


def _uuid(row: Row) -> str:
    return f"uuid:{row['submission_id']}"


def _bits(total: str) -> str:
    return " ".join(str(bit) for bit in (1, 2, 4, 8, 16, 32) if total.isdigit() and int(total) & bit) or total
