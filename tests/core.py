"""The core of the project, for tests that ask of nothing else: fates, rules, progress, the score, the lists.

Building the whole project costs twice as much. A file that is marked ``core`` builds these marts and what they are made
from, without the tests of the data, which the files that build everything run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from include import gates, transform
from include.settings import Settings

SUBJECTS = ("quality", "reference")
MARTS = (
    "progress_area_daily", "progress_enumerator_daily", "upload_accounting", "workload_assignment", "figure_change",
    "family_welfare",
)  # fmt: skip
LAYERS = {
    "staging": tuple(f"path:models/staging/{folder}" for folder in ("field", "headquarters", "state")),
    "intermediate": (
        "path:models/intermediate/*.sql", "path:models/intermediate/rules/*.sql", "int_consultations__judged"
    ),
    "marts": (*(f"path:models/marts/{subject}" for subject in SUBJECTS), *MARTS),
}  # fmt: skip
SUITES = ("marts_progress_area_daily", "marts_upload_accounting", "marts_family_welfare")
POLICY = Path(Settings.model_fields["publication_policy"].default)


@contextmanager
def core_project() -> Iterator[None]:
    """Build and judge the core alone while the block lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for layer, selected in LAYERS.items():
            patch.setitem(transform.SELECTED, layer, selected)
        patch.setattr(transform, "NOT_BUILT", (*transform.NOT_BUILT, "test"))
        patch.setitem(gates.GATES, "marts", SUITES)
        patch.setitem(gates.GATES, "shock", ())
        yield


def core_marts() -> set[str]:
    """Name the marts of the core."""
    return {
        file.stem for subject in SUBJECTS for file in (transform.DBT_PROJECT / "models/marts" / subject).glob("*.sql")
    }.union(MARTS)


def core_policy(folder: Path) -> Path:
    """The publication policy of the core's marts, written into a test's folder."""
    marts = core_marts()
    header, *lines = POLICY.read_text().splitlines(keepends=True)
    path = folder / "core_policy.csv"
    path.write_text("".join([header, *(line for line in lines if line.split(",")[1] in marts)]))
    return path
