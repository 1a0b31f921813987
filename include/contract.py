"""The upload contract ``regsosek-upload/1``: its names, columns and members, and nothing that acts on them.

Source: the upload contract (docs/upload-contract.md); variable codes are those of form REGSOSEK22-K.
"""

import re

CONTRACT = "regsosek-upload/1"
FORM_VERSIONS = ("K-2022-final", "K-2022-draft")

MANIFEST_MEMBER = "manifest.json"
FAMILY_MEMBER = "keluarga.csv"
PERSON_MEMBER = "anggota.csv"
MANIFEST_KEYS = ("contract", "form_version", "enumerator_id", "supervisor_id", "device_id", "uploaded_at", "files")

BUNDLE_NAME = re.compile(
    r"(?P<kab_code>\d{4})_(?P<enumerator_id>[A-Za-z0-9]+)_(?P<field_day>\d{8})_(?P<sequence>\d{2})\.zip",
    re.ASCII,
)

_IDENTITY = "submission_id revision is_deleted"
_PLACE = "r101 r102 r103 r104 r105 r106 r107 r108 r109 r110 r111 r112 r113 r114 r115"
_VISIT = "r201 r202 r203 r204 r205 r206 started_at ended_at latitude longitude accuracy_m photo_sha256"
_HOUSING = "r301a r301b r302 r303 r304 r305 r306a r306b r307a r307b1 r307b2 r307b3 r308 r309a r309b r310"
_PROGRAMMES = " ".join(f"r501{x} r501{x}_month r501{x}_year" for x in "abcdefg")
_ASSETS = " ".join(
    [*(f"r502{x}" for x in "abcdefghijklmn"), "r503a r503b", *(f"r504{x}" for x in "abcde"), "r505 r506"]
)

FAMILY_COLUMNS = tuple(" ".join([_IDENTITY, _PLACE, _VISIT, _HOUSING, _PROGRAMMES, _ASSETS, "notes"]).split())

_PERSON = "r401 r402 r403 r404 r405 r406d r406m r406y r407 r408 r409 r410 r411 r412 r413 r414 r415"
_WORK = "r416a r416b r417 r418 r419 r420a r420b r421 r422 r423 r424 r425 r426 r427"
_HEALTH = " ".join([*(f"r428{x}" for x in "abcdefghij"), "r429 r430", *(f"r431{x}" for x in "abcdef")])

PERSON_COLUMNS = tuple(" ".join(["submission_id revision", _PERSON, _WORK, _HEALTH]).split())

MEMBER_COLUMNS = {FAMILY_MEMBER: FAMILY_COLUMNS, PERSON_MEMBER: PERSON_COLUMNS}

# Headquarters' files: folder kind -> file -> columns (contract §4). Each folder's name is the day it counts from.
HEADQUARTERS: dict[str, dict[str, tuple[str, ...]]] = {
    "frame": {
        "sub_sls": (
            "idsubsls", "sls_name", "bps_desa_code", "kemendagri_desa_code", "urban_rural", "expected_families",
            "latitude", "longitude",
        ),
        "staff": ("staff_id", "role", "name", "kab_code", "supervisor_id"),
        "assignments": ("idsubsls", "enumerator_id", "valid_from", "valid_to"),
        "prelist_families": ("idsubsls", "prelist_family_id", "head_name", "no_kk", "expected_members"),
        "prelist_persons": ("prelist_family_id", "nik", "name", "sex", "birth_date"),
        "pes_sample": ("idsubsls", "stratum", "inclusion_probability"),
    },
    "register": {
        "population": ("nik", "no_kk", "name", "sex", "birth_date", "kemendagri_desa_code", "life_status"),
    },
    "programmes": {"recipients": ("programme", "nik", "no_kk")},
    "consultations": {
        "fkp": ("idsubsls", "r109", "r110", "group_before", "group_after", "reason", "decided_by"),
    },
    # A log: its folders add up, where the others' newest counts.
    "corrections": {
        "corrections": (
            "submission_id", "revision", "line", "variable", "old_value", "new_value", "decided_by", "decided_at",
            "reason",
        ),
    },
}  # fmt: skip

# A shock (contract §4): `events/<event_id>/event.json` says what and where, `affected.csv` who is known to be hit.
EVENTS = "events"
EVENT_MEMBER, AFFECTED_MEMBER = "event.json", "affected.csv"
EVENT_KEYS = ("event_id", "type", "name", "started_on")
AFFECTED_COLUMNS = ("nik", "status", "status_date")
AFFECTED_STATUSES = ("confirmed", "suspected", "recovered", "dead")
