"""Keys: a closed file, one per kab/kota, everything else derived, and nothing of a key in any message."""

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from include.publication.key_file import add_random_keys, east_java, rotate
from include.publication.keys import Keys, KeysError, desa_key, keyed_digest, password, read_keys
from include.publication.keys_command import main
from include.settings import Settings, SettingsError
from local_stack.random_keys import make_keys
from tests.builders import DESA, SUPERVISOR, keys_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return keys_file(tmp_path)


@pytest.fixture
def keys(file: Path) -> Keys:
    return read_keys(file)


def test_a_file_of_the_province_has_its_offices_key_and_one_for_each_of_38_kab_kota(file: Path, keys: Keys) -> None:
    assert len(east_java()) == 39
    assert sorted(keys.by_code) == east_java()
    assert len({*keys.by_code.values()}) == 39
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_kab_kota_without_a_key_is_named_with_the_file_and_gets_none(file: Path, keys: Keys) -> None:
    before = file.read_bytes()
    with pytest.raises(KeysError, match=rf"{file}: no key of kab/kota '3599'"):
        keys.of("3599")
    assert file.read_bytes() == before


def test_unknown_areas_are_the_province_offices(keys: Keys) -> None:
    assert keys.of("UNKNOWN") == keys.of("35") != keys.of("3573")


KEY = base64.b64encode(b"k" * 32).decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "no JSON"),
        ('"text"', "no JSON object"),
        (json.dumps({"3573": "c2hvcnQ="}), "'3573' must be a code of 2 or 4 digits with 32 bytes"),
        (json.dumps({"3573": KEY[:-4] + "????"}), "'3573' must be"),
        (json.dumps({"3573": None}), "'3573' must be"),
        (json.dumps({"Malang": KEY}), "'Malang' must be"),
    ],
)
def test_a_malformed_file_is_refused_without_repeating_a_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeysError, match=said) as refused:
        read_keys(path)
    assert str(path) in str(refused.value)
    assert KEY[:-4] not in str(refused.value)


def test_a_key_does_not_show_when_keys_are_printed(keys: Keys) -> None:
    assert str(keys.by_code["3573"]) not in repr(keys)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, pointed_at: Callable, file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(SettingsError, match=rf"REGSOSEK_KEYS_FILE: .*open to group or others; `chmod 600 {file}`"):
        pointed_at(tmp_path)
    with pytest.raises(KeysError, match="open to group or others"):
        read_keys(file)


def test_a_missing_file_is_refused_and_not_made(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    nowhere = tmp_path / "nowhere.json"
    with pytest.raises(SettingsError, match=f"REGSOSEK_KEYS_FILE: .*{nowhere} is no file"):
        pointed_at(tmp_path, keys_file=nowhere)
    assert not nowhere.exists()


def hkdf(key: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256 and no salt, one block, by hand."""
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]


def test_a_desa_key_is_hkdf_of_its_kab_kota_key_and_bps_code(keys: Keys) -> None:
    assert desa_key(keys, DESA) == hkdf(keys.of("3573"), DESA.encode(), 32)
    for wrong in ("35.73.01.0001", "3573"):
        with pytest.raises(KeysError, match="no BPS desa code"):
            desa_key(keys, wrong)


def test_a_password_is_one_supervisors_under_one_key_and_can_be_read_out(keys: Keys) -> None:
    key = keys.of("3573")
    expected = base64.b32encode(hkdf(key, f"supervisor:{SUPERVISOR}".encode(), 15)).decode()
    assert password(key, SUPERVISOR).replace("-", "") == expected
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", password(key, SUPERVISOR))
    assert len({password(key, SUPERVISOR), password(key, "M35730008"), password(keys.of("3507"), SUPERVISOR)}) == 3


def test_a_keyed_digest_is_not_the_digest_anybody_could_compute(keys: Keys) -> None:
    key = keys.of("3573")
    assert keyed_digest(key, b"x") == hmac.new(key, b"x", hashlib.sha256).hexdigest()
    assert keyed_digest(key, b"x") != keyed_digest(keys.of("3507"), b"x")


def test_adding_keys_keeps_those_there_are(file: Path, keys: Keys) -> None:
    assert add_random_keys(file, ["3573", "9401"]) == ["9401"]
    assert read_keys(file).by_code.items() > keys.by_code.items()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeysError, match=r"'35\.73' is no code"):
        add_random_keys(file, ["35.73"])


def test_rotating_replaces_one_key_and_changes_the_fingerprint(file: Path, keys: Keys) -> None:
    rotate(file, "3573")
    new = read_keys(file)
    assert {code for code in keys.by_code if keys.of(code) != new.of(code)} == {"3573"}
    assert new.fingerprint() != keys.fingerprint() == Keys(file, dict(reversed(keys.by_code.items()))).fingerprint()
    with pytest.raises(KeysError, match="no key of kab/kota '3599'"):
        rotate(file, "3599")


def test_the_command_prints_what_a_holder_needs(
    file: Path, keys: Keys, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGSOSEK_KEYS_FILE", str(file))
    other_kab = password(keys.of("3507"), SUPERVISOR)
    for arguments, said in (
        (["--supervisor", SUPERVISOR, "--desa", DESA],
         f"{password(keys.of('3573'), SUPERVISOR)}\n{base64.b64encode(desa_key(keys, DESA)).decode()}\n"),
        (["--supervisor", SUPERVISOR, "--kab", "3507"], f"{other_kab}\n"),
        (["--kab", "3573"], f"{base64.b64encode(keys.of('3573')).decode()}\n"),
        ([], f"{file}: keys of {', '.join(east_java())}\n"),
    ):  # fmt: skip
        assert main(arguments) == 0
        assert capsys.readouterr().out == said


def test_the_command_makes_a_file_once_and_refuses_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "keys.json"
    assert main(["--keys", str(path), "--kab", "3573"]) == 2
    assert "is no file" in capsys.readouterr().err
    assert main(["--keys", str(path), "--make", "--add", "9401"]) == 0
    made = path.read_bytes()
    assert sorted(read_keys(path).by_code) == [*east_java(), "9401"]
    assert main(["--keys", str(path), "--make"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_bytes() == made
    assert main(["--keys", str(path), "--rotate", "3573"]) == 0
    assert path.read_bytes() != made


def test_a_first_look_gets_random_keys_for_the_frame_too_and_says_so_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = tmp_path / "landing" / "frame" / "2022-10-01" / "staff.csv"
    staff.parent.mkdir(parents=True)
    staff.write_text("staff_id,role,name,kab_code,supervisor_id\nP94010001,PPL,UJI,9401,M94010001\nX,PPL,UJI,../x,\n")
    monkeypatch.setenv("REGSOSEK_KEYS_FILE", str(tmp_path / "keys.json"))
    monkeypatch.setenv("REGSOSEK_LANDING", str(tmp_path / "landing"))
    make_keys()
    assert (
        f"Wrote 41 random keys, of the operational tier and of pseudonyms: {tmp_path / 'keys.json'}"
        in capsys.readouterr().out
    )
    assert sorted(read_keys(tmp_path / "keys.json").by_code) == [*east_java(), "9401"]
    make_keys()
    assert capsys.readouterr().out == ""


def test_no_key_is_world_readable_even_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    really = os.open

    def watching(path: object, flags: int, mode: int = 0o777, **more: object) -> int:
        opened.append((str(path), oct(mode)))
        return really(path, flags, mode, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", watching)
    add_random_keys(tmp_path / "keys.json", ["3573"])
    assert (str(tmp_path / ".keys.json.beside"), "0o600") in opened
