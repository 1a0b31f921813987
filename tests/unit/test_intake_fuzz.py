"""Whatever bytes arrive, intake ends in a named outcome: never an exception, and never without a bound on memory."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, target
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.contract import FAMILY_MEMBER, MANIFEST_MEMBER, PERSON_MEMBER
from include.intake import unpack
from include.intake.bundle import Bundle, read_bundle, refuse_unopened
from include.intake.finding import WARNINGS
from include.settings import PROJECT
from tests.builders import DAY
from tests.hostile import largest
from tests.hostile.case import CANARIES, FAMILY_CSV, NAME, PERSON_CSV, sound
from tests.hostile.crafted_zip import Member, members, packed
from tests.hostile.zips import ZIPS
from tests.unit.test_hostile_bundles import ORDER

SOUND = sound()
MANIFEST = members()[MANIFEST_MEMBER].plain
FUZZ = hypothesis_settings(max_examples=150, deadline=2000, derandomize=True)
# Stated bound: what one arrival day may take, whatever lies in its folder. An ordinary night takes some 240 MiB.
PEAK_MIB_MAX = 3072


def judged(content: bytes, name: str = NAME) -> Bundle:
    """Read one bundle; fail unless its fate has a name and tells nothing of a person."""
    bundle = read_bundle(name, content, date.fromisoformat(DAY))
    reasons = {finding.reason for finding in bundle.findings}
    assert reasons <= {*ORDER, *WARNINGS}
    assert bundle.is_readable or reasons & set(ORDER)
    said = str([(finding.member, finding.row_number, finding.detail) for finding in bundle.findings])
    assert not [canary for canary in CANARIES if canary in said]
    return bundle


@given(content=st.binary(max_size=4000))
@example(content=b"")
@FUZZ
def test_random_bytes(content: bytes) -> None:
    assert not judged(content).is_readable


@given(before=st.binary(max_size=200), after=st.binary(max_size=200), cut=st.integers(0, len(SOUND)))
@FUZZ
def test_a_zip_cut_anywhere_between_anything(before: bytes, after: bytes, cut: int) -> None:
    judged(before + SOUND[:cut] + after)
    judged(before + SOUND[cut:] + after)


@given(flips=st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(1, 255)), min_size=1, max_size=8))
@FUZZ
def test_a_zip_with_any_bits_flipped(flips: list[tuple[int, int]]) -> None:
    content = bytearray(SOUND)
    for place, mask in flips:
        content[place] ^= mask
    judged(bytes(content))


@given(
    which=st.sampled_from(sorted(ZIPS)),
    places=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=4),
)
@FUZZ
def test_a_hostile_zip_made_worse(which: str, places: list[tuple[float, int]]) -> None:
    content = bytearray(ZIPS[which].content or b"\0")
    for share, value in places:
        content[int(share * len(content))] = value
    judged(bytes(content))


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "size": st.integers(0, 2**32 - 1),
        "packed_size": st.integers(0, 2**32 - 1),
        "crc": st.integers(0, 2**32 - 1),
        "method": st.integers(0, 120),
        "flags": st.integers(0, 2**16 - 1),
        "version": st.integers(0, 2**16 - 1),
        "mode": st.integers(0, 2**16 - 1),
        "offset": st.integers(0, 2**32 - 1),
        "extra": st.binary(max_size=40),
        "name": st.binary(max_size=40),
        "packed": st.binary(max_size=400),
    },
)


@given(told=st.lists(FIELDS, min_size=1, max_size=3), zip64=st.booleans())
@FUZZ
def test_a_directory_that_lies_in_every_field(told: list[dict], zip64: bool) -> None:
    whole = [Member(**{"name": b"keluarga.csv", "plain": FAMILY_CSV, **fields}) for fields in told]
    judged(packed([*members().values(), *whole], zip64=zip64))


def mutated(text: bytes) -> st.SearchStrategy[bytes]:
    """``text`` with pieces replaced by other bytes, those that mean something in a CSV or JSON more often."""
    telling = st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"{", b"]", b"1e999", b"NaN"])
    edit = st.tuples(st.integers(0, len(text)), st.integers(0, 30), telling | st.binary(max_size=6))

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        changed = text
        for place, length, piece in edits:
            changed = changed[:place] + piece + changed[place + length :]
        return changed

    return st.lists(edit, min_size=1, max_size=6).map(apply)


@given(text=mutated(FAMILY_CSV), member=st.sampled_from([FAMILY_MEMBER, PERSON_MEMBER]))
@FUZZ
def test_members_of_any_text(text: bytes, member: str) -> None:
    bundle = judged(sound(members={member: text}))
    target(float(sum(len(rows.rows) for rows in bundle.members.values())))


@given(text=mutated(PERSON_CSV))
@FUZZ
def test_a_member_that_can_be_parsed_keeps_its_width(text: bytes) -> None:
    bundle = judged(sound(members={PERSON_MEMBER: text}))
    for rows in bundle.members.values():
        assert len({len(row) for row in rows.rows}) <= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


@given(text=mutated(MANIFEST) | JSON.map(lambda said: json.dumps(said).encode()))
@FUZZ
def test_manifests_of_any_text(text: bytes) -> None:
    judged(sound(members={MANIFEST_MEMBER: text}))


@given(name=st.text(max_size=60) | st.from_regex(r"[0-9]{4}_[A-Z0-9]{1,9}_[0-9]{8}_[0-9]{2}\.zip", fullmatch=True))
@FUZZ
def test_names_of_any_text(name: str) -> None:
    judged(SOUND, name)


def test_a_file_too_large_to_open_is_judged_by_its_name_and_end() -> None:
    pieces = [SOUND[start : start + 7] for start in range(0, len(SOUND), 7)]
    day = date.fromisoformat(DAY)
    whole = refuse_unopened(NAME, pieces, day)
    assert (whole.sha256, whole.size_bytes) == (judged(SOUND).sha256, len(SOUND))
    assert [finding.reason for finding in whole.findings] == ["TOO_LARGE"]
    assert [f.reason for f in refuse_unopened("x", pieces[:-9], day).findings] == [
        "NOT_A_ZIP", "TOO_LARGE", "NAME_MISMATCH",
    ]  # fmt: skip


@pytest.mark.parametrize(("limit", "reason"), [(2**20, None), (len(SOUND), "TOO_LARGE")])
def test_the_size_limit_counts_what_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, limit: int, reason: str | None
) -> None:
    monkeypatch.setattr(unpack, "UNPACKED_BYTES_MAX", limit)
    assert {finding.reason for finding in judged(SOUND).findings} == ({reason} if reason else set())


@pytest.mark.parametrize(
    ("kind", "found"),
    [("bombs", ["TOO_LARGE"]), ("bundles of 64 MiB", []), ("files above the limit", ["NOT_A_ZIP", "TOO_LARGE"])],
)
def test_a_day_of_the_largest_bundles_keeps_within_the_stated_memory(
    tmp_path: Path, kind: str, found: list[str]
) -> None:
    largest.furnish(kind, tmp_path)
    child = [sys.executable, "-m", "tests.hostile.largest", str(tmp_path)]
    done = subprocess.run(child, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    peak_mib, reasons = done.stdout.split(maxsplit=1)
    assert int(peak_mib) <= PEAK_MIB_MAX
    assert reasons.strip() == str(found)
