"""Quotients and decimals as the marts print them, exactly."""

from fractions import Fraction


def rounded(value: Fraction, places: int) -> Fraction:
    """Half away from zero."""
    steps = abs(value) * 10**places
    whole_steps = (2 * steps + 1).__floor__() // 2
    return Fraction(whole_steps if value >= 0 else -whole_steps, 10**places)


def quotient(numerator: int | Fraction, denominator: int | Fraction, places: int) -> Fraction | None:
    """A rounded quotient; None where there is nothing to divide by."""
    return rounded(Fraction(numerator) / Fraction(denominator), places) if denominator else None
