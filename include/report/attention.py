"""What needs attention today, from published figures alone: each list with its rule, its worst first."""

from dataclasses import dataclass

from include.report.areas import Area, last_day
from include.report.marts import Row

SHOWN = 10
LIKELY = 0.5


@dataclass(frozen=True)
class Attention:
    """Areas and gate rules to look at; lists are whole, pages show their first ``SHOWN``."""

    late: list[Area]
    silent: list[Area]
    tripped: list[Row]


def attention(kab_kota: list[Area], received_today: dict[str, int], gates: list[Row]) -> Attention:
    """Find what needs attention.

    Args:
        kab_kota: the kab/kota.
        received_today: documents received on the as-of day, by kab/kota.
        gates: verdicts of the gates, as the package lists them.
    """
    chances = {area.code: area.forecast["finish_probability"] for area in kab_kota if area.forecast}
    late = [area for area in kab_kota if (chance := chances.get(area.code)) is not None and chance < LIKELY]
    silent = [area for area in kab_kota if not received_today.get(area.code) and (area.share or 0) < 1]
    tripped = [gate for gate in gates if not gate["passed"] and not gate.get("skipped")]
    late.sort(key=lambda area: (chances[area.code], area.share or 0, area.code))
    return Attention(late, silent, tripped)


def pace(area: Area) -> tuple[float | None, float | None]:
    """Families a day: the pace the forecast starts from, and the one needed to finish in the window."""
    forecast = area.forecast or {}
    return forecast.get("pooled_families_per_day"), last_day(area).get("required_families_per_day")
