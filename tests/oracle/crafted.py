"""What the simulator does not send: a frame that changed, lines nobody can use, corrections, more events."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from include.contract import AFFECTED_COLUMNS, HEADQUARTERS, PERSON_COLUMNS
from tests.builders import LandingZone, at, bundle_bytes, csv_bytes, family, person
from tests.oracle.documents import Document, received
from tests.oracle.landing import Row, rows_of, whole

FRAME_DAY, NEW_FRAME_DAY, LAST_ARRIVAL = "2022-10-01", "2022-10-18", "2022-10-17"
UNKNOWN_NIK = "3573015001809999"
UNKNOWN_KK = "3573011501809999"


def extend(landing: Path) -> None:
    """Add to a simulated landing zone; no file that the simulator sent from the field changes."""
    zone = LandingZone(landing)
    _late_bundle(zone)
    documents = received(landing)
    _new_frame(zone)
    _append(zone, f"consultations/{LAST_ARRIVAL}/fkp.csv", _consultation_lines(documents))
    older = dict(_line(next(d for d in documents if d.is_enumerated)), group_after="1")
    zone.write("consultations/2022-10-16/fkp.csv", csv_bytes([older], HEADQUARTERS["consultations"]["fkp"]))
    _append(zone, "programmes/2022-10/recipients.csv", _recipient_lines(documents))
    for month in ("2022-09", "2022-11"):
        lines = [{"programme": "PKH", "nik": UNKNOWN_NIK, "no_kk": kk} for kk in _numbers(documents, "r114")]
        zone.write(f"programmes/{month}/recipients.csv", csv_bytes(lines, HEADQUARTERS["programmes"]["recipients"]))
    _corrections(zone, documents)
    _events(zone, documents)


def _late_bundle(zone: LandingZone) -> None:
    """Three days late: a family whose members have all died or moved (F21 holds it), and two with answers missing."""
    first = rows_of((zone.root / "frame" / FRAME_DAY / "assignments.csv").read_bytes())[0]
    sub_sls, enumerator = first["idsubsls"], first["enumerator_id"]
    day = {"r201": "2022-10-15", "started_at": "2022-10-15T09:00:00+07:00", "ended_at": "2022-10-15T09:20:30+07:00"}
    families = [family(n, **at(sub_sls), **day, r202=enumerator, **more) for n, more in (
        (901, {"r112": "0"}), (902, {"r502c": "", "r302": ""}), (903, {"r305": "", "r111": "2"}),
    )]  # fmt: skip
    gone = dict.fromkeys(PERSON_COLUMNS[6:], "") | {"r404": "3"}
    persons = [person(901) | gone, person(902, r412=""), person(903, r405=1)]
    name = f"{sub_sls[:4]}_{enumerator}_20221015_90.zip"
    zone.write(f"uploads/{NEW_FRAME_DAY}/{name}", bundle_bytes(families, persons, enumerator_id=enumerator))
    where = {"bundle_name": name, "arrival_day": NEW_FRAME_DAY}
    _append(zone, "_truth/bundles.csv", [where | {"expected_outcome": "accepted"}])
    fates = [("held", "RULES"), ("accepted", ""), ("accepted", "")]
    _append(zone, "_truth/documents.csv", [
        where | {"row_number": str(n), "submission_id": one["submission_id"], "revision": "1",
                 "expected_outcome": outcome, "expected_reason": reason}
        for n, (one, (outcome, reason)) in enumerate(zip(families, fates, strict=True), start=1)
    ])  # fmt: skip


def _new_frame(zone: LandingZone) -> None:
    """From 18 October on: a sub-SLS split, one listed twice, one that expects what nobody can read, staff replaced."""
    tables = {file.stem: rows_of(file.read_bytes()) for file in sorted((zone.root / "frame" / FRAME_DAY).glob("*.csv"))}
    mine = {e: list(rows) for e, rows in groupby(tables["assignments"], key=lambda row: row["enumerator_id"])}
    _, splitting, twice, leaving, taking_over, dismissed, helped, helper, *_ = mine
    by_id = {row["idsubsls"]: row for row in tables["sub_sls"]}
    old, again, unreadable = mine[splitting][0]["idsubsls"], mine[twice][0]["idsubsls"], mine[twice][1]["idsubsls"]
    halves = [dict(by_id[old], idsubsls=f"{old[:-2]}{n}", expected_families="30") for n in ("91", "92")]
    tables["sub_sls"] = [row for row in tables["sub_sls"] if row["idsubsls"] != old] + halves
    tables["sub_sls"].append(dict(by_id[again], expected_families="400"))
    by_id[unreadable] |= {"expected_families": "empat puluh", "urban_rural": ""}
    tables["assignments"] += [dict(mine[splitting][0], idsubsls=half["idsubsls"]) for half in halves]
    tables["assignments"] += [dict(row, enumerator_id=taking_over, valid_from=NEW_FRAME_DAY) for row in mine[leaving]]
    for row in mine[leaving]:
        row["valid_to"] = LAST_ARRIVAL
    tables["assignments"].append(dict(mine[helped][0], enumerator_id=helper))
    tables["staff"] = [row for row in tables["staff"] if row["staff_id"] != dismissed]
    for name, rows in tables.items():
        zone.write(f"frame/{NEW_FRAME_DAY}/{name}.csv", csv_bytes(rows, HEADQUARTERS["frame"][name]))


def _line(document: Document, **changes: str) -> Row:
    place, building, family = document.key
    return {
        "idsubsls": place, "r109": str(building), "r110": f"{family:03d}", "group_before": "2", "group_after": "4",
        "reason": "UJI, MUSYAWARAH", "decided_by": "MUSYAWARAH DESA",
    } | changes  # fmt: skip


def _consultation_lines(documents: list[Document]) -> list[Row]:
    """A line of every status, and families moved far in both directions."""
    sound = [d for d in documents if d.outcome == "accepted" and d.is_enumerated and d.residents]
    held = next(d for d in documents if d.is_held and d.is_enumerated)
    unreached = next(d for d in documents if d.outcome == "accepted" and not d.is_enumerated)
    moved = [_line(d, group_after=str(1 + n % 4)) for n, d in enumerate(sound[40:400:9])]
    return [
        *moved, _line(held), _line(unreached), dict(moved[0], group_after="1"), dict(moved[1], group_after="5"),
        dict(moved[2], r109="1000"), dict(moved[3], r110="dua"), dict(moved[4], idsubsls="35"),
        dict(moved[5], group_before=""), dict(moved[6], r109="999"),
    ]  # fmt: skip


def _recipient_lines(documents: list[Document]) -> list[Row]:
    """Lines as offices write them, and village fund aid for the poor wherever they live and whatever they get."""
    sound = [d for d in documents if d.is_enumerated and not d.is_held]
    nik, kk = _numbers(sound, "r403"), _numbers(sound, "r114")
    lines = [
        (" pkh ", f" {nik[50]} ", ""), ("BPNT", nik[60], ""), ("PIP", "", ""), ("PKH", "12", "3,57E+15"),
        ("Sembako", "", kk[70]), ("PBI_JKN", UNKNOWN_NIK, UNKNOWN_KK), ("BLT_DD", kk[80], nik[80]), ("", nik[90], ""),
        *(("BLT_DD", "", one) for one in _numbers(filter(_looks_poor, sound), "r114")[:60]),
    ]  # fmt: skip
    return [dict(zip(("programme", "nik", "no_kk"), line, strict=True)) for line in lines]


def _looks_poor(document: Document) -> bool:
    """Many at a wood fire."""
    return whole(document.answers["r308"]) == 10 and len(document.residents) >= 5


def _numbers(documents: Iterable[Document], column: str) -> list[str]:
    rows = [row for d in documents if d.is_enumerated for row in ([d.answers] if column == "r114" else d.residents)]
    return [row[column] for row in rows if len(row[column]) == 16]


def _corrections(zone: LandingZone, documents: list[Document]) -> None:
    """An answer of a family, one of a person, one no longer as decided, and a family that loses its numbers."""
    sound = [d for d in documents if d.outcome == "accepted" and d.residents]
    told, stale, ill = sound[5], sound[6], sound[7]
    nameless = next(d for d in sound if _looks_poor(d))
    lines = [
        (told, "", "r302", "9"), (stale, "", "r302", "9"), (ill, ill.residents[0]["r401"], "r430", "5"),
        (nameless, "", "r114", ""), (nameless, "", "r115", ""),
        *((nameless, person["r401"], "r403", "") for person in nameless.persons if person["r403"]),
    ]  # fmt: skip
    rows = [_logged(document, line, variable, new) for document, line, variable, new in lines]
    rows[1]["old_value"] = "996"
    content = csv_bytes(rows, HEADQUARTERS["corrections"]["corrections"])
    zone.write(f"corrections/{NEW_FRAME_DAY}/corrections.csv", content)


def _logged(document: Document, line: str, variable: str, new: str) -> Row:
    said = next((p for p in document.persons if line and p["r401"] == line), document.answers)
    return {
        "submission_id": document.answers["submission_id"].upper(), "revision": document.answers["revision"],
        "line": line, "variable": variable, "old_value": f" {said[variable]} ", "new_value": new,
        "decided_by": "KOSEKA 07", "decided_at": "2022-10-18T09:15:00+07:00", "reason": "uji",
    }  # fmt: skip


def _events(zone: LandingZone, documents: list[Document]) -> None:
    """Beside the simulated flood: a polygon with a hole, two polygons, areas alone, a list alone."""
    desa = [
        list(group) for _, group in groupby((d for d in documents if d.is_enumerated), key=lambda d: d.idsubsls[:10])
    ]
    places = sorted((group for group in desa if len(group) > 4), key=len)[-4:]
    first, second, third, _ = ([d.answers for d in group] for group in places)
    nik = _numbers((d for group in places for d in group), "r403")
    hole = {"type": "Polygon", "coordinates": [_box(first, 0.001), _box(first[1:3], 0.0001)]}
    both = {"type": "MultiPolygon", "coordinates": [[_box(second, 0.0)], [_box(third, 0.001)]]}
    zone.shock("hole", areas=[places[1][0].idsubsls[:7], "9999"], footprint=hole, affected=[
        _listed(nik[0], "suspected", "2022-10-18"), _listed(nik[0], "dead", "2022-10-17"), _listed("12"),
        _listed(f" {nik[1]} ", "dead"), _listed(nik[2], "recovered", "kemarin"), _listed(nik[2], "suspected", ""),
        _listed(UNKNOWN_NIK), _listed(""), _listed(nik[-1], "recovered"), _listed(nik[-2]),
        *(_listed(one, "recovered") for one in _shared(documents)),
    ])  # fmt: skip
    zone.shock("two_parts", areas=None, footprint=both)
    zone.shock("quake", areas=[places[3][0].idsubsls[:10], places[2][0].idsubsls[:14]], type="earthquake")
    zone.shock("outbreak", areas=[], affected=[_listed(one) for one in nik[:40:3]], type="outbreak")


def _shared(documents: list[Document]) -> list[str]:
    """NIK that two residents bear."""
    borne = _numbers(documents, "r403")
    return sorted({nik for nik in borne if borne.count(nik) > 1})


def _listed(nik: str, status: str = "confirmed", day: str = LAST_ARRIVAL) -> Row:
    return dict(zip(AFFECTED_COLUMNS, (nik, status, day), strict=True))


def _box(documents: list[Row], margin: float) -> list[list[float]]:
    """A ring around the points of some families."""
    x, y = ([float(d[c]) for d in documents if d[c]] for c in ("longitude", "latitude"))
    west, east, south, north = min(x) - margin, max(x) + margin, min(y) - margin, max(y) + margin
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _append(zone: LandingZone, path: str, lines: list[Row]) -> None:
    rows = rows_of((zone.root / path).read_bytes()) + lines
    zone.write(path, csv_bytes(rows, tuple(rows[0])))
