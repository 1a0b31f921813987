"""Simulated people: numbers that belong to nobody, households of the right size, welfare that can be recovered."""

import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation import Plan, simulate
from include.simulation.draws import Draws, rank_within
from include.simulation.families import families_of
from include.simulation.frame import province_of
from include.simulation.inhabitants import Inhabitants, inhabitants_of
from include.simulation.people import completed_years
from include.simulation.territory import apportion, territory

POORER_TO_RICHER = {
    "r303": {8: 0, 7: 0, 6: 1, 5: 1, 4: 2, 2: 3, 3: 3, 1: 4},
    "r306a": {1: 3, 2: 3, 3: 2, 4: 1, 5: 1},
    "r307b1": {1: 1, 2: 2, 3: 3, 4: 4, 5: 5},
    "r308": {10: 0, 9: 0, 4: 1, 2: 2, 3: 2, 5: 2, 1: 2},
    "r309a": {1: 2, 2: 1},
    **{f"r502{x}": {1: 1, 2: 0} for x in "bcfghikn"},
}


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("people") / "landing"
    simulate(Plan(out, enumerators=60, days=3))
    return out


@pytest.fixture(scope="module")
def everyone() -> Inhabitants:
    plan = Plan(Path("unused"), enumerators=200)
    province = province_of(plan, territory(plan))
    return inhabitants_of(province, families_of(province, 0, 200))


