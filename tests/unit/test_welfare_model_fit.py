"""Fitting weights: what was put into a synthetic survey comes out, on clusters not seen, the same bytes twice."""

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from include.settings import PROJECT
from include.welfare_model import __main__ as command
from include.welfare_model import made_survey
from include.welfare_model.calibration import tenths
from include.welfare_model.cross_validation import LINEAR, TREES, judge
from include.welfare_model.fit import Fitted, default_name, fit, write_version
from include.welfare_model.linear_model import fit_linear
from include.welfare_model.made_survey import CLUSTER_SD, HOUSEHOLD_SD, make_survey, true_model
from include.welfare_model.survey import Survey, read_survey
from include.welfare_model.variables import MODELS, SEEDS, WEIGHTS, named
from include.welfare_model.version import Version, VersionError

VERSION = Version("uji-1", date(2022, 11, 1), "synthetic", "CC0")


def drawn(folder: Path, households: int, seed: int) -> Survey:
    make_survey(households, seed).write_csv(folder / "survey.csv")
    return read_survey(folder / "survey.csv", weight="weight", cluster="cluster")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """The survey of the docs."""
    return drawn(tmp_path_factory.mktemp("survey"), 1200, seed=7)


@pytest.fixture(scope="module")
def fitted(survey: Survey) -> Fitted:
    return fit(survey)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name in (WEIGHTS, MODELS):
        shutil.copyfile(SEEDS / name, folder / name)
    return folder


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_known_weights_are_recovered(tmp_path: Path) -> None:
    survey, truth = drawn(tmp_path, 12_000, seed=5), true_model().weights
    model = fit_linear(survey)
    errors = {name: (model.coefficients[name] - truth[name]) / model.standard_errors[name] for name in truth}
    assert len(errors) == 49
    assert max(map(abs, errors.values())) < 4
    assert np.std(list(errors.values())) == pytest.approx(
        1, abs=0.3
    )  # clustered errors neither too small nor too large
    explained = truth["const"] + sum(truth[name] * survey.variables[name] for name in truth if name != "const")
    assert np.std(survey.log_consumption - explained) == pytest.approx(np.hypot(CLUSTER_SD, HOUSEHOLD_SD), rel=0.03)


def test_the_score_recovers_the_true_one_but_for_what_the_form_does_not_ask(tmp_path: Path) -> None:
    survey, truth = drawn(tmp_path, 12_000, seed=5), true_model()
    held = named("held_at_mean")
    true_score = truth.weights["const"] + sum(
        weight * (truth.means[name] if name in held else survey.variables[name])
        for name, weight in truth.weights.items()
        if name != "const"
    )
    assert np.sqrt(np.mean((fit_linear(survey).scores(survey) - true_score) ** 2)) < 0.05


def test_errors_robust_to_clusters_are_larger_where_clusters_differ(survey: Survey) -> None:
    apart = replace(survey, cluster=np.arange(survey.households))
    # A variable of the cluster as a whole is known from 120 clusters, not from 1,200 households.
    shared = np.asarray(np.bincount(survey.cluster, survey.variables["water"])[survey.cluster] > 8, dtype=float)
    varied = survey.variables | {"water": shared}
    clustered, alone = (
        fit_linear(replace(one, variables=varied)).standard_errors["water"] for one in (survey, apart)
    )  # fmt: skip
    assert clustered > 1.3 * alone


def test_household_weights_count(survey: Survey) -> None:
    twice = np.arange(survey.households) < 600
    weighted = fit_linear(replace(survey, weight=np.where(twice, 2.0, 1.0)))
    rows = np.concatenate([np.arange(survey.households), np.flatnonzero(twice)])
    repeated = fit_linear(replace(survey, weight=np.ones(survey.households)), rows)
    assert weighted.coefficients == pytest.approx(repeated.coefficients, abs=1e-7)
    assert weighted.means == pytest.approx(repeated.means, abs=1e-4)


