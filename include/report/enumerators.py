"""Enumerators of a kab/kota, under the pseudonyms that tier ``restricted`` publishes them by; ``open`` has none."""

from collections import defaultdict

from include.report.marts import Marts, Row

MART, PSEUDONYM = "progress_enumerator_daily", "enumerator"
STATUS_NAMES = {
    "finished": ("selesai", "finished"),
    "inactive": ("tidak mengirim", "inactive"),
    "stagnant": ("tidak bertambah", "stagnant"),
    "at_risk": ("berisiko", "at risk"),
    "on_track": ("lancar", "on track"),
}


def read_enumerators(marts: Marts) -> dict[str, list[Row]]:
    """Read how far every enumerator is as of the last day, by kab/kota, the least done first; none but by pseudonym."""
    if PSEUDONYM not in marts.columns(MART):
        return {}
    by_kab: dict[str, list[Row]] = defaultdict(list)
    statement = """
        select enumerator, kab_code, max(field_day) filter (where families > 0) as last_day,
            max_by(families_cumulative, field_day) as done, max_by(load_families, field_day) as load,
            max_by(done_share, field_day) as share, max_by(status, field_day) as status,
            sum(documents)::bigint as documents
        from mart group by all order by kab_code, share nulls last, enumerator
    """
    for row in marts.rows(MART, statement):
        by_kab[row["kab_code"]].append(row)
    return dict(by_kab)
