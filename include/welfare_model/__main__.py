"""Command line: ``python -m include.welfare_model --data survey.csv --out var/welfare_model``."""

import argparse
import shutil
import sys
from datetime import date
from pathlib import Path

from include.welfare_model.cross_validation import LINEAR
from include.welfare_model.fit import CARD, PLOT, Fitted, default_name, fit, write_version
from include.welfare_model.survey import read_survey
from include.welfare_model.survey_file import SurveyError
from include.welfare_model.variables import MODELS, SEEDS, WEIGHTS
from include.welfare_model.version import NEVER, Version, VersionError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make fit-pmt", description="Fit weights of the welfare score.")
    parser.add_argument("--data", type=Path, required=True, help="survey: CSV or Stata, one row per household")
    parser.add_argument("--out", type=Path, required=True, help="folder for the card, the plot and the seeds")
    parser.add_argument("--mapping", type=Path, help="YAML: our name: the survey's column")
    parser.add_argument("--weight", help="the survey's column of household weights")
    parser.add_argument("--cluster", help="the survey's column of sampling clusters")
    parser.add_argument("--version", help="name of the version; default: the file's name and digest")
    parser.add_argument("--valid-from", type=date.fromisoformat, default=NEVER, help="first as-of day; default: never")
    parser.add_argument("--source", default="not stated", help="which survey, when, where")
    parser.add_argument("--licence", default="not stated")
    parser.add_argument("--approved-by", help="who allows its use; else it is illustrative")
    parser.add_argument("--install", action="store_true", help="append the version to the project's seeds, too")
    return parser


def main(arguments: list[str] | None = None, seeds: Path = SEEDS) -> int:
    """Fit what the arguments ask for; 0, or 2 when it cannot be done."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.install and asked.valid_from == NEVER:
            raise VersionError("a version is installed with the as-of day on which it begins (VALID_FROM)")
        fitted = fit(read_survey(asked.data, asked.mapping, asked.weight, asked.cluster))
        version = Version(
            asked.version or default_name(asked.data), asked.valid_from, asked.source, asked.licence, asked.approved_by
        )
        write_version(fitted, version, asked.out, seeds)
    except (SurveyError, VersionError) as refusal:
        sys.stderr.write(f"fit-pmt refused: {refusal}\n")
        return 2
    if asked.install:
        for name in (WEIGHTS, MODELS):
            shutil.copyfile(asked.out / name, seeds / name)
    sys.stdout.write(_said(version, fitted, asked.out, installed=asked.install))
    return 0


def _said(version: Version, fitted: Fitted, out: Path, *, installed: bool) -> str:
    merit = fitted.merits[LINEAR]
    lines = [
        f"{version.name}: {fitted.survey.households:,} households, {fitted.survey.clusters:,} clusters; out of fold "
        f"R2 {merit.r2:.3f}, residual sd {merit.residual_sd:.3f}, rank correlation {merit.rank_correlation:.3f}"
    ]
    lines += [
        f"  poorest {error.cut_off} % of persons: exclusion {error.exclusion_error:.3f}, "
        f"inclusion {error.inclusion_error:.3f}"
        for error in merit.errors["person"]
    ]
    lines.append(f"  {', '.join(str(out / name) for name in (CARD, PLOT, WEIGHTS, MODELS))}")
    installed_where = f"appended to {SEEDS.name}/; `make night` scores with it from as-of day {version.valid_from} on"
    lines.append(f"  {installed_where if installed else 'not installed (INSTALL=1 VALID_FROM=<day>)'}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
