"""The pages of a gate: Great Expectations' Data Docs, and before them one page that needs no network to be read."""

from pathlib import Path
from typing import Any

from jinja2 import Environment

from include.gate_result import RuleResult

OVERVIEW = "gate.html"

_HEAD = """<!doctype html>
<html lang="id">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gerbang mutu {{ gate }}, {{ as_of }}</title>
<style>
body { font: 16px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 72rem; padding: 0 1rem; color: #1a1a1a }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 1.5rem 0 .3rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
col.rule { width: 9rem } col.figure, col.limit { width: 6rem } col.verdict, col.owner { width: 7.5rem }
th, td { border-bottom: 1px solid #bbb; padding: .4rem .6rem; text-align: left; vertical-align: top }
td b, td.number { white-space: nowrap } td.number { text-align: right; font-variant-numeric: tabular-nums }
i, small { color: #555 }
.tripped { font-weight: bold; color: #9c1c1c } .passed { color: #1c6b2f } .skipped { color: #555 }
.said { border-left: .4rem solid #1c6b2f; background: #f2f7f3; padding: .5rem 1rem }
.closed, .alert { border-color: #9c1c1c; background: #fbf0f0 }
</style>
"""

_FOOT = """<p><a href="index.html">Great Expectations: Data Docs</a></p>
"""

_PAGE = (
    _HEAD
    + """{% macro both(id, en) %}{{ id }} <i lang="en">{{ en }}</i>{% endmacro %}
<h1>Gerbang mutu <code>{{ gate }}</code>: {{ "DITUTUP" if closed else "TERBUKA" }}
<i lang="en">gate {{ "closed" if closed else "open" }}</i></h1>
<p class="said{{ " closed" if closed }}">Data sampai hari kedatangan {{ as_of }}. {{ "Publikasi terakhir tetap berlaku."
if closed }} {{ results | length }} aturan: {{ tripped | length }} terlampaui, {{ skipped }} tidak dinilai.
<br><i lang="en">As of arrival day {{ as_of }}. {{ "The last publication stays live." if closed }}
{{ results | length }} rules: {{ tripped | length }} tripped, {{ skipped }} skipped.</i></p>
{% for r in tripped if r.alert %}
<p class="said alert" role="alert">PERINGATAN DINI: {{ both(text(r).text_id, "Alert: " ~ text(r).text_en) }}
<br>Hubungi pemilik aturan: {{ owner(r) }} <i lang="en">call the owner of the rule: {{ r.owner }}</i></p>
{% endfor %}
{% for group in groups %}
<h2>{{ both(group.title_id, group.title_en) }}</h2>
<table>
<col class="rule"><col><col class="figure"><col class="limit"><col class="verdict"><col class="owner"><col>
<tr><th>{{ both("Aturan", "rule") }}<th>{{ both("Artinya", "what it means") }}<th>{{ both("Nilai", "figure") }}
<th>{{ both("Batas", "limit") }}<th>{{ both("Hasil", "verdict") }}<th>{{ both("Pemilik", "owner") }}
<th>{{ both("Mengapa batas ini", "why this limit") }}</tr>
{% for r in group.results %}
<tr id="{{ r.rule }}"><td><b>{{ r.rule }}</b><br><small>{{ severities[r.severity] }}</small>
<td>{{ text(r).text_id }}<br><i lang="en">{{ text(r).text_en }}</i><br><small><code>{{ r.figure_name }}</code></small>
<td class="number">{{ shown(r) }}<td class="number">{{ limit(r) }}
<td class="{{ r.verdict }}">{{ verdicts[r.verdict] }}<br><i lang="en">{{ r.verdict }}</i>
<td>{{ owner(r) }}<br><i lang="en">{{ r.owner }}</i>
<td lang="en"><small>{{ text(r).why }}</small></tr>
{% endfor %}
</table>
{% endfor %}
<p><small>Hanya jumlah dan bagian, tanpa data orang. <i lang="en">Counts and shares only, nobody's data.</i></small></p>
"""
    + _FOOT
)

