"""The model card: what was fitted on what, how well it orders, and what it must not be used for."""

from collections.abc import Iterator

from include.welfare_model.calibration import tenths
from include.welfare_model.cross_validation import FOLDS, LINEAR, TREES, Merit
from include.welfare_model.linear_model import LinearModel
from include.welfare_model.survey import Survey
from include.welfare_model.targeting_error import TargetingError
from include.welfare_model.variables import known_variables
from include.welfare_model.version import NEVER, Version


def model_card(version: Version, survey: Survey, model: LinearModel, merits: dict[str, Merit]) -> str:
    """Write the card as Markdown; the same survey gives the same text."""
    parts = (
        _summary(version, survey, merits[LINEAR]), _data(version, survey, model), _merit_table(merits),
        _error_table(merits), _calibration(survey, merits[LINEAR]), _coefficients(model),
        _limits(survey, model, merits),
    )  # fmt: skip
    return "\n".join(line for part in parts for line in (*part, ""))


def _summary(version: Version, survey: Survey, linear: Merit) -> Iterator[str]:
    [poorest] = [error for error in linear.errors["person"] if error.cut_off == 40]
    standing = "hanya ilustrasi, belum disetujui untuk dipakai" if not version.approved_by else "disetujui"
    yield f"# Model card: {version.name}"
    yield ""
    yield (
        f"**Ringkasan.** Bobot skor kesejahteraan dari {survey.households:,} rumah tangga ({survey.name}); status: "
        f"**{standing}**. Diuji pada klaster yang tidak ikut dihitung: korelasi peringkat "
        f"{linear.rank_correlation:.2f}; dari penduduk 40 persen termiskin, {poorest.exclusion_error:.0%} tidak "
        f"terjaring; dari penduduk lainnya, {poorest.inclusion_error:.0%} ikut terjaring. Skor hanya mengurutkan "
        "keluarga, bukan rupiah."
    )
    yield ""
    force = "not in force: no day was named" if version.valid_from == NEVER else f"from as-of day {version.valid_from}"
    yield f"{'ILLUSTRATIVE. ' if not version.approved_by else ''}{version.note} In force: {force}."


def _data(version: Version, survey: Survey, model: LinearModel) -> Iterator[str]:
    lines = {
        "survey": f"{survey.name}; source: {version.source}; licence: {version.licence}",
        "households": f"{survey.households:,}" + ("" if survey.is_weighted else ", unweighted"),
        "clusters": f"{survey.clusters:,}"
        + ("" if survey.is_clustered else ": none named, every household is its own"),
        "sum of household weights": f"{survey.weight.sum():,.1f}",
        "sum of person weights (household weight x hhsize)": f"{survey.persons.sum():,.1f}",
        "method": "weighted least squares of ln(consumption per head), standard errors robust to clusters",
        "variables": f"{len(survey.present('asked'))} asked, {len(survey.present('derived'))} derived, "
        f"{len(survey.present('held_at_mean'))} fitted and held at their mean",
        "R² in sample": f"{model.r2_in_sample:.4f}",
        "validation": f"{FOLDS} folds of whole clusters; every figure below is out of fold",
    }
    yield from ("## Data and method", "", "| | |", "|---|---|")
    yield from (f"| {name} | {text} |" for name, text in lines.items())


def _merit_table(merits: dict[str, Merit]) -> Iterator[str]:
    yield from (
        "## How well it predicts",
        "",
        "| model | R² | residual sd (ln) | rank correlation |",
        "|---|---:|---:|---:|",
    )
    for name, merit in merits.items():
        yield f"| {name} | {merit.r2:.4f} | {merit.residual_sd:.4f} | {merit.rank_correlation:.4f} |"


def _error_table(merits: dict[str, Merit]) -> Iterator[str]:
    yield from (
        "## Whom it misses", "",
        "exclusion = eligible, not served / eligible; inclusion = served, not eligible / not eligible; "
        "leakage = served, not eligible / served. Sums of weights.", "",
        "| poorest | of | model | exclusion | | inclusion | | leakage | |",
        "|---:|---|---|---:|---:|---:|---:|---:|---:|",
    )  # fmt: skip
    for basis in ("household", "person"):
        for name, merit in merits.items():
            yield from (_error_line(basis, name, error) for error in merit.errors[basis])


def _error_line(basis: str, model: str, error: TargetingError) -> str:
    figures = (
        (error.eligible_unserved, error.eligible, error.exclusion_error),
        (error.ineligible_served, error.ineligible, error.inclusion_error),
        (error.ineligible_served, error.served, error.leakage),
    )
    cells = " | ".join(f"{above:,.1f} / {below:,.1f} | {share:.4f}" for above, below, share in figures)
    return f"| {error.cut_off} % | {basis}s | {model} | {cells} |"


def _calibration(survey: Survey, linear: Merit) -> Iterator[str]:
    yield from (
        "## Calibration", "", "![predicted against observed](calibration.png)", "",
        f"| tenth by {LINEAR} score | predicted | observed |", "|---:|---:|---:|",
    )  # fmt: skip
    for tenth, (predicted, observed) in enumerate(tenths(survey, linear.predicted), start=1):
        yield f"| {tenth} | {predicted:.4f} | {observed:.4f} |"


def _coefficients(model: LinearModel) -> Iterator[str]:
    yield from (
        "## Weights", "", "| variable | what it is | treatment | weight | standard error | mean |",
        "|---|---|---|---:|---:|---:|",
    )  # fmt: skip
    for variable in known_variables():
        name = variable.name
        if name in model.coefficients:
            yield (
                f"| `{name}` | {variable.label} | {variable.treatment} | {model.coefficients[name]:.8f} | "
                f"{model.standard_errors[name]:.6f} | {model.means[name]:.4f} |"
            )


def _limits(survey: Survey, model: LinearModel, merits: dict[str, Merit]) -> Iterator[str]:
    yield from ("## Limits", "")
    yield "- It ranks. It is never shown as rupiah or set against a poverty line, and it is no rule of aid."
    yield "- It holds for whom the survey stands for, at the time of the survey; weights are not causes."
    within = f"{merits[LINEAR].residual_sd:.2f}"
    yield f"- Two families whose scores lie within {within} of each other are often the other way round."
    gain = merits[TREES].rank_correlation - merits[LINEAR].rank_correlation
    better = "better" if gain > 0 else "no better"
    yield f"- {TREES.capitalize()} rank {better} (rank correlation {gain:+.4f}); they are never in force."
    if model.undetermined:
        names = ", ".join(f"`{name}`" for name in model.undetermined)
        yield f"- In this survey these determine each other, so that only their sum has a meaning: {names}."
    held = survey.present("held_at_mean")
    if held:
        yield f"- The form does not ask {', '.join(held)}. A file without them gives weights that usually rank better."
