"""An export's rows as the contract's documents and persons, each under its document's id."""

import re
import uuid

from include.contract import FAMILY_COLUMNS, PERSON_COLUMNS
from include.intake.exports.convert import Converted, convert
from include.intake.exports.mapping import Mapping
from include.intake.exports.persons import wide_columns
from include.intake.exports.source import Source

_UUID = re.compile(
    r"(?:uuid:)?([0-9a-fA-F]{8})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{12})"
)


def document_id(mapping_id: str, written: str) -> str:
    """Give a document's UUID: the tool's own, or one made of mapping and key, the same whenever both are the same."""
    own = _UUID.fullmatch(written.strip())
    if own or not written.strip():
        return "-".join(own.groups()) if own else ""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"regsosek-upload/1/exports/{mapping_id}/{written.strip()}"))


def families_of(mapping: Mapping, source: Source) -> Converted:
    """Convert the families.

    Raises:
        BundleRejected: MISSING_COLUMN.
    """
    part, meta = mapping.families, mapping.meta
    known = {*part.ignore, *part.key, *part.skip, *filter(None, [meta.device_id])}
    known |= {meta.uploaded_at.source} if meta.uploaded_at and meta.uploaded_at.source else set()
    known |= wide_columns(source.families, mapping.persons) if mapping.persons.wide else set()
    families = convert(source.families, part.sources(), FAMILY_COLUMNS, known, mapping)
    ids = families.columns["submission_id"]
    families.columns["submission_id"] = [document_id(mapping.id, written) for written in ids]
    return families


def persons_of(mapping: Mapping, source: Source, families: Converted) -> Converted:
    """Convert the persons: id and revision are those of the family row; an orphan's id is made of the key it names.

    Raises:
        BundleRejected: MISSING_COLUMN.
    """
    part = mapping.persons
    persons = convert(source.persons, part.sources(), PERSON_COLUMNS, {*part.ignore, *part.parent}, mapping)
    ids, revisions = families.columns["submission_id"], families.columns["revision"]
    owned = list(zip(source.owners, source.parents, strict=True))
    persons.columns["submission_id"] = [document_id(mapping.id, key) if row is None else ids[row] for row, key in owned]
    persons.columns["revision"] = ["" if row is None else revisions[row] for row, _ in owned]
    return persons