_FAULT = (
    _HEAD
    + """<h1>Gerbang mutu <code>{{ gate }}</code>: GANGGUAN <i lang="en">fault</i></h1>
<p class="said alert" role="alert">Gerbang ini tidak dapat dinilai. Ini kesalahan sistem kami, bukan kesalahan data atau
petugas. Publikasi terakhir tetap berlaku; tim data memperbaikinya.
<br><i lang="en">This gate could not be judged. The fault is ours, not the data's or the field's. The last publication
stays live; the data team mends it.</i></p>
<p>Data sampai hari kedatangan {{ as_of }}. <i lang="en">As of arrival day {{ as_of }}.</i></p>
<p><code>{{ said }}</code></p>
"""
)

_SEVERITIES = {"critical": "kritis: menutup gerbang", "warning": "peringatan: dicatat"}
_VERDICTS = {"passed": "lolos", "tripped": "terlampaui", "skipped": "tidak dinilai"}
_OWNERS = {"field-data": "data lapangan", "headquarters": "kantor pusat", "data-team": "tim data"}
_GROUPS = (
    ("tripped", "Terlampaui", "tripped"),
    ("passed", "Lolos", "passed"),
    ("skipped", "Tidak dinilai: kasus terlalu sedikit", "skipped: too few cases"),
)


def write_overview(results: list[RuleResult], limits: dict, gate: str, as_of: str, docs: Path) -> None:
    """Write the gate's verdicts on one page, Indonesian first: what tripped comes first, then the rest."""

    def text(result: RuleResult) -> dict[str, str]:
        side = "min" if result.limit_text.startswith(">") else "max"
        return limits[result.suite][f"{result.figure_name}_{side}"]

    groups = [
        {"title_id": title_id, "title_en": title_en, "results": [r for r in results if r.verdict == verdict]}
        for verdict, title_id, title_en in _GROUPS
        if any(r.verdict == verdict for r in results)
    ]
    html = _rendered(
        _PAGE, results=results, gate=gate, as_of=as_of, text=text, groups=groups, shown=_figure, limit=_limit,
        tripped=[r for r in results if r.verdict == "tripped"], skipped=sum(r.skipped for r in results),
        closed=any(r.closes for r in results), owner=lambda r: _OWNERS.get(r.owner, r.owner),
        severities=_SEVERITIES, verdicts=_VERDICTS,
    )  # fmt: skip
    _write(docs, html)


def write_fault(gate: str, as_of: str, said: str, docs: Path) -> None:
    """Write, where the verdicts would stand, that the gate itself failed and that the data is not to blame."""
    _write(docs, _rendered(_FAULT, gate=gate, as_of=as_of, said=said))


def build_data_docs(context: Any, docs: Path) -> None:  # noqa: ANN401 - Great Expectations' own context
    """Build Great Expectations' pages of one gate."""
    docs.mkdir(parents=True, exist_ok=True)
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)}
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site(site_name="gate", site_config={**site, "store_backend": backend})
    context.build_data_docs(site_names=["gate"])
    for film in docs.glob("static/images/*.gif"):
        film.unlink()  # 3 MB of Great Expectations' own tutorial in every night's pages


def _rendered(template: str, **words: Any) -> str:  # noqa: ANN401
    return Environment(autoescape=True, trim_blocks=True).from_string(template).render(**words)


def _write(docs: Path, html: str) -> None:
    docs.mkdir(parents=True, exist_ok=True)
    (docs / OVERVIEW).write_text(html)


def _figure(result: RuleResult) -> str:
    return "-" if result.figure is None else _number(result.figure_name, result.figure)


def _limit(result: RuleResult) -> str:
    sign, value = result.limit_text.split()
    return f"{'≥' if sign == '>=' else '≤'} {_number(result.figure_name, float(value))}"


def _number(name: str, value: float) -> str:
    """Write a number as Indonesian readers do, a share in percent."""
    if name.endswith("_share") or "_share_" in name:
        return f"{value * 100:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
    return f"{value:,.6g}".replace(",", "\0").replace(".", ",").replace("\0", ".")
