"""What a consumption survey must hold, and how one that does not is refused: file, column, row, reason, no value."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat
import pytest

from include.welfare_model.made_survey import make_survey
from include.welfare_model.survey import Survey, read_survey
from include.welfare_model.survey_file import SurveyError
from include.welfare_model.variables import named

HOUSEHOLDS = 520
PLANTED = "4711.5"


@pytest.fixture(scope="module")
def sound() -> pl.DataFrame:
    return make_survey(HOUSEHOLDS, seed=1)


@pytest.fixture
def read(sound: pl.DataFrame, tmp_path: Path) -> Callable[..., Survey]:
    """Write the sound survey, changed, and read it."""

    def written(change: Callable[[pl.DataFrame], pl.DataFrame] = lambda survey: survey, **asked: str | Path) -> Survey:
        change(sound).write_csv(tmp_path / "survey.csv")
        return read_survey(tmp_path / "survey.csv", **{"weight": "weight", "cluster": "cluster"} | asked)

    return written


def planted(column: str, value: object, row: int = 4) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Put a value into the household that stands in this row of the CSV."""

    def change(survey: pl.DataFrame) -> pl.DataFrame:
        cells = survey[column].cast(pl.String).to_list()
        cells[row - 2] = None if value is None else str(value)
        return survey.with_columns(pl.Series(column, cells))

    return change


