"""How a mapping says where one contract variable comes from, and where a table's worth of them do."""

from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from include.intake.exports import transforms


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def as_column(value: object) -> object:
    """Read a bare text as the name of a source column."""
    return {"source": value} if isinstance(value, str) else value


def _known_transforms(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        transforms.parse(name, ZoneInfo("UTC"))
    return names


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Pattern = Annotated[str, Field(min_length=1, description="A file or sheet name, with * for what changes in it")]


class Part(BaseModel):
    """Any part of a mapping: no key that is not described, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Part):
    """Where a contract variable comes from: a source column, changed and recoded, or a constant."""

    source: str | None = None
    constant: str | None = None
    transform: Annotated[Texts, AfterValidator(_known_transforms)] = ()
    recode: dict[str, str] | str | None = Field(None, description="A table of its own or the name of a shared one")

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if (self.source is None) == (self.constant is None):
            raise ValueError("say either source or constant")
        if self.constant is not None and (self.transform or self.recode):
            raise ValueError("a constant is neither transformed nor recoded")
        return self


class Group(Part):
    """Variables whose source columns are named alike: ``{variable}`` in the pattern stands for the variable."""

    pattern: str = "{variable}"
    transform: Annotated[Texts, AfterValidator(_known_transforms)] = ()
    recode: dict[str, str] | str | None = None
    variables: Texts


class Rows(Part):
    """One table: where it is, and which of its columns is which variable."""

    file: Pattern
    sheet: Pattern | None = None
    columns: dict[str, Annotated[Column, BeforeValidator(as_column)]] = Field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    absent: Texts = ()
    ignore: Texts = Field((), description="The tool's own columns, known and not kept; * as in file")

    def sources(self) -> dict[str, Column]:
        """Say where each variable comes from, the groups spelt out; absent ones are not in it."""
        spelt = dict(self.columns)
        for group in self.groups:
            for variable in group.variables:
                name = group.pattern.replace("{variable}", variable)
                spelt[variable] = Column(source=name, transform=group.transform, recode=group.recode)
        return spelt

    def named(self) -> list[str]:
        """List every variable this part speaks of, as often as it does."""
        return [*self.columns, *(v for group in self.groups for v in group.variables), *self.absent]
