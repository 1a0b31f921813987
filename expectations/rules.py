"""How a suite says a rule: a figure, the side its limit stands on, what tripping it means, and an id never reused.

``base`` names the figure that counts the cases behind the rule's own: below ``<figure>_judged_from`` of them the rule
is skipped, because small numbers say nothing.
"""

from collections.abc import Callable
from typing import Any

import great_expectations.expectations as gxe
from great_expectations.expectations.metadata_types import FailureSeverity

CRITICAL, WARNING = FailureSeverity.CRITICAL, FailureSeverity.WARNING

Limit = Callable[[str], float]


def at_most(
    figure: str, limit: Limit, severity: FailureSeverity, rule: str, *, base: str | None = None, alert: bool = False
) -> gxe.ExpectColumnMaxToBeBetween:
    """Expect a figure to be no larger than the limit ``<figure>_max``."""
    name = f"{figure}_max"
    meta = _meta(figure, name, limit, rule, base) | ({"alert": True} if alert else {})
    return gxe.ExpectColumnMaxToBeBetween(column=figure, max_value=limit(name), severity=severity, meta=meta)


def at_least(
    figure: str, limit: Limit, severity: FailureSeverity, rule: str, *, base: str | None = None
) -> gxe.ExpectColumnMinToBeBetween:
    """Expect a figure to be no smaller than the limit ``<figure>_min``."""
    name = f"{figure}_min"
    meta = _meta(figure, name, limit, rule, base)
    return gxe.ExpectColumnMinToBeBetween(column=figure, min_value=limit(name), severity=severity, meta=meta)


def _meta(figure: str, limit_name: str, limit: Limit, rule: str, base: str | None) -> dict[str, Any]:
    if base is None:
        return {"rule": rule, "limit": limit_name}
    judged_from = f"{figure}_judged_from"
    limit(judged_from)
    return {"rule": rule, "limit": limit_name, "base": base, "judged_from": judged_from}
