"""family_welfare against a second reading of the same uploads: plain Python from the zips on, in exact fractions.

Which document speaks for a family is taken from the warehouse, as its fate has tests of its own; what is made of it is
not. Scores and ranks are those of tests/oracle/scores.py.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from include.settings import PROJECT, Settings
from include.simulation import Plan, simulate
from include.warehouse import opened
from include.welfare_model.cross_validation import merit
from include.welfare_model.linear_model import fit_linear
from include.welfare_model.made_survey import make_survey
from include.welfare_model.survey import read_survey
from include.welfare_model.version import Version, model_line, weight_lines
from local_stack.score_check import score_lines
from tests.builders import keys_file
from tests.oracle import scores
from tests.oracle.figures import rounded
from tests.oracle.landing import Row, whole
from tests.oracle.scores import VERSION, Ranked, Values, Weight, ranks, score_of, tie_break, values_of
from tests.pipeline import build_marts

PLAN = {"enumerators": 24, "days": 3, "seed": 11, "headquarters": "frame", "defects": True, "processes": 1}


@dataclass
class Built:
    """A simulated province as the warehouse shows it."""

    configured: Settings
    landing: Path
    welfare: pl.DataFrame
    winners: pl.DataFrame
    variables: pl.DataFrame
    expected: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("family_welfare")
    plan = Plan(out=root / "landing", **PLAN)
    simulate(plan)
    places = {name: root / name for name in ("raw", "published", "state", "scratch")}
    places |= {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
    configured = Settings(landing=str(plan.out), **places)
    build_marts(configured, plan.last_day.isoformat())
    with opened(configured.warehouse, read_only=True) as connection:
        welfare, winners, variables, areas = (
            connection.sql(query).pl()
            for query in (
                "select * from marts.family_welfare",
                "select * from intermediate.int_documents__winners",
                "select * from marts.pmt_variable",
                "select area_code, expected_families from marts.area where area_level in ('province', 'kab_kota')",
            )
        )
    return Built(configured, plan.out, welfare, winners, variables, dict(areas.iter_rows()))


@pytest.fixture(scope="session")
def connection(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse, read only; tables of a test are temporary."""
    with opened(built.configured.warehouse, read_only=True) as open_here:
        yield open_here


def compiled(built: Built, model: str, **instead: str) -> str:
    """A model's SQL as it was built, reading temporary tables instead of the relations named."""
    [path] = (built.configured.scratch / "dbt_target" / "compiled").rglob(f"{model}.sql")
    text = path.read_text(encoding="utf-8")
    for relation, table in instead.items():
        text, found = re.subn(rf'"[^"\s]+"\."[^"\s]+"\."{relation}"', table, text)
        assert found, relation
    return text


@pytest.fixture(scope="session")
def weights() -> dict[str, Weight]:
    return scores.weights()


@pytest.fixture(scope="session")
def recomputed(built: Built, weights: dict[str, Weight]) -> list[Ranked]:
    """Every accepted, enumerated family with residents, poorest first."""
    families = []
    for winner, document, residents in accepted(built):
        if residents:
            score, missing = score_of(values_of(document, residents), weights)
            key = (winner["idsubsls"], winner["r109"], winner["r110"])
            families.append(Ranked(key, len(residents), score, missing))
    return sorted(families, key=lambda f: (f.score, tie_break(f.key)))


def accepted(built: Built) -> Iterator[tuple[dict, Row, list[Row]]]:
    """Accepted and enumerated winners with their row of keluarga.csv and their residents, read from the zips."""
    bundles: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for winner in built.winners.filter(~pl.col("is_held") & pl.col("r205").is_in([1, 2])).iter_rows(named=True):
        bundles[str(winner["arrival_day"]), winner["bundle_name"]].append(winner)
    for (day, name), winners in bundles.items():
        with zipfile.ZipFile(built.landing / "uploads" / day / name) as bundle:
            is_draft = json.loads(bundle.read("manifest.json"))["form_version"] == "K-2022-draft"
            documents, persons = member(bundle, "keluarga.csv"), member(bundle, "anggota.csv")
        for winner in winners:
            document = documents[winner["row_number"] - 1]
            assert document["submission_id"].lower() == winner["document_id"]
            yield winner, document, residents_of(document, persons, is_draft)


def member(bundle: zipfile.ZipFile, name: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(bundle.read(name).decode("utf-8-sig"), newline="")))


def residents_of(document: Row, persons: list[Row], is_draft: bool) -> list[Row]:
    """Persons living with the family, each line once, the first."""
    lines: dict[object, Row] = {}
    for number, one in enumerate(persons):
        if (one["submission_id"], one["revision"]) == (document["submission_id"], document["revision"]):
            line = whole(one["r401"])
            lines.setdefault((number, "unreadable") if line is None else line, one)
    return [one for one in lines.values() if whole(one["r404"]) in ((1, 4) if is_draft else (1, 5))]