def test_variables_that_determine_each_other_are_named(survey: Survey) -> None:
    assert fit_linear(survey).undetermined == ()
    informal = (
        survey.variables["hhsector1"] + survey.variables["hhsector2"] + survey.variables["hhsector3"]
    ) - survey.variables["formal"]
    model = fit_linear(replace(survey, variables=survey.variables | {"informal": informal}))
    assert set(model.undetermined) == {"formal", "informal", "hhsector1", "hhsector2", "hhsector3"}
    assert all(abs(weight) < 10 for weight in model.coefficients.values())


def test_no_household_is_predicted_by_a_model_that_saw_its_cluster(survey: Survey) -> None:
    scattered = replace(survey, cluster=np.arange(survey.households) % 120)
    mine = scattered.cluster == 7
    moved = judge(replace(scattered, log_consumption=np.where(mine, 99.0, survey.log_consumption)))
    for name, merit in judge(scattered).items():
        assert np.array_equal(moved[name].predicted[mine], merit.predicted[mine])
        assert not np.array_equal(moved[name].predicted[~mine], merit.predicted[~mine])


def test_out_of_fold_a_fit_is_worth_less_than_in_sample(fitted: Fitted) -> None:
    linear, trees = fitted.merits[LINEAR], fitted.merits[TREES]
    assert 0.3 < linear.r2 < fitted.model.r2_in_sample
    assert linear.residual_sd > np.hypot(CLUSTER_SD, HOUSEHOLD_SD)
    assert linear.rank_correlation > 0.6
    assert trees.rank_correlation > 0.5
    for merit in (linear, trees):
        for errors in merit.errors.values():
            assert [error.cut_off for error in errors] == [10, 20, 30, 40]
            assert all(0 < error.exclusion_error < 1 and 0 < error.inclusion_error < 1 for error in errors)


def test_calibration_tenths_hold_a_tenth_of_the_weight_each(survey: Survey) -> None:
    exact = tenths(survey, survey.log_consumption)
    assert len(exact) == 10
    assert all(predicted == pytest.approx(observed) for predicted, observed in exact)
    assert [predicted for predicted, _ in exact] == sorted(predicted for predicted, _ in exact)


