"""What headquarters holds before the field opens: prelist, civil register, recipients; true but for their age."""

import numpy as np
import polars as pl

from include.simulation.aid import Aid, aid_of
from include.simulation.columns import code_column, headquarters_columns
from include.simulation.draws import EMPTY, Flags, Ints
from include.simulation.families import GONE, Families, Province
from include.simulation.household import HEAD
from include.simulation.inhabitants import Inhabitants
from include.simulation.people import DIED, NOT_FOUND, People

_REGISTERED_SHARE = 0.985
_DEATH_RECORDED_SHARE, _MOVE_RECORDED_SHARE = 0.85, 0.6


def known_families(province: Province, inhabitants: Inhabitants) -> dict[str, pl.DataFrame]:
    """The rows of the prelist, the register and the recipients for these families, by file."""
    families, people, kk = inhabitants.families, inhabitants.people, inhabitants.kk
    aid = aid_of(province.draws, families, people, np.datetime64(province.plan.first_day))
    return {
        "prelist_families": prelist_families(province, families, people, kk),
        "prelist_persons": prelist_persons(province, families, people),
        "population": population(province, families, people, kk),
        "recipients": recipients(people, kk, aid),
    }


def prelist_ids(province: Province, families: Families) -> pl.Series:
    """`prelist_family_id`: the sub-SLS and the family's number in it."""
    number = pl.Series(families.number).cast(pl.String).str.zfill(3)
    return province.idsubsls.gather(families.sub_sls) + "-" + number


def prelist_families(province: Province, families: Families, people: People, kk: Ints) -> pl.DataFrame:
    """`prelist_families.csv`: families once listed, some of them gone."""
    heads = people.name.gather(np.flatnonzero(people.relation == HEAD))
    expected = np.bincount(people.family[people.is_prelisted], minlength=len(families.slot))
    rows = pl.DataFrame(
        {
            "idsubsls": province.idsubsls.gather(families.sub_sls),
            "prelist_family_id": prelist_ids(province, families),
            "head_name": heads,
            "no_kk": code_column("no_kk", kk),
            "expected_members": expected,
        }
    )
    return rows.filter(pl.Series(families.is_prelisted)).select(headquarters_columns("frame", "prelist_families"))


def prelist_persons(province: Province, families: Families, people: People) -> pl.DataFrame:
    """`prelist_persons.csv`: members once listed, some of them dead or moved."""
    listed = np.flatnonzero(people.is_prelisted)
    rows = pl.DataFrame(
        {
            "prelist_family_id": prelist_ids(province, families).gather(people.family[listed]),
            "nik": code_column("nik", people.nik[listed]),
            "name": people.name.gather(listed),
            "sex": people.sex[listed],
            "birth_date": people.birth[listed],
        }
    )
    return rows.select(headquarters_columns("frame", "prelist_persons"))


def population(province: Province, families: Families, people: People, kk: Ints) -> pl.DataFrame:
    """`population.csv`: the civil register's extract, where deaths and moves arrive late."""
    draws = province.draws
    registered = np.flatnonzero((people.nik != EMPTY) & draws.happens("registered", people.key, _REGISTERED_SHARE))
    family = people.family[registered]
    desa = province.place.column("kemendagri_desa_code").gather(families.enumerator[family])
    status = _life_status(province, families, people)[registered]
    rows = pl.DataFrame(
        {
            "nik": people.nik[registered],
            "no_kk": code_column("no_kk", kk[family]),
            "name": people.name.gather(registered),
            "sex": people.sex[registered],
            "birth_date": people.birth[registered],
            "kemendagri_desa_code": desa,
            "life_status": pl.Series(["alive", "dead", "moved"]).gather(status),
        }
    )
    return rows.select(headquarters_columns("register", "population"))


def _life_status(province: Province, families: Families, people: People) -> Ints:
    """0 alive, 1 dead, 2 moved, as far as recorded."""
    draws, key = province.draws, people.key
    family_gone = families.status[people.family] == GONE
    moved = (people.left > DIED) & (people.left < NOT_FOUND) | family_gone
    dead = (people.left == DIED) & draws.happens("death recorded", key, _DEATH_RECORDED_SHARE)
    moved &= draws.happens("move recorded", key, _MOVE_RECORDED_SHARE)
    return np.where(dead, 1, np.where(moved, 2, 0))


def recipients(people: People, kk: Ints, aid: Aid) -> pl.DataFrame:
    """`recipients.csv`: a family programme is paid to the wife where there is one, else to the head."""
    payee = _payees(people, len(kk))
    by_family = {"PKH": aid.pkh, "SEMBAKO": aid.sembako, "BLT_DD": aid.blt_desa}
    by_person = {"PBI_JKN": aid.pbi_jkn, "PIP": aid.pip}
    listed = [
        *((name, payee[flags]) for name, flags in by_family.items()),
        *((name, np.flatnonzero(flags)) for name, flags in by_person.items()),
    ]
    rows = [_recipients_of(name, persons, people, kk) for name, persons in listed]
    return pl.concat(rows).sort("family", maintain_order=True).drop("family")


def _payees(people: People, families: int) -> Ints:
    payee = np.zeros(families, dtype=np.int64)
    for asked in (people.relation == HEAD, _wives(people)):
        persons = np.flatnonzero(asked)
        payee[people.family[persons]] = persons
    return payee


def _wives(people: People) -> Flags:
    return (people.relation == HEAD + 1) & (people.sex == 2)


def _recipients_of(programme: str, persons: Ints, people: People, kk: Ints) -> pl.DataFrame:
    nik, family_number = people.nik[persons], kk[people.family[persons]]
    named = (nik != EMPTY) | (family_number != EMPTY)
    rows = pl.DataFrame(
        {
            "programme": pl.Series([programme]).new_from_index(0, len(persons)),
            "nik": code_column("nik", nik),
            "no_kk": code_column("no_kk", family_number),
        }
    )
    rows = rows.select(headquarters_columns("programmes", "recipients"))
    return rows.with_columns(family=people.family[persons]).filter(pl.Series(named))
