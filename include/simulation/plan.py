"""What is asked of a simulation, and what it says it made."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

HEADQUARTERS_SCOPES = ("all", "frame")
MOST_LOAD_FAMILIES = 3_000


@dataclass(frozen=True)
class Plan:
    """One synthetic landing zone; the same plan always gives the same bytes, whatever `out` and `processes`.

    `headquarters`: `all` lists every family of every load in prelist, register and programmes; `frame` only those
    whom the simulated days reach. `families_per_day` is the mean per enumerator, `load_families` the norm.
    """

    out: Path
    enumerators: int = 60
    days: int = 3
    seed: int = 7
    first_day: date = date(2022, 10, 15)
    families_per_day: float = 8.0
    load_families: int = 250
    defects: bool = False
    headquarters: str = "all"
    processes: int = 2

    def __post_init__(self) -> None:
        """Raise ValueError on a plan that cannot be carried out."""
        positive = (self.enumerators, self.days, self.families_per_day, self.load_families, self.processes)
        if min(positive) <= 0:
            raise ValueError("enumerators, days, families per day, load and processes must be above zero")
        if self.load_families > MOST_LOAD_FAMILIES:
            raise ValueError(f"a load above {MOST_LOAD_FAMILIES} families does not fit an enumerator")
        if self.headquarters not in HEADQUARTERS_SCOPES:
            raise ValueError(f"headquarters must be one of {HEADQUARTERS_SCOPES}")

    @property
    def last_day(self) -> date:
        """The last simulated day: what had not arrived by its end is not in the landing zone."""
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def frame_day(self) -> date:
        """The day from which the frame counts, two weeks before the field opens."""
        return self.first_day - timedelta(days=14)

    @property
    def extract_day(self) -> date:
        """The day of the civil registry's extract."""
        return self.first_day - timedelta(days=5)


@dataclass(frozen=True)
class Summary:
    """Counts of what was written; documents and persons are rows of the uploads, not families."""

    bundles: int
    documents: int
    persons: int
    recheck_bundles: int
    defects: int
