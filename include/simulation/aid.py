"""Who receives social assistance by its owners' books: likelier the poorer, with inclusion and exclusion error."""

from dataclasses import dataclass

import numpy as np

from include.simulation.draws import Draws, Flags, Floats
from include.simulation.families import Families
from include.simulation.people import People

# Chance of receipt = peak / (1 + exp(slope * (welfare - cut))): peak, slope, cut.
_PKH = (0.75, 2.2, -0.7)
_SEMBAKO = (0.75, 2.0, -0.5)
_BLT_DESA = (0.45, 2.0, -0.6)
_PBI_JKN = (0.85, 1.6, -0.1)
_PIP = (0.55, 1.8, -0.4)
_LEAK = 0.01
_INDIVIDUAL_PBI_SHARE = 0.95


@dataclass(frozen=True)
class Aid:
    """Receipt by family (PKH, Sembako, BLT Desa) and by person (PBI JKN, PIP)."""

    pkh: Flags
    sembako: Flags
    blt_desa: Flags
    pbi_jkn: Flags
    pip: Flags


def aid_of(draws: Draws, families: Families, people: People, first_day: np.datetime64) -> Aid:
    """Draw receipt as of the first field day."""
    key, latent = families.key, families.latent
    age = people.age_on(np.full(len(people.key), first_day))
    resident = people.left == 0
    has_component = np.bincount(people.family[resident & ((age < 18) | (age >= 60))], minlength=len(key)) > 0
    pkh = has_component & draws.happens("PKH", key, _chance(latent, _PKH))
    pbi = draws.happens("PBI family", key, _chance(latent, _PBI_JKN))
    pip_chance = _chance(latent[people.family], _PIP)
    return Aid(
        pkh=pkh,
        sembako=draws.happens("Sembako", key, np.where(pkh, 0.9, _chance(latent, _SEMBAKO))),
        blt_desa=(families.is_urban == 0) & ~pkh & draws.happens("BLT Desa", key, _chance(latent, _BLT_DESA)),
        pbi_jkn=resident & pbi[people.family] & draws.happens("PBI", people.key, _INDIVIDUAL_PBI_SHARE),
        pip=resident & (age >= 7) & (age <= 18) & draws.happens("PIP", people.key, pip_chance),
    )


def _chance(latent: Floats, curve: tuple[float, float, float]) -> Floats:
    peak, slope, cut = curve
    return _LEAK + (peak - _LEAK) / (1.0 + np.exp(slope * (latent - cut)))
