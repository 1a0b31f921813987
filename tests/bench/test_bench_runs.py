"""Every benchmark runs, on a small scale, and says what it measured. How fast is not for a test to say."""

import re

import pytest

from benchmarks import intake, nights, shock, site, whole_field

pytestmark = pytest.mark.bench


def ratio_in(said: str) -> float:
    return float(re.search(r"ratio (\d+\.\d+)", said)[1])


def test_intake_is_measured_beside_its_floor(capfd: pytest.CaptureFixture[str]) -> None:
    assert intake.main(["--enumerators", "8", "--repeats", "1"]) == 0
    said = capfd.readouterr().out
    assert "| work | seconds | from-to | ratio | rows/s | peak MiB |" in said
    assert re.search(r"\| floor \| [\d.]+ \| .* \| 1\.00 \|", said)
    assert ratio_in(said) > 0


def test_nights_are_measured_step_by_step(capfd: pytest.CaptureFixture[str]) -> None:
    assert nights.main(["--enumerators", "8", "--days", "2"]) == 0
    said = capfd.readouterr().out
    assert "| seconds | start-up | night 1 | night 2 |" in said
    assert re.search(r"\| publish \| [\d.]+ \| [\d.]+ \| [\d.]+ \|", said)
    assert len(re.search(r"slowest of night 2: (.*)", said)[1].split(", ")) == nights.SLOWEST
    assert ratio_in(said) > 0


def test_a_shock_response_is_measured_with_airflow(capfd: pytest.CaptureFixture[str]) -> None:
    assert shock.main(["--families", "2000", "--only", "kecamatan"]) == 0
    said = capfd.readouterr().out
    assert "| seconds | kecamatan |" in said
    assert re.search(r"\| load_live \| [\d.]+ \|", said)
    assert re.search(r"slowest [\d.]+ s, budget 60 s", said)


def test_the_report_site_is_measured(capfd: pytest.CaptureFixture[str]) -> None:
    assert site.main(["--codes", "3573", "--days", "5"]) == 0
    said = capfd.readouterr().out
    assert re.search(r"\| build \| [\d.]+ \| \d+ \| 11 \|", said)  # five topics, the kota, its five kecamatan
    assert "first page: " in said or "no chromium" in said


@pytest.mark.timeout(900)  # a minute alone
def test_a_night_of_the_whole_field_is_measured_beside_the_floor(capfd: pytest.CaptureFixture[str]) -> None:
    assert whole_field.main(["--enumerators", "100", "--days", "2", "--nights", "2", "--memory-gib", "2"]) == 0
    said = capfd.readouterr().out
    assert int(re.search(r"([\d,]+) families", said)[1].replace(",", "")) > 400
    assert re.search(r"\| publish \| [\d.]+ \|", said)
    assert re.search(r"floor of a full rebuild: [\d.]+ s before, [\d.]+ s after", said)
    assert len(re.search(r"slowest models: (.*)", said)[1].split(", ")) == whole_field.SLOWEST
    assert ratio_in(said) > 0
