"""The rows of `anggota.csv`."""

import numpy as np
import polars as pl

from include.contract import PERSON_COLUMNS
from include.simulation.answers import Answered
from include.simulation.columns import code_column, code_columns
from include.simulation.documents import INCOMPLETE, Documents
from include.simulation.draws import EMPTY, Flags, Ints, ranges, rank_within

_NIK_NOT_WRITTEN_SHARE = 0.02
_ANSWERED_BEFORE_INTERRUPTION = 2
_LEFT_OPEN = ("r411", "r430")


def person_positions(answered: Answered, documents: Documents) -> tuple[Ints, Ints]:
    """For every person row: the position of its document and that of its person."""
    family = answered.interview.people.family
    counts = np.bincount(family, minlength=len(answered.interview.families.slot))
    starts = np.cumsum(counts) - counts
    carrying = np.flatnonzero(documents.carries_persons())
    mine = documents.family[carrying]
    return np.repeat(carrying, counts[mine]), ranges(starts[mine], counts[mine])


def person_rows(answered: Answered, documents: Documents, submission_id: pl.Series) -> pl.DataFrame:
    """One row a person of each document that carries persons, in the contract's column order."""
    document, person = person_positions(answered, documents)
    people = answered.interview.people
    line = rank_within(people.family) + 1
    written = answered.interview.passing.happens("NIK not written", people.key, _NIK_NOT_WRITTEN_SHARE)
    columns = {
        "submission_id": submission_id.gather(document),
        "revision": pl.Series(documents.revision[document]),
        "r401": pl.Series(line[person]),
        "r402": answered.heard_name.gather(person),
        "r403": code_column("r403", np.where(written, EMPTY, people.nik)[person]),
        **code_columns(answered.person, person),
    }
    open_still = (documents.outcome[document] == INCOMPLETE) & (line[person] > _ANSWERED_BEFORE_INTERRUPTION)
    return pl.DataFrame(_interrupted(columns, open_still)).select(PERSON_COLUMNS)


def _interrupted(columns: dict[str, pl.Series], open_still: Flags) -> dict[str, pl.Series]:
    """An interview that broke off leaves the last persons' papers and illnesses unasked."""
    return {name: series.set(pl.Series(open_still), None) if name in _LEFT_OPEN else series
            for name, series in columns.items()}  # fmt: skip