def by_kab(families: list[Ranked]) -> dict[str, list[Ranked]]:
    kabs: dict[str, list[Ranked]] = defaultdict(list)
    for family in families:
        kabs[family.key[0][:4]].append(family)
    return kabs


def scored(built: Built) -> pl.DataFrame:
    return built.welfare.filter(pl.col("unscored_reason").is_null())


def test_the_mart_agrees_with_the_second_reading_to_the_last_row(built: Built, recomputed: list[Ranked]) -> None:
    province = ranks(recomputed)
    kab = {key: rank for families in by_kab(recomputed).values() for key, rank in ranks(families).items()}
    mine = {
        f.key: (f.residents, f.score, *province[f.key], *kab[f.key], f.missing, VERSION) for f in recomputed
    }  # fmt: skip
    columns = ["percentile_{0}", "decile_family_{0}", "decile_person_{0}"]
    columns = [column.format(area) for area in ("province", "kab") for column in columns]
    shown = scored(built).select(
        "idsubsls", "building_number", "family_number", "resident_persons", "pmt_score", *columns, "missing_inputs",
        "model_version",
    )  # fmt: skip
    theirs = {
        row[:3]: tuple(v if isinstance(v, str) else Fraction(v) for v in row[3:]) for row in shown.iter_rows()
    }  # fmt: skip
    assert theirs == mine
    assert len(mine) > 300
    assert any(family.missing for family in recomputed)


def test_every_accepted_enumerated_family_has_a_row(built: Built) -> None:
    found = sorted(built.welfare["document_id"])
    assert found == sorted(winner["document_id"] for winner, _, _ in accepted(built))


def test_a_family_without_residents_keeps_its_row_and_has_no_rank(built: Built) -> None:
    ranked = built.welfare.filter(pl.col("resident_persons") > 0)
    empty = built.welfare.filter(pl.col("resident_persons") == 0)
    assert ranked["unscored_reason"].null_count() == ranked.height
    assert empty.filter(pl.col("unscored_reason") != "no_residents").is_empty()
    for column in ("pmt_score", "percentile_kab", "decile_family_kab", "decile_person_province", "missing_inputs"):
        assert empty[column].null_count() == empty.height
        assert ranked[column].null_count() == 0


@pytest.mark.parametrize("area", ["province", "kab"])
def test_deciles_of_families_are_equal_within_one_and_never_empty(built: Built, area: str) -> None:
    groups = [scored(built)] if area == "province" else scored(built).partition_by("kab_code")
    for families in groups:
        sizes = Counter(families[f"decile_family_{area}"])
        assert max(sizes.values()) - min(sizes.values()) <= 1
        assert len(sizes) == min(10, families.height)
        poorest_first = families.sort(f"percentile_{area}")
        for column in ("pmt_score", f"decile_family_{area}", f"decile_person_{area}"):
            assert poorest_first[column].is_sorted()


@pytest.mark.parametrize("area", ["province", "kab"])
def test_deciles_of_persons_miss_a_tenth_by_less_than_a_family(built: Built, area: str) -> None:
    groups = [scored(built)] if area == "province" else scored(built).partition_by("kab_code")
    for families in groups:
        persons, largest = families["resident_persons"].sum(), families["resident_persons"].max()
        below = [
            families.filter(pl.col(f"decile_person_{area}") <= decile)["resident_persons"].sum() for decile in range(11)
        ]
        assert all(abs(Fraction(persons * d, 10) - below[d]) <= Fraction(largest, 2) for d in range(11))
        assert all(abs(Fraction(persons, 10) - (b - a)) <= largest for a, b in pairwise(below))


def test_percentiles_are_those_of_a_total_order(built: Built) -> None:
    for families in scored(built).partition_by("kab_code"):
        assert families["percentile_kab"].n_unique() == families.height
        assert families["percentile_kab"].max() == 1


def test_coverage_and_held_share_stand_beside_the_ranks(built: Built) -> None:
    winners = built.winners.with_columns(kab_code=pl.col("idsubsls").str.head(4))
    told = built.welfare.group_by("kab_code").agg(
        pl.col("held_share", "is_provisional_kab", "is_provisional_province").unique()
    )
    assert told.height > 1
    for kab_code, held_shares, provisional_kab, provisional_province in told.iter_rows():
        mine = winners.filter(kab_code=kab_code)
        held = rounded(Fraction(int(mine["is_held"].sum()), mine.height), 6)
        assert [Fraction(share) for share in held_shares] == [held]
        assert provisional_kab == [mine["is_enumerated"].sum() < Fraction(95, 100) * built.expected[kab_code]]
        assert provisional_province == [winners["is_enumerated"].sum() < Fraction(95, 100) * built.expected["35"]]


