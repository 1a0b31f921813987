"""The pages of a gate: Great Expectations' Data Docs, and before them one page that needs no network to be read."""

from pathlib import Path
from typing import Any

from jinja2 import Environment

from include.gate_result import RuleResult

OVERVIEW = "gate.html"

_PAGE = """<!doctype html>
<html lang="id">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gerbang mutu {{ gate }}, {{ as_of }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse; width: 100% } caption { text-align: left; padding: .5rem 0 }
th, td { border-bottom: 1px solid #bbb; padding: .4rem .6rem; text-align: left; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums } i { color: #555 }
.tripped { font-weight: bold; color: #9c1c1c } .passed { color: #1c6b2f }
</style>
<h1>Gerbang mutu <code>{{ gate }}</code>: {{ "DITUTUP" if closed else "TERBUKA" }}
<i lang="en">gate {{ "closed" if closed else "open" }}</i></h1>
<p>Data sampai hari kedatangan {{ as_of }}. {{ "Publikasi terakhir tetap berlaku." if closed }}
<i lang="en">As of arrival day {{ as_of }}. {{ "The last publication stays live." if closed }}</i></p>
<table>
<caption>{{ results | length }} aturan <i lang="en">rules</i>; hanya jumlah dan bagian, tanpa data orang
<i lang="en">counts and shares only, nobody's data</i></caption>
<tr><th>Aturan <i lang="en">rule</i><th>Ukuran <i lang="en">figure</i><th>Nilai <i lang="en">value</i>
<th>Batas <i lang="en">limit</i><th>Hasil <i lang="en">verdict</i>
<th>Mengapa batas ini <i lang="en">why this limit</i></tr>
{% for r in results %}
<tr><td>{{ r.rule }}<br><i>{{ r.severity }}</i><td><code>{{ r.suite }}</code><br>{{ r.figure_name }}
<td class="number">{{ "%g" | format(r.figure) }}<td class="number">{{ r.limit_text }}
<td class="{{ "passed" if r.passed else "tripped" }}">{{ "lolos" if r.passed else "terlampaui" }}
<i lang="en">{{ "passed" if r.passed else "tripped" }}</i><td lang="en">{{ why(r) }}</tr>
{% endfor %}
</table>
<p><a href="index.html">Great Expectations: Data Docs</a></p>
"""


def write_overview(results: list[RuleResult], limits: dict, gate: str, as_of: str, docs: Path) -> None:
    """Write the gate's verdicts on one page, Indonesian first, with the reason of every limit beside its figure."""

    def why(result: RuleResult) -> str:
        side = "min" if result.limit_text.startswith(">") else "max"
        return limits[result.suite][f"{result.figure_name}_{side}"]["why"]

    closed = any(not r.passed and r.severity == "critical" for r in results)
    page = Environment(autoescape=True).from_string(_PAGE)
    docs.mkdir(parents=True, exist_ok=True)
    html = page.render(results=results, gate=gate, as_of=as_of, closed=closed, why=why)
    (docs / OVERVIEW).write_text(html)


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
