"""What a person's numbers look like: NIK and KK, 16 digits on their own, and mobile phones, +62 8… or 08…."""

import re

import pyarrow as pa
import pyarrow.compute as pc

NIK_SHAPED, PHONE_SHAPED = "NIK- or KK-shaped", "phone-shaped"
_DIGITS = {NIK_SHAPED: "[0-9]{16}", PHONE_SHAPED: r"(?:\+62[ -]?|0)8[0-9]{8,11}"}
_IN_VALUES = {what: f"(?:^|[^0-9A-Za-z]){digits}(?:$|[^0-9A-Za-z])" for what, digits in _DIGITS.items()}
# Digits after a decimal point are a fraction's: in scripts it may begin with the point.
_BEFORE = r"(?<![0-9A-Za-z])(?<![0-9]\.)(?<![^0-9A-Za-z]\.)"
_IN_TEXT = {what: re.compile(f"{_BEFORE}{digits}(?![0-9A-Za-z])") for what, digits in _DIGITS.items()}
# 2^53 - 1 and 2^53, the largest whole numbers that scripts count with.
_CONSTANTS = {str(2**53 - 1), str(2**53)}
_SMALLEST, _LARGEST = 10**15, 10**16


def numbers_in(text: str) -> dict[str, list[str]]:
    """The numbers of each shape that a text holds; shapes that it holds none of are left out."""
    found = {what: [m for m in shape.findall(text) if m not in _CONSTANTS] for what, shape in _IN_TEXT.items()}
    return {what: numbers for what, numbers in found.items() if numbers}


def in_text(text: str) -> dict[str, int]:
    """How many numbers of each shape a text holds; shapes that it holds none of are left out."""
    return {what: len(numbers) for what, numbers in numbers_in(text).items()}


def in_column(values: pa.ChunkedArray) -> dict[str, int]:
    """How many rows of a column hold a number of each shape; dates and truth values hold none.

    Phones are not looked for among numbers: a sum of money may have as many digits.
    """
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return _in_texts(values)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        size = pc.abs(pc.cast(values, pa.float64()))
        count = pc.sum(pc.and_(pc.greater_equal(size, float(_SMALLEST)), pc.less(size, float(_LARGEST)))).as_py()
        return {NIK_SHAPED: count} if count else {}
    return {}


def _in_texts(values: pa.ChunkedArray) -> dict[str, int]:
    """Few texts are many rows', so that each is looked at once."""
    counted = pc.value_counts(values)
    found = {}
    for what, shape in _IN_VALUES.items():
        hit = pc.fill_null(pc.match_substring_regex(counted.field("values"), shape), False)
        found[what] = pc.sum(counted.field("counts").filter(hit)).as_py() or 0
    return {what: count for what, count in found.items() if count}
