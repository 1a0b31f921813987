"""Pieces of SQL that the suites on staging share: filled, inside its code list, readable, and of the usual kind."""

from collections.abc import Iterable

# First and last code of each list (docs/domain.md §1), final codes; only answers that every form version asks.
FAMILY_CODES = {
    "r111": (1, 3), "r205": (1, 5), "r301a": (1, 5), "r303": (1, 9), "r304": (1, 7), "r305": (1, 8), "r306a": (1, 11),
    "r307a": (1, 4), "r308": (0, 11), "r309a": (1, 6), "r310": (1, 6), "r501a": (1, 2), "r502a": (1, 2),
    "r505": (0, 3), "r506": (1, 4),
}  # fmt: skip
PERSON_CODES = {
    "r404": (1, 6), "r405": (1, 2), "r408": (1, 4), "r409": (1, 8), "r411": (0, 7), "r412": (1, 3), "r416a": (1, 2),
    "r418": (1, 8), "r420a": (1, 2), "r430": (1, 18),
}  # fmt: skip

# Housing answers that every complete visit gives, whatever the others say: r310 is not asked where there is no toilet.
KEY_HOUSING = ("r301a", "r302", "r303", "r304", "r305", "r306a", "r307a", "r308", "r309a")


def filled_share(columns: Iterable[str], universe: str) -> str:
    """Share of answers filled where the universe asks for them; empty where it asks for none."""
    names = list(columns)
    filled = " + ".join(f"count(case when {universe} then {name} end)" for name in names)
    return f"({filled}) * 1.0 / nullif({len(names)} * count(case when {universe} then 1 end), 0)"


def outside_share(codes: dict[str, tuple[int, int]]) -> str:
    """Share of filled codes outside their list, 0 where none is filled."""
    outside = " + ".join(
        f"count(case when {name} not between {low} and {high} then 1 end)" for name, (low, high) in codes.items()
    )
    return f"coalesce(({outside}) * 1.0 / nullif({_filled(codes)}, 0), 0)"


def unreadable_share(columns: Iterable[str], typed: str, written: str) -> str:
    """Share of values filled in ``written`` that are empty in ``typed``, the same rows after typing."""
    names = list(columns)
    there = f"(select {_filled(names)} from {written})"  # noqa: S608 - our own SQL
    here = f"(select {_filled(names)} from {typed})"  # noqa: S608 - our own SQL
    return f"coalesce(({there} - {here}) * 1.0 / nullif({there}, 0), 0)"


def drift(variables: Iterable[str]) -> str:
    """CTEs that end in ``moved``: for each column of ``recent`` the total-variation distance of tonight's distribution
    from that of the days before (0 the same, 1 nothing in common), and how few rows either side has."""
    names = list(variables)
    stacked = "\n    union all\n".join(
        f"    select '{name}' as variable, {name} as code, is_tonight from recent where {name} is not null"  # noqa: S608 - our own SQL
        for name in names
    )
    distances = ",\n        ".join(
        f"coalesce(max(case when variable = '{name}' then distance end), 0) as {name}_drift" for name in names
    )
    return f"""stacked as (
{stacked}
),

counted as (
    select
        variable, code,
        count(case when is_tonight then 1 end) as tonight,
        count(case when not is_tonight then 1 end) as before
    from stacked
    group by variable, code
),

shares as (
    select
        variable,
        abs(
            tonight * 1.0 / nullif(sum(tonight) over (partition by variable), 0)
            - before * 1.0 / nullif(sum(before) over (partition by variable), 0)
        ) as apart
    from counted
),

distances as (
    select variable, sum(apart) / 2 as distance from shares group by variable
),

moved as (
    select
        {distances},
        (
            select least(count(case when is_tonight then 1 end), count(case when not is_tonight then 1 end))
            from recent
        ) as rows_compared
    from distances
)"""  # noqa: S608 - our own SQL


def _filled(columns: Iterable[str]) -> str:
    return " + ".join(f"count({name})" for name in columns)