def test_a_version_is_appended_and_nothing_before_it_changes(fitted: Fitted, seeds: Path, tmp_path: Path) -> None:
    write_version(fitted, VERSION, tmp_path / "out", seeds)
    for name in (WEIGHTS, MODELS):
        assert (tmp_path / "out" / name).read_text().startswith((seeds / name).read_text())
    weights = [line for line in lines_of(tmp_path / "out" / WEIGHTS) if line["model_version"] == VERSION.name]
    assert {line["variable"] for line in weights} == {"const", *fitted.survey.variables}
    for line in weights:
        assert float(line["coefficient"]) == fitted.model.coefficients[line["variable"]]
        assert len(line["coefficient"].split(".")[1]) == 8
        assert len(line["mean_value"].split(".")[1]) == 4
    [model] = [line for line in lines_of(tmp_path / "out" / MODELS) if line["model_version"] == VERSION.name]
    assert model["valid_from"] == "2022-11-01"
    assert float(model["residual_sd"]) == pytest.approx(fitted.merits[LINEAR].residual_sd, abs=1e-6)
    assert model["households"] == "1200"
    assert model["is_illustrative"] == "true"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (replace(VERSION, name="alatas2012-central_java_33"), "model_version alatas2012-central_java_33 is taken"),
        (replace(VERSION, valid_from=date(2022, 1, 1)), "valid_from 2022-01-01 is taken"),
    ],
)
def test_no_version_is_overwritten(fitted: Fitted, tmp_path: Path, version: Version, said: str) -> None:
    with pytest.raises(VersionError, match=said):
        write_version(fitted, version, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_weight_that_fits_no_seed_is_refused(fitted: Fitted, tmp_path: Path) -> None:
    huge = replace(fitted, model=replace(fitted.model, coefficients=fitted.model.coefficients | {"ac": -100.0}))
    with pytest.raises(VersionError, match="ac: a weight of 100"):
        write_version(huge, VERSION, tmp_path)


def test_a_name_that_no_file_could_bear_is_refused() -> None:
    with pytest.raises(VersionError, match="letters, digits"):
        replace(VERSION, name="a/b")


def test_the_card_says_first_in_indonesian_what_the_weights_are_worth(fitted: Fitted, tmp_path: Path) -> None:
    write_version(fitted, VERSION, tmp_path)
    card = (tmp_path / "model_card.md").read_text(encoding="utf-8")
    linear = fitted.merits[LINEAR]
    summary = card.split("\n")[2]
    assert summary.startswith("**Ringkasan.**")
    assert "hanya ilustrasi" in summary
    assert f"korelasi peringkat {linear.rank_correlation:.2f}" in summary
    assert "ILLUSTRATIVE" in card
    assert "never shown as rupiah" in card
    first = linear.errors["household"][0]
    assert f"{first.eligible_unserved:,.1f} / {first.eligible:,.1f} | {first.exclusion_error:.4f}" in card
    assert card.count("% | persons | boosted trees |") == 4
    assert f"| `hhage2` | Age of head squared | derived | {fitted.model.coefficients['hhage2']:.8f} |" in card


def test_an_approved_version_says_by_whom(fitted: Fitted, tmp_path: Path) -> None:
    write_version(fitted, replace(VERSION, approved_by="the steering committee"), tmp_path)
    card = (tmp_path / "model_card.md").read_text(encoding="utf-8")
    assert "Approved by the steering committee." in card
    assert "ILLUSTRATIVE" not in card
    assert lines_of(tmp_path / MODELS)[-1]["is_illustrative"] == "false"


def test_the_command_gives_the_same_bytes_and_says_what_the_docs_say(
    fitted: Fitted, tmp_path: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "survey.csv", tmp_path / "out"
    assert made_survey.main(["--out", str(data), "--households", "1200", "--seed", "7"]) == 0
    version = replace(VERSION, name=default_name(data))
    write_version(fitted, version, tmp_path / "again", seeds)
    capsys.readouterr()
    arguments = ["--data", str(data), "--weight", "weight", "--cluster", "cluster", "--valid-from", "2022-11-01"]
    about = ["--source", version.source, "--licence", version.licence, "--install"]
    assert command.main([*arguments, *about, "--out", str(out)], seeds) == 0
    said = capsys.readouterr().out.splitlines()
    assert "\n".join(said[:5]) in (PROJECT / "docs/pmt_fitting.md").read_text(encoding="utf-8")
    assert "as-of day 2022-11-01" in said[-1]
    names = sorted(path.name for path in out.iterdir())
    assert names == ["calibration.png", "model_card.md", "pmt_models.csv", "pmt_weights.csv"]
    assert all((out / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in names)
    assert (out / "calibration.png").read_bytes().startswith(b"\x89PNG")
    assert all((seeds / name).read_bytes() == (out / name).read_bytes() for name in (WEIGHTS, MODELS))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--install"], "installed with the as-of day on which it begins"),
        ([], "survey.csv: no such file"),
    ],
)
def test_the_command_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert command.main(["--data", str(tmp_path / "survey.csv"), "--out", str(tmp_path), *arguments]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_every_variable_of_the_make_target_is_in_the_docs() -> None:
    text = (PROJECT / "Makefile").read_text(encoding="utf-8").split("fit-pmt: ")[1].split("\n\n")[0]
    wanted = {word.split(",")[0] for word in text.replace("$(or ", "$(if ").split("$(if $(")[1:]}
    names = {word.rstrip(")") for word in wanted}
    assert {"WEIGHT", "CLUSTER", "MAPPING", "VERSION", "VALID_FROM", "INSTALL", "OUT"} <= names
    docs = (PROJECT / "docs/pmt_fitting.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}" not in docs] == []