def test_a_sound_survey_is_read_whole(read: Callable[..., Survey], sound: pl.DataFrame) -> None:
    survey = read()
    assert (survey.households, survey.clusters) == (HOUSEHOLDS, HOUSEHOLDS // 10)
    assert np.array_equal(np.exp(survey.log_consumption).round(6), sound["consumption_per_head"].to_numpy())
    assert np.array_equal(survey.weight, sound["weight"].to_numpy())
    assert np.array_equal(survey.persons, (sound["weight"] * sound["hhsize"]).to_numpy())
    assert survey.present("asked") == named("asked")
    assert np.array_equal(survey.variables["hhage2"], (sound["hhage"] ** 2).to_numpy())
    assert np.array_equal(survey.variables["hhmalemarr"], (sound["hhmale"] * sound["hhmarried"]).to_numpy())


def test_without_weight_and_cluster_every_household_is_one_of_its_own(read: Callable[..., Survey]) -> None:
    survey = read(weight=None, cluster=None)
    assert survey.weight.tolist() == [1.0] * HOUSEHOLDS
    assert survey.clusters == HOUSEHOLDS
    assert (survey.is_weighted, survey.is_clustered) == (False, False)


def test_stata_holds_the_same_survey(read: Callable[..., Survey], sound: pl.DataFrame, tmp_path: Path) -> None:
    pyreadstat.write_dta(sound, str(tmp_path / "survey.dta"))
    stata = read_survey(tmp_path / "survey.dta", weight="weight", cluster="cluster")
    text = read()
    assert np.array_equal(stata.log_consumption, text.log_consumption)
    assert np.array_equal(stata.cluster, text.cluster)
    assert all(np.array_equal(stata.variables[name], values) for name, values in text.variables.items())


def test_a_missing_value_of_stata_is_refused_by_observation(sound: pl.DataFrame, tmp_path: Path) -> None:
    pyreadstat.write_dta(planted("hhage", None)(sound).cast({"hhage": pl.Float64}), str(tmp_path / "survey.dta"))
    with pytest.raises(SurveyError, match=r"^survey\.dta: column hhage, row 3: empty$"):
        read_survey(tmp_path / "survey.dta")


def test_a_mapping_gives_the_surveys_own_names(read: Callable[..., Survey], tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("consumption_per_head: kapita\nhhsize: r301\n", encoding="utf-8")
    renamed = read(lambda s: s.rename({"consumption_per_head": "kapita", "hhsize": "r301"}), mapping=mapping)
    assert np.array_equal(renamed.variables["hhsize"], read().variables["hhsize"])
    with pytest.raises(SurveyError, match=r"survey\.csv: column r301, row 4: not within 1 to 99"):
        read(
            lambda s: planted("r301", 0)(s.rename({"consumption_per_head": "kapita", "hhsize": "r301"})),
            mapping=mapping,
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hhsiz: r301", "hhsiz is no variable of the score"),
        ("- hhsize", "a mapping says"),
        ("hhsize: 301", "a mapping says"),
        ("hhsize: [", r"no mapping \(ParserError\)"),
    ],
)
def test_a_mapping_that_says_nothing_known_is_refused(
    read: Callable[..., Survey], tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError, match=rf"mapping\.yaml: {said}"):
        read(mapping=tmp_path / "mapping.yaml")


def test_what_the_form_does_not_ask_may_be_missing(read: Callable[..., Survey]) -> None:
    survey = read(lambda s: s.drop(named("held_at_mean")))
    assert survey.present("held_at_mean") == ()
    assert survey.present("asked") == named("asked")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.drop("motorcycle"), "column motorcycle is missing"),
        (lambda s: s.drop("consumption_per_head"), "column consumption_per_head is missing"),
        (lambda s: s.drop("weight"), "column weight is missing"),
        (lambda s: s.drop("cluster"), "column cluster is missing"),
        (planted("consumption_per_head", 0), "column consumption_per_head, row 4: not above 0"),
        (planted("consumption_per_head", f"-{PLANTED}"), "column consumption_per_head, row 4: not above 0"),
        (planted("consumption_per_head", f"{PLANTED} ribu"), "column consumption_per_head, row 4: not a number"),
        (planted("consumption_per_head", "inf"), "column consumption_per_head, row 4: not a number"),
        (planted("consumption_per_head", None), "column consumption_per_head, row 4: empty"),
        (planted("hhage", "  "), "column hhage, row 4: empty"),
        (planted("hhsize", 0), "column hhsize, row 4: not within 1 to 99"),
        (planted("pcfloor", PLANTED, row=521), "column pcfloor, row 521: not within 0 to 997"),
        (planted("motorcycle", 2), "column motorcycle, row 4: neither 0 nor 1"),
        (planted("tv", "ya"), "column tv, row 4: not a number"),
        (planted("weight", f"-{PLANTED}"), "column weight, row 4: not above 0"),
        (planted("cluster", ""), "column cluster, row 4: empty"),
        (lambda s: s.with_columns(ac=0), f"column ac: the same in all {HOUSEHOLDS} rows"),
        (lambda s: s.head(499), "499 households, at least 500 are needed"),
        (lambda s: s.with_columns(cluster=pl.int_range(pl.len()) % 29), "29 clusters, at least 30 are needed"),
    ],
)  # fmt: skip
def test_a_survey_that_cannot_be_fitted_is_refused(read: Callable[..., Survey], change: Callable, said: str) -> None:
    with pytest.raises(SurveyError) as refusal:
        read(change)
    assert str(refusal.value) == f"survey.csv: {said}"
    assert PLANTED not in str(refusal.value)


def test_more_rows_than_one_are_counted(read: Callable[..., Survey]) -> None:
    with pytest.raises(SurveyError, match=r"column hhage, row 4: empty \(and 1 more rows\)$"):
        read(lambda s: planted("hhage", None, row=9)(planted("hhage", None)(s)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("survey.xlsx", b"", "survey.xlsx: neither .csv nor .dta"),
        ("survey.dta", b"no Stata", "survey.dta: cannot be read as Stata (ReadstatError)"),
        ("survey.csv", b"hhsize,hhsize\n1,2\n", "survey.csv: column hhsize stands twice"),
        ("survey.csv", b"hhsize\n1,2\n", "survey.csv: cannot be read as CSV (ComputeError)"),
        ("survey.csv", b"", "survey.csv: cannot be read as CSV (NoDataError)"),
        ("survey.csv", b"\xff\xfeh\n", "survey.csv: not UTF-8"),
        ("survey.csv", b"hhsize;hhage\n1;2\n", "survey.csv: column consumption_per_head is missing"),
    ],
)
def test_a_file_that_is_no_survey_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SurveyError) as refusal:
        read_survey(tmp_path / name)
    assert str(refusal.value) == said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="no such file"):
        read_survey(tmp_path / "survey.csv")
