"""What a mapping may say: which file and column of a tool's export is which variable of the contract.

``docs/exports.md`` explains every key; ``mappings/`` has one worked example per tool.
"""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from include.contract import FAMILY_COLUMNS, FORM_VERSIONS, PERSON_COLUMNS
from include.intake.exports.columns import Column, Part, Pattern, Rows, Texts, as_column

Tool = Literal[
    "odk_central", "kobotoolbox", "survey_solutions", "surveycto_wide", "surveycto_long", "stata", "spss", "excel"
]
# Persons stand in a table of their own in these tools' exports, always or never; the others allow both.
ALWAYS_LONG = ("odk_central", "kobotoolbox", "survey_solutions", "surveycto_long")
ALWAYS_WIDE = ("surveycto_wide",)

# What no export can do without: who, where, which document, which line.
NEVER_ABSENT = frozenset(
    ("submission_id", "revision", "is_deleted", "r101", "r102", "r103", "r104", "r105", "r109", "r110", "r202", "r401")
)
# A source that every table of persons has: the person's place in the family, from 1, in the order of the file.
LINE = "@line"
# A person's id and revision are those of the family row it is linked to.
LINKED = ("submission_id", "revision")


def _known_form(version: str) -> str:
    if version not in FORM_VERSIONS:
        raise ValueError(f"no form version of the contract; there are {', '.join(FORM_VERSIONS)}")
    return version


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("no such time zone") from None
    return name


class Families(Rows):
    """The table with one row per family document."""

    key: Texts = Field(description="Columns that persons refer to")
    skip: dict[str, Texts] = Field(default_factory=dict, description="Rows that are no document: values by column")


class Persons(Rows):
    """The table with one row per person, linked by ``parent``; or, ``wide``, persons in the family's own row."""

    file: Pattern | None = None  # type: ignore[assignment]  # a wide export has no file of persons
    parent: Texts = Field((), description="Columns that hold the family's key")
    wide: bool = Field(False, description="Source columns of person n are named with {n}")


class Meta(Part):
    """What a bundle's manifest says and an export has in columns of the family table."""

    device_id: str | None = None
    uploaded_at: Annotated[Column | None, BeforeValidator(as_column)] = None


class Review(Part):
    """Survey Solutions' own files: what supervisors and headquarters did, and what its checks left open."""

    actions: Pattern = "interview__actions.tab"
    errors: Pattern = "interview__errors.tab"


class Mapping(Part):
    """One mapping: everything that is to be known about one tool's export of one form."""

    id: Annotated[str, Field(pattern=r"[a-z][a-z0-9_]{0,39}")]
    tool: Tool
    form_version: Annotated[str, AfterValidator(_known_form)]
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Jakarta"
    missing: Texts = Field((), description="Values that mean missing, in every column")
    recodes: dict[str, dict[str, str]] = Field(default_factory=dict)
    families: Families
    persons: Persons
    meta: Meta = Meta()
    review: Review | None = None

    @model_validator(mode="after")
    def _covers_the_contract(self) -> Self:
        _cover("families", self.families.named(), FAMILY_COLUMNS)
        _cover("persons", self.persons.named(), tuple(c for c in PERSON_COLUMNS if c not in LINKED))
        _need(self.families.absent, "families")
        _need(self.persons.absent, "persons")
        return self

    @model_validator(mode="after")
    def _names_recodes_it_has(self) -> Self:
        for part in (self.families, self.persons):
            for variable, column in part.sources().items():
                if isinstance(column.recode, str) and column.recode not in self.recodes:
                    raise ValueError(f"{variable}: no recode table {column.recode}")
        return self

    @model_validator(mode="after")
    def _fits_its_tool(self) -> Self:
        wide = self.persons.wide
        if (wide and self.tool in ALWAYS_LONG) or (not wide and self.tool in ALWAYS_WIDE):
            raise ValueError(f"persons.wide: {self.tool} writes persons {'in their own table' if wide else 'wide'}")
        if wide == bool(self.persons.file or self.persons.sheet or self.persons.parent):
            raise ValueError("persons: say either wide: true, or file (or sheet) and parent")
        if not wide and not (self.persons.parent and (self.persons.file or self.persons.sheet)):
            raise ValueError("persons: say file (or sheet) and parent")
        if wide and any(
            c.source and c.source != LINE and "{n}" not in c.source for c in self.persons.sources().values()
        ):
            raise ValueError("persons: with wide: true every source names the person with {n}")
        if self.review and self.tool != "survey_solutions":
            raise ValueError("review: only survey_solutions has files of actions and errors")
        return self

    def table_of(self, recode: dict[str, str] | str | None) -> dict[str, str] | None:
        """Give a column's recode table, shared ones looked up."""
        return self.recodes[recode] if isinstance(recode, str) else recode


def _cover(part: str, named: list[str], contract: tuple[str, ...]) -> None:
    for problem, variables in {
        "no variable of the contract": [v for v in named if v not in contract],
        "said twice": sorted({v for v in named if named.count(v) > 1}),
        "unmapped; map it, or list it under absent": [v for v in contract if v not in named],
    }.items():
        if variables:
            raise ValueError(f"{part}: {', '.join(variables)}: {problem}")


def _need(absent: tuple[str, ...], part: str) -> None:
    needed = [variable for variable in absent if variable in NEVER_ABSENT]
    if needed:
        raise ValueError(f"{part}: {', '.join(needed)}: cannot be absent")
