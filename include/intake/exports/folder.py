"""One mapping's folder of one arrival day: ``exports/D/<mapping id>/…`` to bundles."""

import hashlib
from datetime import date
from pathlib import Path

from include.intake.bundle import Bundle
from include.intake.exports.export import Arrived, read_export, rejected
from include.intake.exports.files import EXPORT_BYTES_MAX, is_wanted
from include.intake.exports.mapping_file import mapping_path, read_mapping
from include.intake.exports.source import patterns_of
from include.intake.finding import Finding
from include.intake.landing import LandedFile, Landing


def read_folder(
    landing: Landing, mapping_id: str, files: list[LandedFile], mappings: Path, arrival_day: date
) -> list[Bundle]:
    """Read one folder into bundles, at least one; bad content rejects the export and raises nothing.

    Raises:
        MappingError: the mapping's file is not valid, which is the operator's to mend.
    """
    path = mapping_path(mappings, mapping_id)
    mapping = read_mapping(path) if path else None
    wanted = [file for file in files if mapping and is_wanted(file.name, patterns_of(mapping))]
    size = sum(file.size for file in wanted)
    if path is None or mapping is None or size > EXPORT_BYTES_MAX:
        unread = Arrived(mapping_id, mapping, [], [f"{file.name} {file.size}" for file in files], arrival_day)
        too_large = Finding("TOO_LARGE", detail=f"{size} bytes to read, limit {EXPORT_BYTES_MAX}")
        return [rejected(unread, too_large)] if mapping else read_export(unread)
    contents = [(file.name, landing.read(file)) for file in wanted]
    digests = [hashlib.sha256(content).hexdigest() for content in [path.read_bytes(), *(c for _, c in contents)]]
    return read_export(Arrived(mapping_id, mapping, contents, digests, arrival_day))
