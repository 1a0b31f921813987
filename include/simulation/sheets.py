"""The rows of a set of bundles before they are packed, with the bundle of each row."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.answers import Answered
from include.simulation.bundling import Bundles
from include.simulation.documents import Documents
from include.simulation.draft_form import families_in_draft_codes, persons_in_draft_codes
from include.simulation.draws import Draws, Ints
from include.simulation.families import Province
from include.simulation.family_rows import family_rows
from include.simulation.field_force import FieldForce
from include.simulation.person_rows import person_positions, person_rows
from include.simulation.timing import interview_times


@dataclass(frozen=True)
class Sheets:
    """Family rows and person rows in order of their bundles; `person_document` is the row of the person's family."""

    families: pl.DataFrame
    family_bundle: Ints
    persons: pl.DataFrame
    person_bundle: Ints
    person_document: Ints


def sheets_of(
    province: Province, force: FieldForce, answered: Answered, documents: Documents, bundle: Ints, bundles: Bundles
) -> Sheets:
    """Fill in the form for each document and each of its persons, in the codes of the bundle's form version."""
    person_document, _ = person_positions(answered, documents)
    persons_count = np.bincount(person_document, minlength=len(documents.family))
    families = answered.interview.families
    times = interview_times(Draws(province.plan.seed, "clock"), families, documents, persons_count)
    rows = family_rows(province, force, answered, documents, times)
    persons = person_rows(answered, documents, rows["submission_id"])
    person_bundle = bundle[person_document]
    return Sheets(
        families=families_in_draft_codes(rows, bundles.is_draft_form[bundle]),
        family_bundle=bundle,
        persons=persons_in_draft_codes(persons, bundles.is_draft_form[person_bundle]),
        person_bundle=person_bundle,
        person_document=person_document,
    )


def row_numbers(bundle: Ints) -> Ints:
    """The data row (from 1) within its member, for rows in order of their bundles."""
    first = np.searchsorted(bundle, bundle)
    return np.arange(len(bundle)) - first + 1
