"""Whole bundles gone wrong: each is a second sending of a sound bundle, damaged in one way, under its own number."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import numpy as np

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.draws import Draws
from include.simulation.parcels import Parcel, bundle_name, packed
from include.simulation.sending import put

_RATE = 0.0003
_FIRST_SEQUENCE = 90
_LOST_COLUMN = "r302"
_NO_SUCH_ENUMERATOR = "9999"


@dataclass(frozen=True)
class BrokenBundle:
    """The parcel as sent, its bytes, and what the contract makes of it."""

    parcel: Parcel
    data: bytes
    outcome: str
    reason: str | None


def _rejected(parcel: Parcel, reason: str) -> BrokenBundle:
    return BrokenBundle(parcel, packed(parcel), "rejected", reason)


def _cut_short(parcel: Parcel) -> BrokenBundle:
    data = packed(parcel)
    return BrokenBundle(parcel, data[: len(data) // 2], "rejected", "NOT_A_ZIP")


def _wrong_checksum(parcel: Parcel) -> BrokenBundle:
    return _rejected(replace(parcel, checksums={FAMILY_MEMBER: "0" * 64}), "CHECKSUM_MISMATCH")


def _missing_column(parcel: Parcel) -> BrokenBundle:
    rows = list(csv.reader(StringIO(parcel.members[FAMILY_MEMBER].decode())))
    lost = rows[0].index(_LOST_COLUMN)
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([*row[:lost], *row[lost + 1 :]] for row in rows)
    return _rejected(_with_families(parcel, text.getvalue().encode()), "MISSING_COLUMN")


def _latin_1(parcel: Parcel) -> BrokenBundle:
    text = parcel.members[FAMILY_MEMBER].decode().replace("JL ", "JL CAFÉ ")
    return _rejected(_with_families(parcel, text.encode("latin-1")), "BAD_ENCODING")


def _wrong_row_count(parcel: Parcel) -> BrokenBundle:
    claimed = {**parcel.row_counts, PERSON_MEMBER: parcel.row_counts[PERSON_MEMBER] + 1}
    return _rejected(replace(parcel, row_counts=claimed), "ROW_COUNT_MISMATCH")


def _name_of_another(parcel: Parcel) -> BrokenBundle:
    name = parcel.name.replace(
        str(parcel.manifest["enumerator_id"]), str(parcel.manifest["enumerator_id"])[:-4] + "0000"
    )
    return _rejected(replace(parcel, name=name), "NAME_MISMATCH")


def _unknown_enumerator(parcel: Parcel) -> BrokenBundle:
    known = str(parcel.manifest["enumerator_id"])
    unknown = known[:-4] + _NO_SUCH_ENUMERATOR
    renamed = replace(parcel, name=parcel.name.replace(known, unknown))
    return _rejected(replace(renamed, manifest={**parcel.manifest, "enumerator_id": unknown}), "UNKNOWN_ENUMERATOR")


def _future_field_day(parcel: Parcel) -> BrokenBundle:
    kab, enumerator, _, sequence = parcel.name.removesuffix(".zip").split("_")
    day = date.fromisoformat(parcel.arrival_day) + timedelta(days=2)
    name = bundle_name(kab, enumerator, day, int(sequence))
    # The clock is ahead in the manifest too: the very bytes of an accepted bundle would be a duplicate under any name.
    ahead = datetime.fromisoformat(str(parcel.manifest["uploaded_at"])) + timedelta(days=2)
    manifest = {**parcel.manifest, "uploaded_at": ahead.isoformat()}
    return _rejected(replace(parcel, name=name, manifest=manifest), "FUTURE_FIELD_DAY")


def _empty(parcel: Parcel) -> BrokenBundle:
    headers = {member: text[: text.index(b"\n") + 1] for member, text in parcel.members.items()}
    return _rejected(replace(parcel, members=headers, row_counts=dict.fromkeys(headers, 0)), "EMPTY")


def _again(parcel: Parcel) -> BrokenBundle:
    return BrokenBundle(parcel, packed(parcel), "duplicate", None)


_KINDS: dict[str, Callable[[Parcel], BrokenBundle]] = {
    "bundle_cut_short": _cut_short,
    "bundle_wrong_checksum": _wrong_checksum,
    "bundle_missing_column": _missing_column,
    "bundle_latin_1": _latin_1,
    "bundle_wrong_row_count": _wrong_row_count,
    "bundle_name_of_another": _name_of_another,
    "bundle_unknown_enumerator": _unknown_enumerator,
    "bundle_future_field_day": _future_field_day,
    "bundle_empty": _empty,
    "bundle_sent_again": _again,
    "bundle_sent_again_next_day": _again,
}


def send_broken(
    sound: list[Parcel], draws: Draws, folder: Path, last_day: date, *, at_least_one: bool
) -> list[tuple[str, tuple[object, ...]]]:
    """Write the broken bundles; for each its kind and its row of the bundle list."""
    order = np.argsort(draws.uniform("broken bundle", np.arange(len(sound)))).tolist()
    count = max(int(_RATE * len(sound)), int(at_least_one))
    sent: list[tuple[str, tuple[object, ...]]] = []
    for number, (kind, breaks) in enumerate(_KINDS.items()):
        for turn in range(count):
            source = _as_sent_again(sound[order[(number * count + turn) % len(sound)]], number, kind, last_day)
            if source is not None:
                broken = breaks(source)
                sent.append((kind, put(broken.parcel, broken.data, folder, broken.outcome, broken.reason)))
    return sent


def _as_sent_again(parcel: Parcel, number: int, kind: str, last_day: date) -> Parcel | None:
    """The same parcel under a sequence number that no sound bundle has; None where the next day lies too late."""
    arrival = date.fromisoformat(parcel.arrival_day) + timedelta(days=kind.endswith("next_day"))
    if arrival > last_day:
        return None
    stem = parcel.name.removesuffix(".zip")[:-2]
    return replace(parcel, name=f"{stem}{_FIRST_SEQUENCE - number:02d}.zip", arrival_day=arrival.isoformat())


def _with_families(parcel: Parcel, text: bytes) -> Parcel:
    return replace(parcel, members={**parcel.members, FAMILY_MEMBER: text})