def test_the_score_ranks_as_the_simulated_welfare_does(built: Built) -> None:
    truth = pl.read_csv(built.landing / "_truth/families.csv", schema_overrides={"idsubsls": pl.String})
    joined = scored(built).join(truth, left_on="document_id", right_on="submission_id")
    assert joined.height > 300
    [correlation] = joined.select(pl.corr("pmt_score", "latent_welfare", method="spearman")).row(0)
    assert correlation >= 0.5


def test_every_variable_is_listed_with_its_treatment(built: Built, weights: dict[str, Weight]) -> None:
    listed = dict(built.variables.filter("is_in_force").select("variable", "treatment").iter_rows())
    assert listed == {name: weight.treatment for name, weight in weights.items()}
    assert Counter(listed.values()) == {"asked": 39, "derived": 3, "held_at_mean": 6, "intercept": 1}
    folded = sum(Fraction(value) for value in built.variables["in_intercept"].drop_nulls())
    assert folded == sum(
        w.coefficient * w.mean for w in weights.values() if w.treatment in ("intercept", "held_at_mean")
    )  # fmt: skip


def test_the_worked_example_of_the_docs_adds_up(weights: dict[str, Weight]) -> None:
    text = (PROJECT / "docs/family_welfare.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)` \| [^|]+ \| (-?[\d.]+) \| (-?[\d.]+) \| (-?[\d.]+) \|$", text, flags=re.MULTILINE)
    values: Values = {name: Fraction(value) for name, value, _, _ in lines}
    for name, value, coefficient, product in lines:
        assert Fraction(coefficient) == weights[name].coefficient
        assert Fraction(value) * Fraction(coefficient) == Fraction(product)
    others = {name: 0 for name, w in weights.items() if w.treatment in ("asked", "derived") and name not in values}
    score, missing = score_of(values | others, weights)
    assert missing == 0
    assert f"score = {float(score):.6f}" in text


