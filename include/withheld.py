"""What may be said of an error in logs and on pages: DuckDB and Arrow quote the value that they could not read."""

import re

import pyarrow as pa

WITHHELD = "(values withheld)"
# Errors about the data; those about names, files and memory quote none. The line of SQL below is code.
_OF_DATA = re.compile(
    r"\b((?:Conversion|Invalid Input|Constraint|Out of Range|Mismatch Type|Invalid Type) Error): "
    r".*?(source column \w+)?(?=\s*\bLINE [0-9]+:|\s*\Z)",
    re.DOTALL,
)


def said_of(error: BaseException) -> str:
    """What an error says, without the values that it quotes."""
    return WITHHELD if isinstance(error, pa.ArrowException) else without_values(str(error))


def without_values(message: str) -> str:
    """A message, of DuckDB itself or passed on, with what it says about a value withheld; the column's name stays."""
    return _OF_DATA.sub(lambda found: " ".join(filter(None, (f"{found[1]}:", found[2], WITHHELD))), message)
