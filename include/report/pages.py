"""Pages from templates: what every page is given, and how one is written."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from include.report.attention import pace
from include.report.boundaries import CREDIT
from include.report.language import NOT_THERE, both, day, number, percent, withheld

_TEMPLATES = Path(__file__).parent / "templates"
MENU = (
    ("index.html", ("Sekilas", "At a glance")),
    ("quality.html", ("Mutu data", "Data quality")),
    ("targeting.html", ("Ketepatan sasaran", "Targeting")),
    ("shock.html", ("Bencana", "Shock events")),
    ("catalogue.html", ("Katalog data", "Data catalogue")),
)
CLASS_NAMES = (
    ("di bawah 25%", "below 25%"),
    ("25 - <50%", "25 - <50%"),
    ("50 - <75%", "50 - <75%"),
    ("75 - <95%", "75 - <95%"),
    ("95% ke atas", "95% and above"),
)
_MISSING = {
    "nothing_expected": ("tidak ada perkiraan keluarga", "no family expected"),
    "no_data": ("belum ada hari kerja", "no working day yet"),
    "no_completion_in_horizon": ("tidak dalam 365 hari", "not within 365 days"),
}


@dataclass(frozen=True)
class Writer:
    """Writes pages of one site: where it lies, and what all its pages say."""

    out: Path
    environment: Environment

    def write(self, page: str, template: str, title: tuple[str, str], given: Mapping[str, Any]) -> None:
        """Write one page below the site; ``maps`` and ``charts`` in ``given`` bring their libraries."""
        home = self.out / page
        home.parent.mkdir(parents=True, exist_ok=True)
        known: dict[str, Any] = {"page": page, "title": title, "root": "../" * page.count("/"), "charts": False}
        text = self.environment.get_template(f"{template}.html.j2").render({**known, "maps": False, **given})
        home.write_text(text + "\n", encoding="utf-8")

    def write_script(self, name: str, text: str) -> None:
        """Write a script of data below the site's assets."""
        home = self.out / "assets" / name
        home.parent.mkdir(parents=True, exist_ok=True)
        home.write_text(text, encoding="utf-8")


def writer(out: Path, as_of: date, version: str) -> Writer:
    """Make a writer of pages that all say their as-of day and version."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        keep_trailing_newline=False, auto_reload=False,
    )  # fmt: skip
    environment.globals |= {
        "both": both, "n": number, "p": percent, "day": day, "withheld": withheld, "figure": gate_figure,
        "missing": lambda reason: _MISSING.get(reason or "", ("tidak ada", "none")),
        "pace_of": pace, "menu": MENU, "class_names": CLASS_NAMES, "credit": CREDIT, "as_of": as_of, "version": version,
    }  # fmt: skip
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
    return Writer(out, environment)


def figures_script(name: str, figures: dict[str, list]) -> str:
    """A script that hands figures to a map under a name."""
    text = json.dumps(figures, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    # Names come from the frame: nothing of them may end the script early where somebody puts it into a page.
    safe = re.sub(r"[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text)
    return f"(window.siteFigures=window.siteFigures||{{}})[{json.dumps(name)}]={safe};\n"


def gate_figure(figure: float | None) -> Markup:
    """A gate's figure with as many decimals as it has, six at most."""
    if figure is None:
        return NOT_THERE
    decimals = len(f"{figure:.6f}".rstrip("0").partition(".")[2])
    return number(figure, decimals)