def rows_of(zone: Path, member: str) -> pl.DataFrame:
    frames = []
    for path in sorted((zone / "uploads").rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            final = b"K-2022-final" in archive.read("manifest.json")
            frames += [pl.read_csv(archive.read(member), infer_schema=False)] * final
    return pl.concat(frames)


def spearman(left: pl.Series, right: pl.Series) -> float:
    return float(np.corrcoef(left.rank().to_numpy(), right.rank().to_numpy())[0, 1])


def test_niks_follow_the_rules_and_belong_to_nobody(everyone: Inhabitants) -> None:
    people = everyone.people
    has = people.nik > 0
    nik = people.nik[has]
    serial, code, prefix = nik % 10_000, nik // 10_000 % 10**6, nik // 10**10
    day, month, year = code // 10_000, code // 100 % 100, code % 100
    birth = people.birth[has].astype("datetime64[D]").astype(object)
    assert has.mean() == pytest.approx(0.985, abs=0.005)
    assert len(np.unique(nik)) == len(nik)
    assert ((serial >= 9000) & (serial <= 9999)).all()
    assert ((prefix >= 110_000) & (prefix <= 999_999)).all()
    assert (day == np.array([b.day for b in birth]) + np.where(people.sex[has] == 2, 40, 0)).all()
    assert (month == np.array([b.month for b in birth])).all()
    assert (year == np.array([b.year % 100 for b in birth])).all()


def test_some_niks_were_first_issued_elsewhere(everyone: Inhabitants) -> None:
    has = everyone.people.nik > 0
    prefix = everyone.people.nik[has] // 10**10
    plan = Plan(Path("unused"), enumerators=200)
    home = province_of(plan, territory(plan)).home.prefix[everyone.families.enumerator[everyone.people.family[has]]]
    assert (prefix != home).mean() == pytest.approx(0.05, abs=0.01)
    assert 0.002 < (prefix // 10_000 != 35).mean() < 0.03


def test_kk_numbers_are_unique_and_never_a_nik(everyone: Inhabitants) -> None:
    kk = everyone.kk[everyone.kk > 0]
    assert (everyone.kk < 0).mean() == pytest.approx(0.02, abs=0.01)
    assert len(np.unique(kk)) == len(kk)
    assert (kk % 10_000 >= 9000).all()
    assert ((kk // 10**8 % 100 >= 1) & (kk // 10**8 % 100 <= 31)).all()
    assert not np.isin(kk, everyone.people.nik).any()


def test_a_part_of_the_families_has_the_numbers_of_the_whole(everyone: Inhabitants) -> None:
    plan = Plan(Path("unused"), enumerators=200)
    province = province_of(plan, territory(plan))
    families = families_of(province, 50, 60)
    alone = inhabitants_of(province, families)
    among = np.isin(everyone.families.enumerator, np.arange(50, 60))
    assert (everyone.kk[among] == alone.kk).all()
    assert (everyone.people.nik[among[everyone.people.family]] == alone.people.nik).all()


def test_uploads_hold_no_other_number_of_a_person(zone: Path) -> None:
    families, persons = rows_of(zone, FAMILY_MEMBER), rows_of(zone, PERSON_MEMBER)
    assert families["r114"].drop_nulls().str.contains(r"^\d{12}9\d{3}$").all()
    assert persons["r403"].drop_nulls().str.contains(r"^\d{12}9\d{3}$").all()
    assert families["r206"].drop_nulls().str.contains(r"^0800000\d{4,6}$").all()
    assert families["r206"].drop_nulls().len() > 500
    assert families["r107"].str.contains(r"\d{7}").sum() == 0


def test_names_are_letters_and_spaces_and_many_are_one_word(zone: Path) -> None:
    names = rows_of(zone, PERSON_MEMBER)["r402"]
    assert names.str.contains(r"^[A-Z]+( [A-Z]+)*$").all()
    assert 0.3 < (~names.str.contains(" ")).mean() < 0.65


def test_households_are_of_ordinary_size_and_the_poor_have_larger_ones(everyone: Inhabitants) -> None:
    people = everyone.people
    size = np.bincount(people.family[people.left == 0], minlength=len(everyone.families.slot))
    latent = everyone.families.latent
    poor, rich = latent < np.quantile(latent, 0.2), latent > np.quantile(latent, 0.8)
    assert 3.2 <= size.mean() <= 3.8
    assert size[poor].mean() > size[rich].mean() + 0.5
    assert size.min() == 1


def test_families_have_one_head_and_children_younger_than_their_parents(everyone: Inhabitants) -> None:
    people = everyone.people
    heads = np.bincount(people.family[people.relation == 1], minlength=len(everyone.families.slot))
    assert (heads == 1).all()
    head_birth = people.birth[people.relation == 1][people.family]
    is_child = people.relation == 3
    years_younger = (people.birth[is_child] - head_birth[is_child]).astype(int) / 365.25
    assert years_younger.min() > 12
    spouse = people.relation == 2
    assert (people.sex[spouse] != people.sex[people.relation == 1][people.family[spouse]]).all()


def test_welfare_is_recovered_by_a_simple_index(zone: Path) -> None:
    rows = rows_of(zone, FAMILY_MEMBER).filter(pl.col("r205") == "1").unique("submission_id")
    persons = rows_of(zone, PERSON_MEMBER)
    schooling = persons.group_by("submission_id").agg(
        pl.col("r415").cast(pl.Int64).replace_strict({23: 0, 3: 6, 4: 6, 8: 9, 9: 9}, default=12).mean().alias("years")
    )
    index = pl.sum_horizontal(
        pl.col(c).cast(pl.Int64).replace_strict(points, default=0) for c, points in POORER_TO_RICHER.items()
    )
    scored = rows.with_columns(points=index).join(schooling, on="submission_id")
    truth = pl.read_csv(zone / "_truth" / "families.csv").select("submission_id", "latent_welfare")
    scored = scored.join(truth, on="submission_id")
    score = scored["points"] + scored["years"].fill_null(0) / 3 - scored["r112"].cast(pl.Int64) / 2
    assert scored.height > 1000
    assert spearman(score, scored["latent_welfare"]) >= 0.6


def test_programmes_reach_the_poor_with_errors_both_ways(zone: Path) -> None:
    truth = pl.read_csv(zone / "_truth" / "families.csv").filter(~pl.col("is_gone"))
    families = rows_of(zone, FAMILY_MEMBER).select("submission_id", "r114").drop_nulls().unique("submission_id")
    recipients = pl.read_csv(zone / "programmes" / "2022-10" / "recipients.csv", infer_schema=False)
    served = set(recipients.filter(pl.col("programme") == "SEMBAKO")["no_kk"].drop_nulls())
    known = truth.join(families, on="submission_id").with_columns(pl.col("r114").is_in(served).alias("served"))
    cut = known["latent_welfare"].quantile(0.3)
    poor, others = known.filter(pl.col("latent_welfare") < cut), known.filter(pl.col("latent_welfare") >= cut)
    assert set(recipients["programme"]) == {"PKH", "SEMBAKO", "PBI_JKN", "BLT_DD", "PIP"}
    assert 0.1 < (~poor["served"]).mean() < 0.6
    assert 0.05 < others["served"].mean() < poor["served"].mean()


def test_ages_are_completed_years() -> None:
    birth = np.array(["2000-02-29", "2000-10-15", "2000-10-16", "2022-10-15"], dtype="datetime64[D]")
    day = np.array(["2022-10-15"] * 4, dtype="datetime64[D]")
    assert completed_years(birth, day).tolist() == [22, 22, 21, 0]


def test_chance_depends_on_seed_question_and_key_only() -> None:
    keys = np.arange(100_000)
    drawn = Draws(7).uniform("a", keys)
    assert (drawn[500:] == Draws(7).uniform("a", keys[500:])).all()
    assert abs(np.corrcoef(drawn, Draws(7).uniform("b", keys))[0, 1]) < 0.02
    assert abs(np.corrcoef(drawn, Draws(8).uniform("a", keys))[0, 1]) < 0.02
    assert np.histogram(drawn, 20)[0] == pytest.approx(np.full(20, 5_000), rel=0.08)
    assert Draws(7).poisson("c", keys, np.full(100_000, 1.7), 9).mean() == pytest.approx(1.7, abs=0.03)
    assert Draws(7).normal("d", keys).std() == pytest.approx(1.0, abs=0.02)


def test_graded_answers_keep_their_shares_and_follow_welfare() -> None:
    keys = np.arange(50_000)
    latent = Draws(1).normal("latent", keys)
    graded = Draws(1).graded("floor", keys, latent, {8: 0.2, 6: 0.3, 1: 0.5}, 0.6)
    assert (graded == 8).mean() == pytest.approx(0.2, abs=0.01)
    assert latent[graded == 8].mean() < latent[graded == 6].mean() < latent[graded == 1].mean()


def test_ranks_and_shares() -> None:
    assert rank_within(np.array([5, 3, 5, 5, 3])).tolist() == [0, 0, 1, 2, 1]
    assert apportion(np.array([1.0, 1.0, 8.0]), 13).tolist() == [2, 2, 9]
