"""One flood over the kecamatan of the first enumerator, and who in it is known to be affected."""

import json
from datetime import timedelta

import numpy as np
import polars as pl

from include.simulation.columns import code_column
from include.simulation.draws import EMPTY
from include.simulation.families import MISSED, Families, Province
from include.simulation.people import People
from include.simulation.reference_data import kecamatan_box

EVENT_ID = "flood-01"
AFFECTED_COLUMNS = ("nik", "status", "status_date")
_STATUSES = {0: "confirmed", 1: "suspected", 2: "recovered", 3: "dead"}
_STATUS_WEIGHTS = {0: 0.55, 1: 0.32, 2: 0.125, 3: 0.005}
_AFFECTED_FAMILY_SHARE, _AFFECTED_PERSON_SHARE = 0.45, 0.85
_OCTAGON = ((0.3, 0.0), (0.7, 0.0), (1.0, 0.3), (1.0, 0.7), (0.7, 1.0), (0.3, 1.0), (0.0, 0.7), (0.0, 0.3))


def _kecamatan(province: Province) -> str:
    return str(province.place.column("bps_kecamatan_code")[0])


def event_text(province: Province) -> str:
    """`event.json`; the footprint is an octagon inside the kecamatan's bounding box (longitude, latitude)."""
    code = _kecamatan(province)
    name, south, west, north, east = kecamatan_box(code)
    ring = [[round(west + x * (east - west), 5), round(south + y * (north - south), 5)] for x, y in _OCTAGON]
    event = {
        "event_id": EVENT_ID,
        "type": "flood",
        "name": f"Banjir {name}",
        "started_on": (province.plan.first_day + timedelta(days=province.plan.days // 2)).isoformat(),
        "areas": [code],
        "footprint": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }
    return json.dumps(event, indent=1) + "\n"


def affected_persons(province: Province, families: Families, people: People) -> pl.DataFrame:
    """`affected.csv`: residents of these families who live in the flooded kecamatan, those missed included."""
    draws = province.draws
    flooded = (province.place.column("bps_kecamatan_code") == _kecamatan(province)).to_numpy()[families.enumerator]
    hit = flooded & (families.status % MISSED == 0) & draws.happens("flooded", families.key, _AFFECTED_FAMILY_SHARE)
    known = (people.left == 0) & (people.nik != EMPTY)
    affected = hit[people.family] & known & draws.happens("affected", people.key, _AFFECTED_PERSON_SHARE)
    at = np.flatnonzero(affected)
    status = draws.choice("affected status", people.key[at], _STATUS_WEIGHTS)
    day = (province.plan.last_day).isoformat()
    return pl.DataFrame(
        {
            "nik": code_column("nik", people.nik[at]),
            "status": pl.Series(status).replace_strict(_STATUSES, return_dtype=pl.String),
            "status_date": pl.Series([day]).new_from_index(0, len(at)),
        }
    ).select(AFFECTED_COLUMNS)
