"""Two languages in one page: both texts are there and the browser shows one; numbers and days are written in
Indonesian and carry their value, so that the browser can write them in English."""

from datetime import date

from markupsafe import Markup, escape

NOT_THERE = Markup('<span class="none">&ndash;</span>')
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


def both(indonesian: str, english: str) -> Markup:
    """One text in both languages; markup in it stands as it is only if it is safe already."""
    return Markup('<span lang="id">{}</span><span lang="en">{}</span>').format(indonesian, english)


def number_text(value: float, digits: int = 0) -> str:
    """Write a number as Indonesian does: ``1.234,5``."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def number(value: float | None, digits: int = 0) -> Markup:
    """A number of a page; a dash where there is none."""
    if value is None:
        return NOT_THERE
    return _data(f"{value:.{digits}f}", f"n{digits}", number_text(value, digits))


def percent(share: float | None, digits: int = 1) -> Markup:
    """A share as a percentage; a dash where there is none."""
    if share is None:
        return NOT_THERE
    return _data(f"{share:.6f}", f"p{digits}", number_text(share * 100, digits) + "%")


def day_text(day: date) -> str:
    """Write a day as Indonesian does: ``5 Januari 2023``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day(value: date | None) -> Markup:
    """A day of a page; a dash where there is none."""
    if value is None:
        return NOT_THERE
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day_text(value))


def withheld() -> Markup:
    """What stands where a figure is withheld for privacy."""
    return Markup('<span class="withheld">{}</span>').format(both("disamarkan", "withheld"))


def _data(value: str, form: str, text: str) -> Markup:
    return Markup('<data value="{}" data-f="{}">{}</data>').format(value, form, escape(text))
