"""docs/keys.md is true: its example reads what was published, and it names every option of the command."""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from include.publication.keys_command import main
from include.settings import PROJECT, Settings
from tests.builders import DAY, correction
from tests.publication import night_in

KEYS = (PROJECT / "docs" / "keys.md").read_text()


def test_the_example_reads_a_kab_kota_with_its_key(tmp_path: Path, pointed_at: Callable[..., Settings]) -> None:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, [correction(1), correction(2, age_days=17), correction(3, kab_code="3507")])
    (example,) = re.findall(r"```python\n(.*?)```", KEYS, re.DOTALL)
    environment = os.environ | {"KAB_KEY": base64.b64encode(night.keys.of("3573")).decode()}
    command = [sys.executable, "-c", example]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"P35730042 +│ rule +│ +2 │ +17 ", ran.stdout)


def test_every_option_of_the_command_is_named(capsys) -> None:  # noqa: ANN001 - pytest's
    try:
        main(["--help"])
    except SystemExit:
        options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    assert len(options) >= 7
    assert {option for option in options if option not in KEYS} == set()
