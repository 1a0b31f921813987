"""One block of enumerators: the unit of work of a process, the same whatever the number of processes."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from include.simulation.answers import ask
from include.simulation.bundling import Bundles, bundled
from include.simulation.consultation import reranked_families
from include.simulation.defects import send_with_defects
from include.simulation.documents import Documents, documents_of, visited
from include.simulation.draws import Ints
from include.simulation.families import Province, families_of
from include.simulation.field_force import FieldForce, field_force
from include.simulation.frame import province_of, sub_sls_frame
from include.simulation.headquarters import known_families
from include.simulation.inhabitants import Inhabitants, inhabitants_of
from include.simulation.plan import Plan
from include.simulation.sending import Sent, send
from include.simulation.sheets import sheets_of
from include.simulation.shock import affected_persons
from include.simulation.territory import territory
from include.simulation.truth import Truth, truth_of

ENUMERATORS_PER_BLOCK = 500


@dataclass(frozen=True)
class Setting:
    """The province of a plan and its field force."""

    province: Province
    force: FieldForce


@lru_cache(maxsize=1)
def setting_of(plan: Plan) -> Setting:
    """Settle where the field work is and who does it; kept, as each block of a process asks for it."""
    place = territory(plan)
    return Setting(province_of(plan, place), field_force(plan, place))


def blocks(plan: Plan) -> list[tuple[int, int]]:
    """First and last (not included) enumerator of each block."""
    starts = range(0, plan.enumerators, ENUMERATORS_PER_BLOCK)
    return [(start, min(start + ENUMERATORS_PER_BLOCK, plan.enumerators)) for start in starts]


def write_block(plan: Plan, first: int, last: int, folder: Path) -> Truth:
    """Write the bundles of the enumerators first..last-1 and their part of each headquarters file."""
    setting = setting_of(plan)
    province = setting.province
    families = families_of(province, first, last)
    reached = inhabitants_of(province, visited(province, families, first, last))
    known = inhabitants_of(province, families) if plan.headquarters == "all" else reached
    documents = documents_of(province, reached.families, first, last)
    bundles, documents, bundle = bundled(plan, province.draws, reached.families, documents)
    tables = {
        "sub_sls": sub_sls_frame(province, families, first, last),
        **known_families(province, known),
        "fkp": reranked_families(province, reached.families, documents),
        "affected": affected_persons(province, reached.families, reached.people),
    }
    _write_parts(tables, folder, first)
    sent = _send(setting, reached, documents, bundles, bundle, folder)
    return truth_of(province, setting.force, reached, documents, sent)


def _send(
    setting: Setting, reached: Inhabitants, documents: Documents, bundles: Bundles, bundle: Ints, folder: Path
) -> Sent:
    answered = ask(setting.province, reached, documents)
    sheets = sheets_of(setting.province, setting.force, answered, documents, bundle, bundles)
    if not setting.province.plan.defects:
        return send(setting.province, setting.force, bundles, sheets, folder / "uploads")
    number = int(reached.families.enumerator[0]) // ENUMERATORS_PER_BLOCK
    return send_with_defects(setting.province, setting.force, bundles, sheets, folder / "uploads", number)


def _write_parts(tables: dict[str, pl.DataFrame], folder: Path, first: int) -> None:
    for table, rows in tables.items():
        parts = folder / "_parts" / table
        parts.mkdir(parents=True, exist_ok=True)
        rows.write_csv(parts / f"{first:06d}.csv", include_header=False)
