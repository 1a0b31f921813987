"""Read an export as intake does, from a landing folder of its own."""

from datetime import date
from pathlib import Path

from include.intake.arrival import arrival
from include.intake.bundle import Bundle
from include.intake.exports.folder import read_folder
from include.intake.exports.mapping_file import PACKAGED
from include.intake.landing import open_landing
from tests.builders import DAY, LandingZone
from tests.field_tools import Files


def read(root: Path, mapping_id: str, files: Files, mappings: Path = PACKAGED) -> list[Bundle]:
    """Put the files into the mapping's folder of the day, and read what lies there."""
    zone = LandingZone(root / "landing")
    for name, content in files.items():
        zone.write(f"exports/{DAY}/{mapping_id}/{name}", content)
    landing = open_landing(str(zone.root))
    (found,) = arrival(landing, DAY, mappings).exports.items()
    return read_folder(landing, *found, mappings, date.fromisoformat(DAY))
