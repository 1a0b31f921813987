"""Faults of the file name, held against the contract's form, the manifest and the arrival day."""

from tests.builders import bundle_bytes
from tests.hostile.case import CANARIES, FAMILIES, NAME, PERSONS, Case, sound

_FORMLESS = (
    "keluarga.zip", "3573_P35730042_20221016_01", "3573_P35730042_20221016_01.ZIP", "3573_P35730042_20221016_1.zip",
    "3573_P35730042_20221016_01.zip.zip", "3573_P35730042_20221016_01.rar", "3573_P35730042_20221016_001.zip",
    "3573_P35730042_20221016.zip", "3573_P35730042_2022-10-16_01.zip", "3573_P35730042_16102022_01.zip",
    "3573_P35730042_221016_01.zip", "3573_P35730042_20221340_01.zip", "3573_P35730042_20220230_01.zip",
    "3573_P35730042_00000101_01.zip", "357_P35730042_20221016_01.zip", "35730_P35730042_20221016_01.zip",
    "P35730042_20221016_01.zip", "3573__20221016_01.zip", "3573_P3573 0042_20221016_01.zip",
    "3573-P35730042-20221016-01.zip", " 3573_P35730042_20221016_01.zip", "3573_P35730042_20221016_01 (1).zip",
    "3573_P35730042_20221016_01.zip\n", "\uff13573_P35730042_20221016_01.zip",
    "3573_P35730042_\u0662\u0660\u0662\u06621016_01.zip", "3573_P35730042_20221016_01.zip.part", "KENARI.zip",
    "3573_P35730042_20221016_01\u202e.zip", "berkas\udcff.zip",
)  # fmt: skip
_OTHERS = ("3573_P35730043_20221016_01.zip", "3573_p35730042_20221016_01.zip", "3573_M35730007_20221016_01.zip")

NAMES = (
    {f"name: {name!r}": Case(sound(), "NAME_MISMATCH", name=name) for name in (*_FORMLESS, *_OTHERS)}
    | {
        f"arrived {arrival}": Case(
            sound(), "FUTURE_FIELD_DAY", frozenset({"FUTURE_VISIT_DAY"}), arrival=arrival
        )
        for arrival in ("2022-10-15", "2021-12-31")
    }
    | {
        "another kab/kota in the name": Case(sound(), name=NAME.replace("3573", "3501", 1)),
        "a kab/kota that is none": Case(sound(), name=NAME.replace("3573", "0000", 1)),
        "the sequence 00": Case(sound(), name=NAME.replace("_01.", "_00.")),
        "arrived a year later": Case(sound(), arrival="2023-10-16"),
        "a field day long before the field": Case(sound(), name="3573_P35730042_19700101_01.zip"),
        "a name of 40 letters for the enumerator": Case(
            bundle_bytes(FAMILIES, PERSONS, enumerator_id="P" * 40), name=f"3573_{'P' * 40}_20221016_01.zip"
        ),
        "a canary for the enumerator": Case(
            bundle_bytes(FAMILIES, PERSONS, enumerator_id=CANARIES[1]), "NAME_MISMATCH"
        ),
    }
)  # fmt: skip