def test_the_docs_list_every_variable(weights: dict[str, Weight]) -> None:
    text = (PROJECT / "docs/family_welfare.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text.split("## Variables")[1], flags=re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(named))) == sorted(set(weights) - {"const"})


def test_make_run_says_how_the_score_orders_the_simulated_families(built: Built) -> None:
    truth = pl.read_csv(built.landing / "_truth/families.csv", schema_overrides={"idsubsls": pl.String})
    joined = scored(built).join(truth, left_on="document_id", right_on="submission_id")
    number = joined.height
    said = score_lines(built.configured)
    assert f"{number} families of family_welfare, as of 2022-10-17" in said[0]
    correlation = joined.select(pl.corr("pmt_score", "latent_welfare", method="spearman")).item()
    assert said[1].endswith(f" {correlation:.3f}")
    columns = ("latent_welfare", "percentile_province")
    by_truth, by_score = (joined.sort(column)["document_id"].to_list() for column in columns)
    for line, cut_off in zip(said[2:], (10, 20, 30, 40), strict=True):
        taken = sum(Fraction(2 * place + 1, 2) < Fraction(number * cut_off, 100) for place in range(number))
        missed = len(set(by_truth[:taken]) - set(by_score[:taken]))
        assert f"poorest {cut_off} %" in line
        assert f"exclusion_error {missed}/{taken} = {missed / taken:.3f}" in line
        assert f"inclusion_error {missed}/{number - taken} = {missed / (number - taken):.3f}" in line


def test_a_fitted_version_in_force_scores_as_it_was_fitted(
    built: Built, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    make_survey(600, seed=2).write_csv(tmp_path / "survey.csv")
    survey = read_survey(tmp_path / "survey.csv")
    model = fit_linear(survey)
    scores = model.scores(survey)
    version = Version("uji", built.welfare["as_of"][0], "synthetic", "CC0")
    lines = [model_line(version, survey, merit(survey, scores))]
    for seed, rows in (("pmt_weights", weight_lines(version, model)), ("pmt_models", lines)):
        added = pl.DataFrame(rows)  # noqa: F841 - DuckDB reads it by its name
        names = ", ".join(rows[0])
        connection.execute(f"create or replace temp table {seed} as select * from seeds.{seed}")
        connection.execute(f"insert into {seed} ({names}) select {names} from added")
    inputs = pl.DataFrame(survey.variables).with_columns(  # noqa: F841
        pl.lit(None, pl.String).alias("document_id"), pl.lit("35").alias("idsubsls"), pl.lit(1).alias("r109"),
        pl.int_range(pl.len()).alias("r110"), pl.lit(1).alias("resident_persons"),
    )  # fmt: skip
    seeds = {"pmt_weights": "temp.pmt_weights", "pmt_models": "temp.pmt_models"}
    query = compiled(built, "int_families__pmt_scores", **seeds, int_families__pmt_inputs="inputs")
    found = connection.sql(query).pl().sort("r110")
    assert found["model_version"].unique().to_list() == ["uji"]
    assert found["missing_inputs"].sum() == 0
    assert max(abs(float(mine) - its) for mine, its in zip(found["pmt_score"], scores, strict=True)) < 1e-6


def offenders(
    built: Built, connection: duckdb.DuckDBPyConnection, test: str, weights: str = "true", models: str = "true"
) -> list[tuple]:
    """What a seed's test finds in the lines of the seeds that a condition leaves."""
    connection.execute(f"create or replace temp table some_weights as from seeds.pmt_weights where {weights}")
    connection.execute(f"create or replace temp table some_models as from seeds.pmt_models where {models}")
    tables = {"pmt_weights": "some_weights", "pmt_models": "some_models"}
    read = {seed: table for seed, table in tables.items() if seed == "pmt_models" or test.startswith("agrees")}
    return connection.sql(compiled(built, f"{test}*", **read)).fetchall()


@pytest.mark.parametrize(
    ("test", "left", "found"),
    [
        ("agrees_with_pmt_macros", {}, 0),
        ("agrees_with_pmt_macros", {"weights": "variable <> 'ac'"}, 1),
        ("agrees_with_pmt_macros", {"weights": "variable <> 'const'"}, 1),
        ("agrees_with_pmt_macros", {"weights": "variable <> 'radio'"}, 0),
        ("agrees_with_pmt_macros", {"weights": "false"}, 43),
        ("agrees_with_pmt_macros", {"models": "false"}, 43),
        ("has_a_version_in_force", {}, 0),
        ("has_a_version_in_force", {"models": "valid_from > date '2022-10-17'"}, 1),
    ],
)
def test_seeds_that_cannot_score_stop_the_build(
    built: Built, connection: duckdb.DuckDBPyConnection, test: str, left: dict[str, str], found: int
) -> None:
    assert len(offenders(built, connection, test, **left)) == found


@example(drawn=[(1, 4)] * 23)
@example(drawn=[(2, 0)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=60))
def test_any_scores_give_tenths_of_families_and_persons_in_an_order_that_repeats(
    built: Built, connection: duckdb.DuckDBPyConnection, drawn: list[tuple[int, int]]
) -> None:
    keys = built.welfare.sample(len(drawn), seed=1).iter_rows(named=True)
    families = [
        {"document_id": one["document_id"], "idsubsls": one["idsubsls"], "r109": one["building_number"],
         "r110": one["family_number"], "resident_persons": residents, "model_version": VERSION,
         "unscored_reason": None if residents else "no_residents", "pmt_score": score if residents else None,
         "missing_inputs": 0 if residents else None}
        for one, (score, residents) in zip(keys, drawn, strict=True)
    ]  # fmt: skip
    shown = ranked_by_the_mart(built, connection, families)
    assert ranked_by_the_mart(built, connection, families[::-1]).equals(shown)
    assert shown.height == len(families)
    assert shown.filter(pl.col("resident_persons") == 0)["percentile_kab"].drop_nulls().is_empty()
    ranked = shown.filter(pl.col("resident_persons") > 0)
    for area, group in [("province", ranked), *(("kab", kab) for kab in ranked.partition_by("kab_code"))]:
        assert_tenths(group.sort(f"percentile_{area}"), area)


def assert_tenths(families: pl.DataFrame, area: str) -> None:
    order = [
        (score, tie_break(key))
        for score, *key in families.select("pmt_score", "idsubsls", "building_number", "family_number").iter_rows()
    ]
    assert order == sorted(order)
    sizes = Counter(families[f"decile_family_{area}"])
    assert max(sizes.values(), default=0) - min(sizes.values(), default=0) <= 1
    persons, largest = families["resident_persons"].sum(), families["resident_persons"].max() or 0
    for tenth in range(11):
        below = families.filter(pl.col(f"decile_person_{area}") <= tenth)["resident_persons"].sum()
        assert abs(Fraction(persons * tenth, 10) - below) <= Fraction(largest, 2)


def ranked_by_the_mart(built: Built, connection: duckdb.DuckDBPyConnection, families: list[dict]) -> pl.DataFrame:
    types = {"resident_persons": pl.Int32, "pmt_score": pl.Decimal(12, 6), "missing_inputs": pl.Int32}
    drawn_scores = pl.DataFrame(families, schema_overrides=types | {"unscored_reason": pl.String})  # noqa: F841
    query = compiled(built, "family_welfare", int_families__pmt_scores="drawn_scores")
    return connection.sql(query).pl().sort("document_id")
