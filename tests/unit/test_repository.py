"""A scan of the whole repository: no living person's number, no path of a developer's machine.

The simulator's NIK and KK numbers end in 9000-9999 and its phones begin with 0800000, which no authority gives out.
A number of 16 digits that ends otherwise is taken for a person's, with two exceptions: serials begin at 0001, so one
that ends in 0000 is nobody's (docs/domain.md; whole seconds counted in microseconds end so); and a sub-SLS code
(`idsubsls`) is 16 digits that begin with 35 and whose first ten are the BPS code of a desa in the region master. Digits
after a decimal point and digits inside a longer run of letters and digits (a hash, say) are no numbers of their own.
"""

import csv
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from include.settings import PROJECT

REGION_MASTER = PROJECT / "dbt_project" / "seeds" / "reference" / "region_master.csv"
SIZE_LIMIT = 5 * 1024 * 1024
LARGE_DATA_FILES: frozenset[str] = frozenset()  # over the limit and deliberately not scanned, by repository path

WHOLE = r"(?<![0-9A-Za-z])(?<!\d\.){}(?![0-9A-Za-z])"
PERSON_NUMBER = re.compile(WHOLE.format(r"\d{16}"))
PHONE = re.compile(WHOLE.format(r"(?:0|\+62)8(?!00000)\d{8,11}"))
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:(?:work|root)/|tmp/lock|(?:home|Users)/\w)")


@cache
def desa_codes() -> frozenset[str]:
    """The ten-digit BPS codes of all desa."""
    with REGION_MASTER.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["bps_code"] for row in csv.DictReader(lines) if len(row["bps_code"]) == 10)


def is_living_persons(number: str) -> bool:
    """Whether a 16-digit number may be someone's NIK or KK number (see the module's text)."""
    is_sub_sls = number.startswith("35") and number[:10] in desa_codes()
    return "0000" < number[-4:] < "9000" and not is_sub_sls


def offences(text: str) -> list[str]:
    """What a text must not hold, each with its line; the number itself is not repeated in a report."""
    found = [(m.start(), "a NIK- or KK-shaped number") for m in PERSON_NUMBER.finditer(text) if is_living_persons(m[0])]
    found += [(m.start(), "a phone number") for m in PHONE.finditer(text)]
    found += [(m.start(), f"a machine's path {m[0]}") for m in MACHINE_PATH.finditer(text)]
    return [f"line {text.count(chr(10), 0, position) + 1}: {what}" for position, what in sorted(found)]


def repository_files(root: Path) -> list[Path]:
    """Every file that is, or without an ignore rule would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


def scan(root: Path, skipped: frozenset[str] = LARGE_DATA_FILES) -> list[str]:
    """Every offence of the repository under `root`, as `file: line: what`."""
    found: list[str] = []
    for path in repository_files(root):
        name = path.relative_to(root).as_posix()
        if path.stat().st_size > SIZE_LIMIT:
            found += [] if name in skipped else [f"{name}: over 5 MB and not in LARGE_DATA_FILES"]
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            found += [f"{name}: {offence}" for offence in offences(content.decode("utf-8", errors="replace"))]
    return found


def test_the_repository_is_clean() -> None:
    assert scan(PROJECT) == []


def test_the_scan_sees_the_files_that_matter() -> None:
    seen = {path.relative_to(PROJECT).as_posix() for path in repository_files(PROJECT)}
    assert {"docs/domain.md", "docs/upload-contract.md", ".env.example", "docker-compose.yaml"} <= seen
    assert len(desa_codes()) > 8000


def test_every_large_file_that_is_skipped_exists() -> None:
    assert all((PROJECT / name).stat().st_size > SIZE_LIMIT for name in LARGE_DATA_FILES)


@pytest.mark.parametrize(
    "planted",
    [
        "3515" + "155202000001",
        "nik=" + "3515" + "155202008999" + ";",
        "3515" + "155202000001" + ".0",
        "_" + "3204" + "110609970001" + "_",
        "08" + "1234567890",
        "+62" + "81234567890",
        '"/' + 'work/main/include"',
        "cd /" + "tmp/lock",
        "(/" + "home/budi/regsosek)",
    ],
)
def test_the_scan_finds_what_was_planted(planted: str) -> None:
    assert offences(f"first line\n{planted}\n")[0].startswith("line 2: ")


@pytest.mark.parametrize(
    "harmless",
    [
        "3515" + "155202009921",  # ends as the simulator's numbers do
        "1665882000" + "000000",
        "0800000" + "12345",
        "e3b0c44298fc1c14" + "9afbf4c8996fb924" + "27ae41e4649b934c",
        "a3515" + "155202000001f",
        "0.3515" + "155202000001",
        "https://example.org/" + "work/home/x",
    ],
)
def test_the_scan_leaves_harmless_text_alone(harmless: str) -> None:
    assert offences(harmless) == []


def test_a_sub_sls_code_is_an_area_only_in_a_known_desa() -> None:
    desa = min(code for code in desa_codes() if code.startswith("35"))
    assert offences(desa + "000100") == []
    assert offences("35" + "9" * 8 + "000100")


def test_the_scan_reads_untracked_files_but_neither_ignored_nor_binary_ones(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    number = "3515" + "155202000001"
    for name, content in {"a.csv": number, "b.bin": f"\0{number}", "c.log": number, ".gitignore": "*.log"}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert scan(tmp_path) == ["a.csv: line 1: a NIK- or KK-shaped number"]


def test_a_large_file_must_be_named_to_be_skipped(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "big.csv").write_bytes(b"x" * (SIZE_LIMIT + 1))
    assert scan(tmp_path) == ["big.csv: over 5 MB and not in LARGE_DATA_FILES"]
    assert scan(tmp_path, frozenset({"big.csv"})) == []
